"""What time it is. Everything that needs the time asks here, so that a replay or a test can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
"""The neighbourhood's zone: days (`*_on`) are days here."""

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """The moment, aware and in UTC."""
    return _moved.get() or datetime.now(UTC)


def today() -> date:
    """The day in the neighbourhood."""
    return now().astimezone(ZONE).date()


def moved() -> datetime | None:
    """The moment that `at` set here, if it did: for handing it on to another thread."""
    return _moved.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at `moment` (aware)."""
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware moment")
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
