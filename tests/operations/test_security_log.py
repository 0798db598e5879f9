"""What matters for security is a line of the log, once it is true; and no line tells who somebody is."""

import io
import json

import pytest

from portal.accounts.commands import drop_factor
from portal.accounts.commands.proving import FROM_HERE
from portal.accounts.models import Role
from portal.kernel import logs
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.kernel.security import Event, happened
from tests.accounts.working import PASSWORD, SECRET, shows, with_app
from tests.browser import Browser
from tests.factories import a_person

NAME = "Quirinxalfa Verborgen"


def events(stream: io.StringIO) -> list[tuple[str, int | None]]:
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [(line["event"], line.get("person")) for line in lines if line["logger"] == logs.SECURITY]


def by_password(browser: Browser, email: str, password: str, code: str) -> None:
    browser.get("/sign-in/password")
    browser.submit("main form", email=email, password=password, code=code)


def test_a_walk_leaves_its_lines_and_nothing_personal(browser: Browser, written: io.StringIO) -> None:
    official = with_app(a_person(Role.OFFICIAL, name=NAME))
    email, number = str(official.email), official.id
    code, next_code = shows(), shows(later=1)
    browser.get("/committee")
    by_password(browser, email, "another password", code)
    by_password(browser, email, PASSWORD, code)
    assert browser.url != "/sign-in/password"
    browser.get("/committee")
    assert browser.status == 403
    browser.get("/me/data.json")
    browser.get("/me/hide")
    browser.submit("main form")
    browser.get("/me/sessions")
    browser.post("/sign-out")
    browser.get("/sign-in")
    browser.submit("main form", email=email)
    ticket = browser.link(browser.mails(email)[-1], "/in/")
    for _ in range(2):
        browser.client.post(ticket)
    for shown in ("000000", next_code):
        browser.get("/me/prove?next=/me")
        browser.submit("main form", proof=shown)
    browser.post("/me/factor/codes")
    for _ in range(FROM_HERE + 3):  # and each try after that is no line of its own
        by_password(browser, "qxnobody@homes.example", PASSWORD, "000000")
    db.session.expire_all()
    drop_factor(SYSTEM, official)
    mine = [event for event, person in events(written) if person == number]
    inside = [Event.REFUSED, Event.EXPORTED, Event.HIDDEN, Event.SESSION_ENDED]
    again = [Event.PROOF_FAILED, Event.PROVED, Event.CODES_CHANGED]
    gone = [Event.SESSIONS_ENDED, Event.FACTOR_REMOVED]
    assert mine == [Event.APPOINTED, Event.SIGNED_IN, *inside, Event.SIGNED_IN, *again, *gone]
    nobodys = [event for event, person in events(written) if person is None]
    tries = [Event.SIGN_IN_FAILED] * FROM_HERE
    assert nobodys == [Event.REFUSED, Event.SIGN_IN_FAILED, Event.SIGN_IN_FAILED, *tries, Event.LOCKED]
    token, whole = ticket.rpartition("/in/")[2], written.getvalue()
    typed = [email, *NAME.split(), "qxnobody", PASSWORD, "another password", code, next_code]
    assert not [word for word in [*typed, SECRET, token, "127.0.0.1"] if word in whole]


def fails() -> None:
    with transaction():
        happened(Event.HIDDEN, person=1)
        raise ZeroDivisionError


def test_what_is_undone_did_not_happen(browser: Browser, written: io.StringIO) -> None:
    with pytest.raises(ZeroDivisionError):
        fails()
    assert events(written) == []
    with transaction():
        happened(Event.HIDDEN, person=1)
        assert events(written) == []
    assert events(written) == [("hidden", 1)]
