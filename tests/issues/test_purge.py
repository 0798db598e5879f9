"""What is never sent or confirmed goes, with its picture and the address behind it."""

from datetime import timedelta

from flask import Flask

from portal.accounts.commands import erase
from portal.accounts.models import Person
from portal.dossiers.models import Attachment, Dossier, Signature
from portal.dossiers.timeline import Entry
from portal.issues.models import Draft
from portal.kernel import clock, jobs, storage
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, an_issue
from tests.issues.reporting import add_photo, confirm, find_place, send, to_the_last_step, upload


def sweep(days: float) -> None:
    with clock.at(clock.now() + timedelta(days=days)):
        jobs.TASKS["issues.purge"](job_id=0)
    with clock.at(clock.now() + timedelta(days=days, hours=2)):
        jobs.work()


def rows(model: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_a_draft_goes_after_a_week_with_its_picture(browser: Browser) -> None:
    add_photo(browser)
    picture = db.session.scalars(db.select(Attachment)).one()
    files = picture.keys
    assert len(files) == 4
    assert all(storage.since(key) for key in files)
    sweep(6.9)
    assert rows(Draft) == 1
    sweep(7.1)
    assert (rows(Draft), rows(Attachment)) == (0, 0)
    assert not any(storage.since(key) for key in files)
    assert browser.get("/report/photo").select_one(".photos img") is None


def test_a_picture_that_another_report_has_too_stays(browser: Browser, app: Flask) -> None:
    to_the_last_step(browser, photo=upload())
    send(browser)
    add_photo(browser)
    kept = db.session.scalars(db.select(Attachment).where(Attachment.dossier_id.is_not(None))).one()
    sweep(8)
    assert rows(Attachment) == 1
    assert storage.get(kept.large)


def test_an_unconfirmed_report_goes_after_two_weeks_with_the_address(browser: Browser) -> None:
    to_the_last_step(browser, photo=upload())
    send(browser, "forgotten@homes.example")
    link = browser.link(browser.mails("forgotten@homes.example")[0], "/r/")
    sweep(13.9)
    assert rows(Dossier) == 1
    sweep(14.1)
    counts = [rows(model) for model in (Dossier, Entry, Signature, Attachment, Person)]
    assert counts == [0, 0, 0, 0, 0]
    browser.get(link)
    assert browser.status == 404


def test_an_old_link_never_opens_a_later_report(browser: Browser) -> None:
    to_the_last_step(browser)
    send(browser, "first@homes.example")
    link = browser.link(browser.mails("first@homes.example")[0], "/r/")
    sweep(15)
    to_the_last_step(browser)
    send(browser, "second@homes.example")
    browser.get(link)
    assert browser.status == 404


def test_a_confirmed_report_and_a_known_person_stay(browser: Browser) -> None:
    to_the_last_step(browser)
    send(browser)
    confirm(browser)
    person = a_person(email="known@homes.example")
    an_issue(opener=person)
    to_the_last_step(browser, title="Not confirmed", body="", category="overig-iets-anders")
    send(browser, "known@homes.example")
    sweep(15)
    assert rows(Dossier) == 2
    assert db.session.get(Person, person.id) is not None


def test_who_is_erased_leaves_no_draft(browser: Browser) -> None:
    person = a_person()
    browser.signs_in(person)
    add_photo(browser)
    find_place(browser, "Kraaiennest")
    assert "Kraaiennest" in browser.client.get("/me/data.json").text
    erase(person, person)
    assert (rows(Draft), rows(Attachment)) == (0, 0)
