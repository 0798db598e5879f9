"""Reports that were begun: gone on with from another device, and thrown away."""

from datetime import timedelta

from flask import Flask

from portal.issues.models import Draft
from portal.kernel import clock
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person
from tests.issues.reporting import WHAT, choose_place, only_dossier, tell_what


def count() -> int:
    return db.session.scalar(db.select(db.func.count(Draft.id))) or 0


def test_what_was_begun_on_the_phone_goes_on_at_the_desk(browser: Browser, app: Flask) -> None:
    person = a_person()
    phone, desk = browser.signs_in(person), Browser(app).signs_in(person)
    choose_place(phone)
    phone.submit("main form", press="button[name=suggest]", title="Begun on the phone")
    desk.get("/me")
    assert "Begun on the phone" in desk.seen.text
    desk.click("a[href^='/report/drafts/']")
    assert desk.url == "/report/what"
    assert desk.seen.select_one("input[name=title]")["value"] == "Begun on the phone"
    desk.submit("main form", press="button.lamp", category=WHAT["category"])
    desk.submit("main form", press="button.lamp")
    assert only_dossier().title == "Begun on the phone"
    assert count() == 0
    phone.get("/report/send")  # it is sent already
    assert phone.url == "/report/where"


def test_one_is_thrown_away_and_the_other_stays(browser: Browser, app: Flask) -> None:
    person = a_person()
    phone, desk = browser.signs_in(person), Browser(app).signs_in(person)
    choose_place(phone)
    with clock.at(clock.now() + timedelta(minutes=1)):
        choose_place(desk, "Ganzenhoef")
    assert desk.get("/report/what").select_one("aside a[href='/me#own-drafts']") is not None
    desk.get("/me")
    assert len(desk.seen.select("a[href^='/report/drafts/']")) == 2
    desk.submit("form[action='/report/discard']")
    assert desk.url == "/me"
    assert count() == 1
    assert "Kraaiennest" in desk.seen.text


def test_who_is_not_signed_in_throws_theirs_away_too(either_browser: Browser) -> None:
    browser = either_browser
    choose_place(browser)
    tell_what(browser, title="Not after all")
    browser.submit("form[action='/report/discard']")
    assert (browser.url, count()) == ("/", 0)
    assert "Thrown away" in browser.seen.text
    browser.post("/report/discard")  # a second tap
    assert browser.status == 200


def test_nobody_opens_or_removes_what_somebody_else_began(browser: Browser, app: Flask) -> None:
    owner, other = browser.signs_in(a_person()), Browser(app).signs_in(a_person())
    choose_place(owner)
    number = db.session.scalars(db.select(Draft.id)).one()
    other.get(f"/report/drafts/{number}")
    assert other.status == 404
    other.post("/report/discard", {"number": str(number)})
    assert count() == 1
    stranger = Browser(app)
    stranger.get(f"/report/drafts/{number}")
    assert stranger.url.startswith("/sign-in")
    stranger.post("/report/discard", {"number": str(number)})
    assert count() == 1
    for made_up in ("x", "-1", "9" * 40, "²"):
        owner.post("/report/discard", {"number": made_up})
    assert count() == 1
