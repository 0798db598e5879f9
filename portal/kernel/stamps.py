"""What the database holds at this moment, as one word: as long as it is that, a page made from it is right.

No part of the portal has to say what it changes: the database itself knows whether anything was committed, by
whichever process. SQLite counts commits; in PostgreSQL it is the snapshot that a query would read.
"""

import os
from threading import Lock
from typing import Any

from sqlalchemy import Engine

CHANGED = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}
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

    def now(self) -> Stamp | None:
        """None where the database does not answer: whoever asks it next will say so."""
        with self.lock:
            try:
                return self._read()
            except self.engine.dialect.loaded_dbapi.Error:
                self._forget()
                return None

    def _read(self) -> Stamp:
        if self.process != os.getpid():  # a connection belongs to the process that opened it
            self._open()
        found: list[Any] = []
        for query in self.queries:
            found += self.cursor.execute(query).fetchone()
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
