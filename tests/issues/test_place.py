"""Where it is: searched, told by the device, or chosen; and put in its neighbourhood by its outline."""

import pytest

from portal.dossiers.models import Dossier
from portal.issues.models import Draft
from portal.kernel.db import db
from tests.browser import Browser
from tests.issues.reporting import choose_place, find_place, send, tell_what

HERE = {"lat": "52.31703", "lon": "4.97912"}
UTRECHT = {"lat": "52.0907", "lon": "5.1214"}


def kept() -> dict[str, object]:
    draft = db.session.scalars(db.select(Draft)).one_or_none()
    return dict(draft.values) if draft else {}


def texts(browser: Browser) -> list[str]:
    return [label.text for label in browser.seen.select("#issues-matches label")]


def test_places_are_found_by_a_part_of_their_name(browser: Browser) -> None:
    find_place(browser, "kraaien")
    assert browser.url.startswith("/report/where")
    assert browser.seen.select_one("#place")["value"] == "kraaien"
    assert any("Plein Kraaiennest" in text and "De Kameleon" in text for text in texts(browser))


def test_htmx_gets_the_list_alone_while_typing(browser: Browser) -> None:
    browser.js = True
    browser.get("/report/where?place=kraaien", target="div#issues-matches")
    assert browser.seen.select_one("main") is None
    assert len(texts(browser)) > 2
    assert kept() == {}


def test_an_unknown_place_is_said_to_be_unknown(browser: Browser) -> None:
    find_place(browser, "Nergenshuizen")
    assert "Nergenshuizen" in browser.seen.select_one("#issues-matches").text
    browser.submit("main form", press="button.lamp", neighbourhood="TH04")
    assert kept()["place_name"] == "Nergenshuizen"
    assert kept()["neighbourhood"] == "TH04"
    assert browser.url == "/report/what"


def test_a_street_needs_its_neighbourhood(browser: Browser) -> None:
    find_place(browser, "Bijlmerdreef")
    street = browser.seen.select_one("#issues-matches input")["value"]
    browser.submit("main form", press="button.lamp", choice=street)
    assert browser.status == 422
    assert browser.seen.select_one("#neighbourhood-error") is not None
    assert browser.seen.select_one(f"input[value='{street}']").has_attr("checked")
    browser.submit("main form", press="button.lamp", neighbourhood="TG")
    assert (kept()["place_name"], kept().get("lat"), kept()["neighbourhood"]) == ("Bijlmerdreef", None, "TG")


def test_nothing_chosen_is_told(browser: Browser) -> None:
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp")
    assert browser.status == 422
    assert browser.seen.select_one("#neighbourhood-error") is not None


def test_the_device_tells_the_place_and_it_is_shown_in_words(browser: Browser) -> None:
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", **HERE)
    assert browser.url == "/report/where"
    assert any("Kraaiennest, De Kameleon e.o." in text for text in texts(browser))
    assert browser.seen.select_one("input[name=lat]").get("value", "") == ""
    browser.submit("main form", press="button.lamp")
    assert browser.url == "/report/what"


def test_a_point_without_a_known_place_is_called_by_its_neighbourhood(browser: Browser) -> None:
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", lat="52.31336", lon="4.97905")
    assert kept()["neighbourhood"] == "TH04"
    assert any("K-buurt-Zuidwest" in text for text in texts(browser))


def test_a_point_outside_the_city_is_refused_and_the_choice_stays(browser: Browser) -> None:
    choose_place(browser)
    chosen = kept()
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", **UTRECHT)
    assert browser.status == 422
    assert "Amsterdam" in browser.seen.select_one("#errors").text
    assert kept() == chosen
    browser.submit("main form", press="button.lamp")  # the point is not sent again
    assert browser.url == "/report/what"


@pytest.mark.parametrize(
    "point", [("nan", "4.9"), ("52.3", "inf"), ("x", "y"), ("1e400", "0"), ("152.3", "4.9"), ("9" * 400, "1")]
)
def test_what_is_no_point_is_refused(browser: Browser, point: tuple[str, str]) -> None:
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", lat=point[0], lon=point[1])
    assert browser.status == 422
    assert kept() == {}


@pytest.mark.parametrize("choice", ["999999999", "9" * 40, "-1", "²", "x", "here"])
def test_a_choice_that_is_not_in_the_list_chooses_nothing(browser: Browser, choice: str) -> None:
    find_place(browser)
    form = {"place": "Kraaiennest", "choice": choice, "neighbourhood": "made up"}
    browser.post("/report/where", form)
    assert browser.status == 422
    assert "neighbourhood" not in kept()


def test_other_words_are_searched_before_the_old_choice_is_kept(browser: Browser) -> None:
    choose_place(browser)
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", place="Ganzenhoef")
    assert browser.url.startswith("/report/where")
    assert any("Ganzenhoef" in text for text in texts(browser))


def test_the_neighbourhoods_of_the_district_come_first(browser: Browser) -> None:
    browser.get("/report/where")
    groups = [group["label"] for group in browser.seen.select("#neighbourhood optgroup")]
    assert groups[0] == "Zuidoost"
    assert groups[1].startswith("Zuidoost")
    assert browser.seen.select("#neighbourhood option")[0]["value"] == ""


def test_a_report_with_only_a_neighbourhood_can_be_sent(browser: Browser) -> None:
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", neighbourhood="TH")
    tell_what(browser)
    send(browser)
    dossier = db.session.scalars(db.select(Dossier)).one()
    assert (dossier.neighbourhood_code, dossier.lat, dossier.place_name) == ("TH", None, "")
