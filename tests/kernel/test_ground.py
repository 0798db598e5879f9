"""The small parts of the ground: clock, lifecycles, policy, tickets, columns."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from flask import Flask

from portal.kernel import clock, tickets
from portal.kernel.db import db, find
from portal.kernel.errors import IllegalMove, NotAllowed, NotFound
from portal.kernel.policy import NOBODY, RULES, SYSTEM, allowed, is_system, require
from portal.kernel.states import Lifecycle
from portal.kernel.tickets import For
from tests.factories import a_person

NIGHT = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
"""In Amsterdam it is July already."""


def test_the_day_is_the_day_in_the_neighbourhood() -> None:
    with clock.at(NIGHT):
        assert (clock.now(), clock.today()) == (NIGHT, date(2026, 7, 1))
    assert clock.moved() is None


def test_the_clock_wants_to_know_where() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_a_moment_comes_back_from_the_database_as_it_went_in(app: Flask) -> None:
    elsewhere = NIGHT.astimezone(timezone(timedelta(hours=9))) + timedelta(microseconds=1)
    person = a_person(confirmed_at=elsewhere)
    assert person.confirmed_at == elsewhere
    assert person.confirmed_at.tzinfo is UTC


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        find(type(a_person()), 10**6)


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Lamp:
    state = Light.RED


def test_a_thing_moves_along_its_lifecycle_only() -> None:
    lamp, moves = Lamp(), Lifecycle(go=({Light.RED}, Light.GREEN))
    moves.make(lamp, "go")
    assert lamp.state == Light.GREEN
    with pytest.raises(IllegalMove):
        moves.make(lamp, "go")


class Do(StrEnum):
    WAVE = "tests.wave"
    UNKNOWN = "tests.unknown"


def test_a_clause_holds_when_all_of_its_rules_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, Do.WAVE, [[is_system, lambda actor, subject: subject == "flag"]])
    assert allowed(SYSTEM, Do.WAVE, "flag")
    assert not allowed(SYSTEM, Do.WAVE, "stick")
    assert not allowed(NOBODY, Do.WAVE, "flag")


def test_what_no_rule_speaks_of_is_refused() -> None:
    with pytest.raises(NotAllowed):
        require(SYSTEM, Do.UNKNOWN)


def test_a_ticket_opens_what_it_was_made_for(app: Flask) -> None:
    given = tickets.ticket(For.SIGNATURE, 7)
    assert tickets.read(For.SIGNATURE, given) == 7
    for purpose in set(For) - {For.SIGNATURE}:
        with pytest.raises(NotFound):
            tickets.read(purpose, given)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "OA" + t[2:], lambda t: t + "a", lambda t: "é", str.upper]
)
def test_a_ticket_that_was_changed_opens_nothing(app: Flask, change: "type[str]") -> None:
    with pytest.raises(NotFound):
        tickets.read(For.SIGN_IN, change(tickets.ticket(For.SIGN_IN, 7)))


def test_a_ticket_of_another_portal_opens_nothing(app: Flask) -> None:
    given = tickets.ticket(For.SIGN_IN, 7)
    app.config["SECRET_KEY"] = "another one"  # noqa: S105
    with pytest.raises(NotFound):
        tickets.read(For.SIGN_IN, given)


def test_numbers_are_given_once(app: Flask) -> None:
    """A link in an old mail carries the number of a row: it must never open a later one."""
    first = a_person()
    number = first.id
    db.session.delete(first)
    db.session.commit()
    assert a_person().id > number
