"""What is away for a while: the database, room on the disk, the files. Nobody did wrong; it comes back."""

import errno
import logging
import time
from enum import StrEnum
from types import TracebackType

from sqlalchemy.exc import DBAPIError, PendingRollbackError, TimeoutError

from portal.kernel.db import db

log = logging.getLogger(__name__)


class Away(StrEnum):
    DATABASE = "database"
    ROOM = "room"
    FILES = "files"


SQLITE = {
    "SQLITE_FULL": Away.ROOM,
    "SQLITE_IOERR": Away.FILES,
    "SQLITE_CANTOPEN": Away.FILES,
    "SQLITE_READONLY": Away.FILES,
}
POSTGRESQL = {
    "08": Away.DATABASE,
    "57P01": Away.DATABASE,
    "57P02": Away.DATABASE,
    "57P03": Away.DATABASE,
    "53300": Away.DATABASE,
    "25006": Away.DATABASE,
    "53100": Away.ROOM,
    "58": Away.FILES,
}
"""How the code of an error begins: connection, shut down, starting, too many, a replica; disk full; input and
output.
"""
SYSTEM = {
    errno.ENOSPC: Away.ROOM,
    errno.EDQUOT: Away.ROOM,
    errno.EFBIG: Away.ROOM,
    errno.EROFS: Away.FILES,
    errno.EACCES: Away.FILES,
    errno.EPERM: Away.FILES,
    errno.EIO: Away.FILES,
    errno.ESTALE: Away.FILES,
    errno.ENOTDIR: Away.FILES,
}
LONGEST_REST = 5.0
"""Seconds between two looks whether it is back."""


def away(error: BaseException | None) -> Away | None:
    """What this error says is away; None for every other error, which somebody has to mend."""
    if isinstance(error, TimeoutError | PendingRollbackError):  # none was free, or it broke off before
        return Away.DATABASE
    if isinstance(error, DBAPIError):
        return Away.DATABASE if error.connection_invalidated else _by_code(error.orig)
    if isinstance(error, OSError):
        return SYSTEM.get(error.errno or 0)
    return None


def _by_code(error: BaseException | None) -> Away | None:
    name = getattr(error, "sqlite_errorname", None)
    if name is not None:
        return next((what for begin, what in SQLITE.items() if name.startswith(begin)), None)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return next((what for begin, what in POSTGRESQL.items() if state.startswith(begin)), None)
    unreachable = type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError"
    return Away.DATABASE if unreachable else None  # there was nobody to give it a code


def let_go(_error: BaseException | None = None) -> None:
    """Give up what the session had under way, also over a connection that broke off meanwhile.

    Closing it would say goodbye to the database first, and raise when that is gone: after a page was made.
    """
    try:
        db.session.remove()
    except DBAPIError as error:
        if away(error) is None:
            raise
        db.session().invalidate()
        db.session.remove()


class Outage:
    """Around one round of what goes on for ever: an outage is borne, and waited out longer and longer.

    Anything else that is raised inside goes on upwards.
    """

    def __init__(self) -> None:
        self.since, self.rest = 0.0, 0.5

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self._over()
            return False
        what = away(error)
        if what is None:
            return False
        if not self.since:
            self.since = time.monotonic()
            log.warning("away: %s (%s). The work goes on when it is back.", what, type(error).__name__)
        time.sleep(self.rest)
        self.rest = min(self.rest * 2, LONGEST_REST)
        return True

    def _over(self) -> None:
        if self.since:
            log.warning("back after %.0f s", time.monotonic() - self.since)
        self.since, self.rest = 0.0, 0.5
