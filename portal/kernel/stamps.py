"""What the database holds at this moment, as one word: as long as it is that, a page made from it is right.

No part of the portal has to say what it changes: the database itself knows whether anything was committed, by
whichever process. SQLite counts commits; in PostgreSQL it is the snapshot that a query would read. Snapshots
in a copy that follows do not name who is still writing: there it is how far the copy is.
"""

import os
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

CHANGED = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}
LATE = 20
"""So many seconds may a copy be late that is asked. Something is committed more often than that: each worker
writes every quarter of a minute that it is there (beats.EVERY)."""
FOLLOWED = f"""
SELECT pg_last_wal_replay_lsn()::text, ({{last}}),
    pg_is_in_recovery() AND pg_last_xact_replay_timestamp() > clock_timestamp() - interval '{LATE} s'
"""
REST = 5.0
"""Seconds before a copy that did not answer is asked again: there is another database to ask."""
Stamp = tuple[Any, Any]
"""What the database holds, and the number of what was told last."""


class Stamps:
    """Read over a connection of our own in each process, on which nothing begins and nothing ends."""

    def __init__(self, engine: Engine, last: str) -> None:
        """`last`: the query for the number of what was told last."""
        self.engine, self.lock = engine, Lock()
        self.process = 0
        self.connection: Any = None
        self.cursor: Any = None
        known = CHANGED[engine.dialect.name]
        in_one = engine.dialect.name == "postgresql"
        self.queries = [f"{known}, ({last})"] if in_one else [known, last]
        self.rest, self.rests_until = 0.0, 0.0

    def now(self) -> Stamp | None:
        """None where the database does not answer: whoever asks it next will say so."""
        with self.lock:
            if monotonic() < self.rests_until:
                return None
            try:
                return self._read()
            except (self.engine.dialect.loaded_dbapi.Error, DBAPIError):
                self._forget()
                self.rests_until = monotonic() + self.rest
                return None

    def _read(self) -> Stamp | None:
        if self.process != os.getpid():  # a connection belongs to the process that opened it
            self._open()
        found: list[Any] = []
        for query in self.queries:
            found += self.cursor.execute(query).fetchone()
        return self._fit(found)

    def _fit(self, found: list[Any]) -> Stamp | None:
        return found[0], found[1]

    def _open(self) -> None:
        lent = self.engine.raw_connection()
        connection: Any = lent.driver_connection
        lent.detach()
        if self.engine.dialect.name == "postgresql":
            connection.rollback()
            connection.autocommit = True
        self.connection, self.cursor, self.process = connection, connection.cursor(), os.getpid()

    def _forget(self) -> None:
        self.process, self.connection, self.cursor = 0, None, None

    def close(self) -> None:
        """Give the connection back, if this process has one."""
        with self.lock:
            if self.process == os.getpid():
                self.connection.close()
            self._forget()


class StampsOfCopy(Stamps):
    """Of a copy that follows a PostgreSQL; None as well where it is late, or follows nobody any more."""

    def __init__(self, engine: Engine, last: str) -> None:
        super().__init__(engine, last)
        self.queries, self.rest = [FOLLOWED.format(last=last)], REST

    def _fit(self, found: list[Any]) -> Stamp | None:
        return (found[0], found[1]) if found[2] else None
