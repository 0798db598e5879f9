"""A report of what was done before is linked with it, on both pages; other reports are not."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.answers.models import AnswerKind
from portal.dossiers.commands import hand_over, solve
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.verdicts import commands
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_issue, in_days

LAT, LON = 52.3217, 4.9711
METRE = 1 / 111_320
LAMP = {"title": "The lantern at the bus stop is broken", "body": "It is dark.", "lat": LAT, "lon": LON}
LIGHT = "lantaarnpaal-straatverlichting"


def told(dossier: Dossier, verb: str) -> list[Entry]:
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb=verb)
    return list(db.session.scalars(wanted))


def test_it_stands_on_both_pages(browser: Browser) -> None:
    """Done by an authority, reported again by mail: it is linked when that report can be seen."""
    case = Case()
    old = an_issue(**LAMP)
    case.dossier = old
    hand_over(old.opener, old, to=[case.authority])
    case.answer(AnswerKind.DONE)
    with clock.at(now() + timedelta(days=34)):
        browser.mails()
        new = an_issue(**LAMP | {"title": "Lantern broken again, bus stop", "lat": LAT + 12 * METRE})
        browser.mails()
        browser.mails()
        (returned,), (came_back,) = told(new, "returned"), told(old, "came_back")
        assert returned.data == {"ref": old.ref, "metres": 12, "days": 34}
        assert came_back.data == {"ref": new.ref, "metres": 12, "days": 34}
        for one, other, words in ((new, old, "was done before"), (old, new, "reported it again")):
            browser.get(f"/d/{one.ref}")
            entry = browser.seen.select_one(
                f"#e{told(one, 'returned' if one is new else 'came_back')[0].seq}"
            )
            assert words in entry.text
            assert "34 days after it was done" in entry.text
            assert entry.select_one(f"a[href='/d/{other.ref}']").text.strip() == other.title
    commands.link(SYSTEM, new)
    assert len(told(new, "returned")) == 1
    assert first_broken(new) is None
    assert first_broken(old) is None


OTHERS: list[tuple[dict[str, Any], int, bool]] = [
    ({}, 1, True),
    ({"lat": LAT + 24 * METRE}, 180, True),
    ({"lat": LAT + 27 * METRE}, 1, False),
    ({}, 181, False),
    ({"title": "Rubbish beside the bin", "body": "Again."}, 1, False),
    ({"title": "Dark here", "body": "No lantern.", "category_slug": LIGHT}, 1, True),
    ({"title": "Lantern gone", "body": "Stolen."}, 1, False),
    ({"lat": None, "lon": None}, 1, False),
]


@pytest.mark.parametrize(("given", "days", "linked"), OTHERS)
def test_near_lately_and_in_alike_words(app: Flask, given: dict[str, Any], days: int, linked: bool) -> None:
    old = an_issue(**LAMP | {"category_slug": LIGHT})
    solve(old.opener, old)
    with clock.at(in_days(days)):
        new = an_issue(opener=a_person(), **LAMP | given)
        commands.link(SYSTEM, new)
    assert bool(told(new, "returned")) == bool(told(old, "came_back")) == linked


def test_what_is_still_open_did_not_come_back(app: Flask) -> None:
    old, new = an_issue(**LAMP), an_issue(**LAMP)
    commands.link(SYSTEM, new)
    assert not told(new, "returned")
    assert not told(old, "came_back")
