"""How much comes in and goes out, how long it lies, what is due: as numbers of days and weeks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Organisation
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.policy import require
from portal.staff.models import Case, Part
from portal.staff.policy import Do
from portal.staff.queries.people import Staff, staff_of

WEEKS = 12
AGES = (7, 14, 28, 42, 91, 182)
"""Days up to which one bar of the ages goes; the last bar is all that is older."""


@dataclass(frozen=True)
class Flow:
    staff: Staff
    weeks: list[date]
    """Their Mondays, the oldest first; the last is this week."""
    came: Counter[date]
    went: Counter[date]
    """Monday -> how many."""
    ages: list[int]
    due: dict[date, int]
    """Day -> how many are due then: the next seven days."""
    late: int
    waiting: int
    people: Counter[int]
    groups: Counter[int]
    nobody: int
    """How many of those that wait are whose: by membership, by team without a person, nobody's."""


def flow(actor: Any, organisation: Organisation) -> Flow:
    """In five queries that read nothing but an index."""
    require(actor, Do.SEE_QUEUE, organisation)
    day, staff = today(), staff_of(organisation)
    monday = day - timedelta(days=day.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    open_ones = _by_day(organisation, Case.handed_over_on, Case.part == Part.OPEN)
    due = _by_day(organisation, Case.due_on, Case.part == Part.OPEN, Case.due_on < day + timedelta(days=7))
    whose = _whose(organisation, staff)
    return Flow(
        staff,
        weeks,
        _by_week(_by_day(organisation, Case.handed_over_on, Case.handed_over_on >= weeks[0])),
        _by_week(_by_day(organisation, Case.answered_on, Case.answered_on >= weeks[0])),
        _ages(open_ones, day),
        {day + timedelta(days=ahead): due[day + timedelta(days=ahead)] for ahead in range(7)},
        sum(number for on, number in due.items() if on < day),
        sum(open_ones.values()),
        *whose,
    )


def _by_day(organisation: Organisation, column: Any, *conditions: Any) -> Counter[date]:
    counted = db.select(column, db.func.count()).where(
        Case.organisation_id == organisation.id, column.is_not(None), *conditions
    )
    return Counter({row[0]: row[1] for row in db.session.execute(counted.group_by(column))})


def _by_week(days: Counter[date]) -> Counter[date]:
    found = Counter[date]()
    for day, number in days.items():
        found[day - timedelta(days=day.weekday())] += number
    return found


def _ages(days: Counter[date], day: date) -> list[int]:
    found = [0] * (len(AGES) + 1)
    for came, number in days.items():
        age = (day - came).days
        found[next((place for place, most in enumerate(AGES) if age < most), len(AGES))] += number
    return found


def _whose(organisation: Organisation, staff: Staff) -> tuple[Counter[int], Counter[int], int]:
    columns = Case.membership_id, Case.team_id
    counted = db.select(*columns, db.func.count()).where(
        Case.organisation_id == organisation.id, Case.part == Part.OPEN
    )
    people, groups, nobody = Counter[int](), Counter[int](), 0
    for membership_id, team_id, number in db.session.execute(counted.group_by(*columns)):
        if staff.person(membership_id) is not None:
            people[membership_id] += number
        elif staff.team(team_id) is not None:
            groups[team_id] += number
        else:
            nobody += number
    return people, groups, nobody
