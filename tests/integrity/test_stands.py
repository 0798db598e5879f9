"""A stand: sixty neighbours in an hour on one device, and an end to it."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.dossiers import commands
from portal.dossiers.commands import Trace
from portal.dossiers.models import Dossier, Held, Signature, Stand
from portal.dossiers.timeline import Entry
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from portal.kernel.tickets import For, ticket
from tests.browser import Browser
from tests.factories import a_person, a_petition
from tests.integrity.signing import HOME, a_visitor, confirmed, newest, nothing_is_wrong, number


@pytest.fixture
def petition(app: Flask) -> Dossier:
    return a_petition()


def address(stand: Stand) -> str:
    return f"/d/{stand.dossier.ref}/stand/{ticket(For.STAND, stand.id)}"


def told(dossier: Dossier, verb: str) -> Entry:
    db.session.expire_all()
    return db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, verb=verb)).one()


def test_sixty_sign_in_an_hour_on_one_device(petition: Dossier, either_browser: Browser) -> None:
    organiser, browser = a_person(Role.ORGANISER, of=petition.organisation), either_browser
    browser.client.environ_base["REMOTE_ADDR"] = HOME
    browser.signs_in(organiser).get(f"/d/{petition.ref}")
    browser.click("a[href$='/stands']")
    browser.submit("form[aria-labelledby=new-stand]", place="", hours="13", most="501")
    assert browser.status == 422
    assert len(browser.seen.select(".field .error")) == 3
    browser.submit("form[aria-labelledby=new-stand]", place="The metro", hours="4", most="500")
    assert told(petition, "stand_opened").data["place"] == "The metro"
    assert browser.seen.select_one("figure svg")
    browser.get(str(browser.seen.select_one("a.lamp")["href"]).removeprefix("http://localhost"))
    start = clock.now()
    for one in range(60):
        with clock.at(start + timedelta(minutes=one)):
            browser.submit("main form", name=f"Buur {one}", email=f"buur{one}@homes.example")
        assert browser.status == 200
        assert "Thank you!" in browser.seen.text
        assert browser.seen.select_one("#name")["value"] == "", "an empty form for the next one"
        signature = newest(petition)
        assert (signature.held, signature.network, signature.device) == (None, None, None)
        assert signature.person_id != organiser.id, "who signs is not who is signed in on the device"
    browser.submit("main form", name="", email="nonsense")
    assert browser.status == 422
    confirmed(newest(petition))
    assert number(petition) == 1
    browser.get(f"/d/{petition.ref}/stands")
    assert "60 signatures so far" in browser.seen.text
    browser.submit("form[action$='/close']")
    closed = told(petition, "stand_closed")
    assert (closed.data["number"], closed.data["counted"]) == (60, 1)
    assert "Stand closed" in browser.get(f"/d/{petition.ref}").text
    nothing_is_wrong(petition)


def test_the_five_hundred_and_first_waits_for_a_look(petition: Dossier, app: Flask) -> None:
    organiser = a_person(Role.ORGANISER, of=petition.organisation)
    stand = commands.open_stand(organiser, petition, place="The metro", hours=12, most=500)
    with transaction():
        for one in range(499):
            commands.sign(
                NOBODY,
                petition,
                name=f"Buur {one}",
                email=f"buur{one}@homes.example",
                trace=Trace(stand_id=stand.id),
            )
    visitor = a_visitor(app)
    for name, held in (("Vijfhonderdste", None), ("Volgende", Held.STAND)):
        visitor.get(address(stand))
        visitor.submit("main form", name=name, email=f"{name}@homes.example".lower())
        assert newest(petition).held == held
    assert "More signatures came from this stand than it was opened for." in visitor.seen.text
    assert (
        db.session.scalar(db.select(db.func.count(Signature.id)).where(Signature.stand_id == stand.id)) == 501
    )


def test_after_its_hours_it_leads_to_the_page(petition: Dossier, either_browser: Browser) -> None:
    organiser, browser = a_person(Role.ORGANISER, of=petition.organisation), either_browser
    stand = commands.open_stand(organiser, petition, place="The metro", hours=2, most=50)
    url = address(stand)
    browser.get(url)
    with clock.at(clock.now() + timedelta(hours=2, seconds=1)):
        browser.submit("main form", name="Te laat", email="telaat@homes.example")
        assert browser.status == 410
        assert "This stand is over" in browser.seen.text
        assert browser.seen.select_one(f"main a.lamp[href='/d/{petition.ref}']")
        assert db.session.scalar(db.select(db.func.count(Signature.id))) == 0
        browser.mails()  # the worker goes round
        closed = told(petition, "stand_closed")
    assert (closed.data["number"], closed.organisation_id) == (0, petition.organisation_id)
    browser.get(url.replace(str(petition.ref), str(a_petition().ref)))
    assert browser.status == 404


def test_only_its_organisers_open_and_close_one(petition: Dossier, browser: Browser) -> None:
    stand = commands.open_stand(
        a_person(Role.ORGANISER, of=petition.organisation), petition, place="The metro", hours=2, most=50
    )
    for person in (a_person(Role.ORGANISER), a_person(Role.MODERATOR), a_person()):
        browser.signs_in(person).get(f"/d/{petition.ref}/stands")
        assert browser.status == 403
        browser.post(f"/d/{petition.ref}/stands/{stand.id}/close")
        assert browser.status == 403
    assert stand.open
