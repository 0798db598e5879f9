"""Somebody who works here, with a password and an app; and what the app shows."""

import pyotp

from portal.accounts import codes
from portal.accounts.models import Factor, Person
from portal.accounts.passwords import kept
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from tests.browser import Browser

PASSWORD = "stapel wolken boven Bijlmer"  # noqa: S105 (of nobody)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 (of nobody)


def with_app(person: Person) -> Person:
    """They chose PASSWORD and an app some time ago."""
    with transaction():
        given = {"password": kept(PASSWORD), "secret": codes.locked(SECRET)}
        db.session.add(Factor(person_id=person.id, **given))
    return person


def shows(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).at(clock.now(), counter_offset=later)


def is_in(browser: Browser) -> bool:
    """Whether this browser is signed in."""
    browser.get("/me")
    return browser.url == "/me"
