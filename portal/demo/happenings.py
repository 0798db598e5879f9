"""The demonstration as a list of happenings, each at its own moment and under its own key."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.kernel.clock import ZONE

APART = timedelta(minutes=2)
"""No two happenings share a moment, so that every timeline has one order."""


@dataclass(frozen=True)
class Happening:
    """Something that is done at a moment by `do(once)`: a command or two, submitted under this key."""

    at: datetime
    key: str
    do: Callable[[str], Any]


def moment(day: str | date, hour: float, spread: float = 0.0, key: str = "") -> datetime:
    """A moment on this day from `hour` on; `key` decides where within so many hours, always the same."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    chance = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
    minutes = int(60 * (hour + chance * spread))
    return datetime.combine(on, time(), ZONE) + timedelta(minutes=minutes)


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    """By time, and a little apart. Those at one moment keep the order in which they were given."""
    ordered: list[Happening] = []
    for happening in sorted(happenings, key=lambda h: h.at):
        earliest = ordered[-1].at + APART if ordered else happening.at
        ordered.append(replace(happening, at=max(happening.at, earliest)))
    return ordered
