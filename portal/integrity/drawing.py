"""Charts, as numbers that a template draws: beside each stands a table that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date, format_datetime

from portal.integrity.marking import is_burst
from portal.integrity.queries import Numbers
from portal.integrity.texts import rounded
from portal.kernel.clock import ZONE

HEIGHT = 100
"""Of the highest bar, and the length of the longest one."""


@dataclass(frozen=True)
class Bar:
    label: Any
    number: int
    size: float
    """From 0 to HEIGHT."""
    marked: bool = False


def bars(rows: Iterable[tuple[Any, int]], whole: int = 0) -> list[Bar]:
    """Each against the whole, or against the largest of them."""
    known = list(rows)
    most = whole or max((number for _, number in known), default=0) or 1
    return [Bar(label, number, round(min(1, number / most) * HEIGHT, 1)) for label, number in known]


@dataclass(frozen=True)
class Day:
    """One day hour by hour, the line of the usual hour, and the days beside it on which anybody signed."""

    name: str
    bars: list[Bar]
    usual: str
    usual_height: float
    before: date | None
    after: date | None


def day(numbers: Numbers, wanted: date | None) -> Day | None:
    """The day that is asked for, or the one with the busiest hour; None when nobody signed yet."""
    if not numbers.days:
        return None
    busiest = max(numbers.hours, key=lambda hour: numbers.hours[hour])
    chosen = wanted if wanted in numbers.days else busiest.astimezone(ZONE).date()
    hours = numbers.on(chosen)
    most = max(1, numbers.usual, *(number for _, number in hours))
    drawn = [
        Bar(format_datetime(hour, "HH:mm"), n, round(n / most * HEIGHT, 1), is_burst(numbers, hour))
        for hour, n in hours
    ]
    place = numbers.days.index(chosen)
    before = numbers.days[place - 1] if place else None
    after = numbers.days[place + 1] if place + 1 < len(numbers.days) else None
    height = round(numbers.usual / most * HEIGHT, 1)
    return Day(format_date(chosen, "d MMMM y"), drawn, rounded(numbers.usual), height, before, after)
