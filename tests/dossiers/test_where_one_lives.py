"""In which building somebody lives: asked once, optional, remembered, never shown."""

import json

import pytest

from portal.accounts.models import Person
from portal.dossiers.models import Dossier, Signature
from portal.kernel.db import db
from tests.browser import Browser
from tests.dossiers.spreading import FLATS
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation

FORM = "#dossiers-support form"
ELSEWHERE = "TM01"


def home_under(dossier: Dossier, person: Person) -> str:
    db.session.expire_all()
    wanted = db.select(Signature.building).filter_by(dossier_id=dossier.id, person_id=person.id)
    return str(db.session.scalar(wanted))


def options(browser: Browser, of: str = FORM) -> list[str]:
    return [option["value"] for option in browser.seen.select(f"{of} [name=building] option")]


def test_a_neighbour_says_it_and_is_not_asked_again(either_browser: Browser) -> None:
    browser, person, dossier = either_browser, a_person(), an_issue()
    browser.signs_in(person).get(f"/d/{dossier.ref}")
    assert options(browser) == ["", *FLATS]
    assert not browser.seen.select_one(f"{FORM} details").has_attr("open")
    browser.submit(FORM, building="Kleiburg")
    assert home_under(dossier, person) == person.building == "Kleiburg"
    other = a_petition()
    browser.get(f"/d/{other.ref}")
    assert options(browser) == []
    browser.submit(FORM)
    assert home_under(other, person) == "Kleiburg"


def test_it_need_not_be_said(either_browser: Browser) -> None:
    person, dossier = a_person(), an_issue()
    either_browser.signs_in(person).get(f"/d/{dossier.ref}")
    either_browser.submit(FORM)
    assert home_under(dossier, person) == person.building == ""


def test_who_confirms_by_mail_is_not_asked_again(either_browser: Browser) -> None:
    browser, dossier = either_browser, an_issue()
    browser.get(f"/d/{dossier.ref}")
    browser.submit(FORM, name="N", email="n@homes.example", building="Kruitberg")
    (mail,) = browser.mails("n@homes.example")
    assert "Kruitberg" not in mail.as_string()
    person = db.session.scalars(db.select(Person).filter_by(email="n@homes.example")).one()
    assert person.building == ""
    browser.get(browser.link(mail, "/s/"))
    browser.submit("main form", press="button.lamp")
    assert "Kruitberg" not in browser.seen.text
    assert home_under(dossier, person) == person.building == "Kruitberg"


def test_only_buildings_of_the_neighbourhood_are_offered(browser: Browser) -> None:
    an_organisation("core", neighbourhood_code=ELSEWHERE, buildings=["Wamelhof"])
    an_organisation("core", buildings=["Kraaienest"])
    browser.get(f"/d/{an_issue().ref}")
    assert options(browser) == sorted(["", *FLATS, "Kraaienest"])
    browser.get(f"/d/{an_issue(neighbourhood_code=ELSEWHERE).ref}")
    assert options(browser) == ["", "Wamelhof"]
    browser.get(f"/d/{an_issue(neighbourhood_code='TC02').ref}")
    assert not browser.seen.select(f"{FORM} [name=building]")


@pytest.mark.parametrize("made_up", ["My villa", "x" * 5000, "kleiburg"])
def test_a_building_that_does_not_exist_is_refused(either_browser: Browser, made_up: str) -> None:
    browser, person, dossier = either_browser, a_person(), an_issue()
    browser.signs_in(person).get(f"/d/{dossier.ref}")
    browser.submit(FORM, building=made_up)
    assert browser.status == 422
    assert browser.seen.select_one(f"{FORM} details").has_attr("open")
    assert "Choose a building from the list." in browser.seen.select_one("#building-error").text
    assert home_under(dossier, person) == "None"


def test_a_form_from_before_that_did_not_ask_still_counts(browser: Browser) -> None:
    person, dossier = a_person(), an_issue()
    browser.signs_in(person).post(f"/d/{dossier.ref}/signatures", {"once": "kept"})
    assert (browser.status, home_under(dossier, person)) == (200, "")


def test_it_can_be_changed_on_ones_own_page(either_browser: Browser) -> None:
    browser, person = either_browser, a_person()
    browser.signs_in(person).get("/me")
    groups = {
        g["label"]: [o["value"] for o in g.select("option")]
        for g in browser.seen.select("#building optgroup")
    }
    assert groups == {"K-buurt": FLATS}
    browser.submit("form[action='/me']", building="Kempering")
    assert browser.seen.select_one("#building option[selected]")["value"] == "Kempering"
    db.session.expire_all()
    assert person.building == "Kempering"
    browser.submit("form[action='/me']", building="Atlantis")
    assert (browser.status, person.building) == (422, "Kempering")
    browser.get("/me")
    browser.submit("form[action='/me']", building="")
    db.session.expire_all()
    assert person.building == ""


def test_ones_own_file_has_it_and_forgetting_takes_it_away(browser: Browser) -> None:
    person, dossier = a_person(building="Kortvoort"), an_issue()
    a_signature(dossier, person)
    browser.signs_in(person).get("/me/data.json")
    data = json.loads(browser.response.text)
    assert data["account"]["building"] == "Kortvoort"
    assert [signature["building"] for signature in data["signatures"]] == ["Kortvoort"]
    browser.get("/me/erase")
    browser.submit("form.panel", sure="y")
    db.session.expire_all()
    assert person.building == ""
    assert set(db.session.scalars(db.select(Signature.building).filter_by(dossier_id=dossier.id))) == {""}
