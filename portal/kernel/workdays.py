"""Days that count for a term: Monday to Friday, without those of the Dutch Algemene termijnenwet, article 3.

Those are New Year, Good Friday, Easter and Whit Monday, Ascension, Christmas, King's Day and 5 May.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from holidays.constants import OPTIONAL, PUBLIC


@cache
def _free(year: int, language: str) -> dict[date, str]:
    return dict(holidays.NL(years=year, categories=(PUBLIC, OPTIONAL), language=language))


def holiday(day: date, language: str = "nl") -> str | None:
    """The name of the holiday on this day, in `nl` or `en`, if there is one."""
    return _free(day.year, "nl" if language == "nl" else "en_US").get(day)


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and holiday(day) is None


def last_of_month(day: date) -> date:
    """The last day of the month in which this day lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True)
class Term:
    """A sum that can be shown: from the day after `start`, `days` days count; `skipped` weekdays did not."""

    start: date
    days: int
    due: date
    skipped: tuple[date, ...]
    calendar: bool


def term(start: date, days: int, *, calendar: bool = False) -> Term:
    """When `days` (at least 1) working days after `start` are over; with `calendar`, when as many days are.

    A term in calendar days that would end on a free day ends on the next working day (article 1 of that law).
    """
    if days < 1:
        raise ValueError("a term has at least one day")
    due, counted, skipped = start, 0, []
    while counted < days or (calendar and not is_workday(due)):
        due += timedelta(days=1)
        free = holiday(due) is not None and due.weekday() < 5
        if free:
            skipped.append(due)
        if calendar or is_workday(due):
            counted += 1
    return Term(start, days, due, tuple(skipped) if not calendar else (), calendar)
