"""A calendar of due dates, read back by the library and, for what it is strict about, byte by byte."""

from datetime import date

from flask import Flask
from icalendar import Calendar

from portal.dossiers import commands as dossiers
from portal.kernel import clock
from portal.terms.commands import extend
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_organisation
from tests.terms.making import days, moment
from tests.terms.reckoning import due

START = date(2026, 3, 2)
DUE = due(START, 30, False)


def events(browser: Browser, address: str) -> dict[str, object]:
    """Summary -> event, of what a calendar program gets without signing in."""
    visitor = Browser(browser.app)
    visitor.get(address)
    assert (visitor.status, visitor.response.mimetype) == (200, "text/calendar")
    raw = visitor.response.data
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75, "long lines are folded"
    found = Calendar.from_ical(raw)
    assert (found["version"], found["method"]) == ("2.0", "PUBLISH")
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def address_of(browser: Browser, key: str) -> str:
    browser.get(f"/calendar/{key}")
    field = browser.seen.select_one("#address")
    return str(field["value"]) if field else ""


def test_an_authority_and_a_platform_subscribe(browser: Browser) -> None:
    with clock.at(moment(START)):
        case = Case()
        case.dossier.title = "Licht, lucht; en “één” heel lange titel met\nnieuwe regel en \\ tekens " * 2
        letter = {"what": "invitation", "to": case.authority, "awaits_answer": True}
        dossiers.tell(case.organiser, case.dossier, text="Come.", **letter)
        far = case.another([an_organisation()])
    with clock.at(moment(START + days(3))):
        browser.signs_in(case.official)
        assert address_of(browser, case.authority.key) == ""
        browser.submit()
        address = address_of(browser, case.authority.key)
        found = events(browser, address)
        assert len(found) == 2, "nothing of another authority"
        event = next(event for summary, event in found.items() if case.authority.name in summary)
        assert case.dossier.title in str(event["summary"])
        assert (event["dtstart"].dt, event["dtstart"].params["VALUE"]) == (DUE, "DATE")
        assert event["dtend"].dt == DUE + days(1)
        assert event["dtstamp"].to_ical() == b"20260302T090000Z"
        assert event["url"].endswith(f"/d/{case.dossier.ref}#to-whom")
        assert "30 working days" in event["description"]
        assert any("Invitation, 2 March 2026" in summary for summary in found)
        uids = {str(event["uid"]) for event in found.values()}
        until = due(DUE, 5, False)
        extend(case.official, case.dossier, organisation=case.authority, until=until, reason="We measure.")
        again = events(browser, address)
        moved = next(event for event in again.values() if event["uid"] == str(found_uid(found, case)))
        assert {str(event["uid"]) for event in again.values()} == uids, "the same events, not new ones"
        assert (moved["dtstart"].dt, moved["sequence"]) == (until, event["sequence"] + 1)
        case.answer()
        assert len(events(browser, address)) == 1, "what is answered leaves it; the letter still waits"
        browser.signs_in(case.organiser)
        browser.get(f"/calendar/{case.platform.key}")
        browser.submit()
        seen = events(browser, address_of(browser, case.platform.key))
    assert {str(far.ref) in summary for summary in seen} == {True, False}
    assert len(seen) == 2


def found_uid(found: dict[str, object], case: Case) -> str:
    return next(event["uid"] for summary, event in found.items() if case.authority.name in summary)


def test_a_new_address_ends_the_old_one(browser: Browser, app: Flask) -> None:
    case = Case()
    browser.signs_in(case.official).get(f"/calendar/{case.authority.key}")
    browser.submit()
    first = address_of(browser, case.authority.key)
    browser.submit()
    second = address_of(browser, case.authority.key)
    assert first != second
    visitor = Browser(app)
    visitor.get(first)
    assert visitor.status == 404
    assert len(events(browser, second)) == 1
    tag = Browser(app)
    tag.get(second)
    tag.get(second, headers={"If-None-Match": tag.headers["ETag"]})
    assert tag.status == 304
    visitor.get(second.replace(".ics", "x.ics"))
    assert visitor.status == 404
    for person in (
        a_person("official"),
        a_person("moderator"),
        a_person("member"),
        a_person(),
        case.organiser,
    ):
        visitor.signs_in(person).get(f"/calendar/{case.authority.key}")
        assert visitor.status == 403
