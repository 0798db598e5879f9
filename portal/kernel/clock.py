"""What time it is. Everything that needs the time asks here, so that a replay or a test can move it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
"""The neighbourhood's zone: days (`*_on`) are days here."""

log = logging.getLogger(__name__)

JUMP = timedelta(hours=1)
"""So much is a jump; what a clock is wrong by otherwise is less."""

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


class SteadyClock:
    """Notes when the machine's clock is moved while we run. A machine that slept did not jump.

    What is old is removed for good: a clock that jumps a year ahead must not have everything removed.
    """

    def __init__(self) -> None:
        self.ahead, self.well = self._ahead(), True

    def _ahead(self) -> timedelta:
        """By how much the clock is ahead of one that nobody can set."""
        steady = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        return timedelta(seconds=now().timestamp() - time.clock_gettime(steady))

    def steady(self) -> bool:
        """Whether it goes as it did. A jump ahead is believed by who starts anew, a jump back at once."""
        moved = self._ahead() - self.ahead
        if moved < -JUMP:
            self.ahead, self.well = self._ahead(), False
            log.warning("The clock was set back by %s.", -moved)
            return False
        if self.well and moved > JUMP:
            log.warning("The clock jumped ahead by %s: nothing is removed until it is right again.", moved)
        self.well = moved <= JUMP
        return self.well
