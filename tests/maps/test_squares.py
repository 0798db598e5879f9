"""What the worker counts beforehand for those who look from afar is what counting there and then gives."""

import random
from typing import Any

import pytest
from flask import Flask

from portal.dossiers import commands as of_dossiers
from portal.dossiers.models import Dossier
from portal.kernel import jobs
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.maps import commands
from portal.maps.models import Change, Square
from portal.maps.queries import astray
from tests.browser import Browser
from tests.command_line.asking import portal
from tests.factories import a_person, a_petition, a_plan, an_issue

BOX = (4.95, 52.30, 5.00, 52.33)
ZOOMS = range(9, 17)
FILTERS = ("", "&neighbourhood=K", "&kind=issue", "&state=solved", "&kind=plan&state=gathering")


def seen(browser: Browser, more: str = "") -> list[Any]:
    """At each zoom that a map can have, what it shows."""
    found = []
    for zoom in ZOOMS:
        browser.get(f"/map.json?bbox={','.join(map(str, BOX))}&zoom={zoom}{more}")
        assert browser.response is not None
        found.append(browser.response.json["groups"])  # type: ignore[index]
    return found


def everything(browser: Browser) -> list[Any]:
    return [seen(browser, more) for more in FILTERS]


def scattered(number: int, chance: random.Random) -> None:
    opener = a_person()
    west, south, east, north = BOX
    with transaction():
        for _ in range(number):
            point = {"lat": chance.uniform(south, north), "lon": chance.uniform(west, east)}
            make = chance.choice([an_issue, an_issue, a_plan, a_petition])
            code = chance.choice(["K", "TH01", "TM01", None])
            made = make(opener=opener, neighbourhood_code=code, **point)
            if chance.random() < 0.3:  # another one on the same spot
                make(opener=opener, neighbourhood_code=code, lat=made.lat, lon=made.lon)


def test_whether_they_are_added_up_already_is_not_to_be_seen(app: Flask, browser: Browser) -> None:
    chance = random.Random(4)  # noqa: S311 (no secret)
    scattered(40, chance)
    at_first = everything(browser)
    dossiers = list(db.session.scalars(db.select(Dossier).order_by(Dossier.id)))
    for groups in at_first[0]:
        assert sum(group[2] for group in groups) == len(dossiers)
    assert commands.count(SYSTEM, None, most=30) == 30
    assert everything(browser) == at_first
    while commands.count(SYSTEM, None):
        pass
    assert everything(browser) == at_first
    moderator = a_person("moderator")
    for dossier in dossiers[:8]:
        of_dossiers.hide(moderator, dossier, reason="It names somebody.")
    with transaction():
        for dossier in dossiers[8:16]:
            dossier.state = "solved"
        for dossier in dossiers[16:24]:
            dossier.lat, dossier.lon = dossiers[30].lat, dossiers[30].lon
        for dossier in dossiers[24:30]:
            dossier.neighbourhood_code = "TM01"
    changed = everything(browser)
    assert changed != at_first
    for groups in changed[0]:
        assert sum(group[2] for group in groups) == len(dossiers) - 8
    commands.count(SYSTEM, None, most=11)
    assert everything(browser) == changed
    jobs.work()
    assert everything(browser) == changed
    assert db.session.scalar(db.select(db.func.count(Change.id))) == 0


def test_what_leaves_takes_its_squares_along(app: Flask) -> None:
    issue = an_issue(lat=52.3145, lon=4.9785)
    jobs.work()
    assert db.session.scalar(db.select(db.func.count(Square.number))) > 0
    of_dossiers.hide(a_person("moderator"), issue, reason="It names somebody.")
    jobs.work()
    assert db.session.scalar(db.select(db.func.count(Square.number))) == 0


def test_between_two_lies_nobody(app: Flask, browser: Browser) -> None:
    """Three in a row, told as one: the middle of the outer two is the spot of the third."""
    for column in (-1, 0, 1):
        an_issue(lat=52.3145, lon=4.9785 + column * 360 / 2**22)
    assert [(group[2], group[3]) for group in seen(browser)[0]] == [(3, [])]


def test_what_is_wrong_is_found_and_counted_anew(app: Flask, browser: Browser) -> None:
    scattered(10, random.Random(5))  # noqa: S311 (no secret)
    jobs.work()
    right = everything(browser)
    assert astray() == 0
    with transaction():
        db.session.execute(db.update(Square).values(number=Square.number + 1))
    assert everything(browser) != right
    assert astray() > 0
    commands.count_anew(SYSTEM, None)
    assert (astray(), everything(browser)) == (0, right)
    jobs.work()
    assert (astray(), everything(browser)) == (0, right)


def test_the_commands_say_and_mend_it(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", own_app.config["DATA_DIR"])
    monkeypatch.setenv("PORTAL_DATABASE_URL", own_app.config["DATABASE_URL"])
    an_issue(lat=52.3145, lon=4.9785)
    with transaction():
        db.session.execute(db.delete(Change))
    asked = portal("verify")
    assert (asked.exit_code, "24 squares" in asked.output) == (1, True), asked.output
    assert "1 dossiers were counted" in portal("map", "recount").output
    asked = portal("verify")
    assert asked.exit_code == 0, asked.output
