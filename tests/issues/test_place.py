"""Where it is: searched, told by the device, or chosen; and put in its neighbourhood by its outline."""

import pytest

from portal.dossiers.models import Dossier
from portal.issues.models import Draft
from portal.kernel.commands import transaction
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


def test_only_neighbourhoods_of_the_district_are_in_the_list(browser: Browser) -> None:
    browser.get("/report/where")
    names = [option.text for option in browser.seen.select("#neighbourhood option")]
    assert "K-buurt" in names
    assert len(names) < 30
    assert browser.seen.select("#neighbourhood option")[0]["value"] == ""


def test_a_neighbourhood_elsewhere_is_found_by_its_name(browser: Browser) -> None:
    find_place(browser, "Jordaan")
    (jordaan,) = [label for label in browser.seen.select("#issues-matches label") if "whole" in label.text]
    browser.submit("main form", press="button.lamp", choice=jordaan.select_one("input")["value"])
    assert browser.url == "/report/what"
    assert kept()["neighbourhood"] == jordaan.select_one("input")["value"]


def test_a_building_is_chosen_without_typing(browser: Browser) -> None:
    browser.get("/report/where")
    assert "Kikkenstein" in browser.seen.select_one("#building").text
    browser.submit("main form", press="button.lamp", building="Kikkenstein")
    assert browser.url == "/report/what"
    assert (kept()["place_name"], kept()["neighbourhood"]) == ("Kikkenstein", "TG02")
    browser.get("/report/where")
    assert "Kikkenstein, Bijlmermuseum-Zuid" in browser.seen.select_one(".message.good").text
    browser.submit("main form", press="button.lamp", building="Klieverink")  # another one after all
    assert kept()["place_name"] == "Klieverink"


def test_a_street_that_is_a_building_needs_no_neighbourhood(browser: Browser) -> None:
    find_place(browser, "Kruitberg")
    named = [label for label in browser.seen.select("#issues-matches label") if "street" in label.text]
    first = next(label for label in named if label.text.strip().startswith("KruitbergA"))
    browser.submit("main form", press="button.lamp", choice=first.select_one("input")["value"])
    assert kept()["neighbourhood"] == "TG02"


def test_a_building_of_nowhere_is_refused(browser: Browser) -> None:
    browser.post("/report/where", {"building": "Nergenshuizen"})
    assert browser.status == 422
    assert kept() == {}


def test_the_place_of_the_photo_is_offered_in_words(browser: Browser) -> None:
    find_place(browser, "Kraaiennest")
    with transaction():
        draft = db.session.scalars(db.select(Draft)).one()
        draft.values = {"photo_lat": 52.31703, "photo_lon": 4.97912}
    browser.get("/report/where")
    assert "Kraaiennest" in browser.seen.select_one("form .panel").text
    assert "neighbourhood" not in kept()  # offered, not taken
    browser.submit("main form", press="button[name=by_photo]")
    assert browser.url == "/report/where"
    assert "Kraaiennest" in browser.seen.select_one(".message.good").text
    assert browser.seen.select_one("form .panel") is None
    assert kept()["lat"] == 52.31703


def test_a_photo_from_elsewhere_offers_no_place(browser: Browser) -> None:
    find_place(browser, "Kraaiennest")
    with transaction():
        draft = db.session.scalars(db.select(Draft)).one()
        draft.values = {"photo_lat": 43.467, "photo_lon": 11.885}
    assert browser.get("/report/where").select_one("form .panel") is None
    browser.post("/report/where", {"by_photo": "1"})
    assert browser.status == 422


def test_a_report_with_only_a_neighbourhood_can_be_sent(browser: Browser) -> None:
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", neighbourhood="TH")
    tell_what(browser)
    send(browser)
    dossier = db.session.scalars(db.select(Dossier)).one()
    assert (dossier.neighbourhood_code, dossier.lat, dossier.place_name) == ("TH", None, "")
