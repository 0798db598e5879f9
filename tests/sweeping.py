"""A PostgreSQL database as it was at first: by removing what was written since, which is faster than a copy.

What the template holds must be as it was, to the row; else, and every so often, the copy is made anew.
"""

from typing import Any

import psycopg

OFTEN = 150
"""So often what is removed may lie in the tables, as nobody cleans up here."""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
BUILT = "SELECT count(*), max(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
NUMBERS = "SELECT sequencename, last_value, start_value FROM pg_sequences ORDER BY sequencename"
NOBODY_WAITS = "-c lock_timeout=2000 -c session_replication_role=replica"
"""A transaction that a test left open makes it fail; no trigger looks whether another row still needs one."""
Rows = list[tuple[Any, ...]]


class Sweeper:
    """Of one database: `sweep` removes what was written since this was made, or says that it cannot."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True, options=NOBODY_WAITS)
        self.swept = 0
        tables = [name for (name,) in self._ask(TABLES)]
        full = set(self._which(tables))
        self.empty = [name for name in tables if name not in full]
        self.looks = " UNION ALL ".join(_look(name) for name in self.empty)
        self.counts = " UNION ALL ".join(
            f"SELECT count(*), max(xmin::text::bigint) FROM {name}"  # noqa: S608 (a name of ours)
            for name in sorted(full)
        )
        self.first, self.numbers = self._filled(), self._ask(NUMBERS)

    def sweep(self) -> bool:
        self.swept += 1
        try:
            if self.swept > OFTEN or self._filled() != self.first:
                return False
            written = [f"DELETE FROM {name};" for (name,) in self._ask(self.looks)]  # noqa: S608
            both = zip(self.numbers, self._ask(NUMBERS), strict=True)
            back = [_counts_on(*first) for first, now in both if first != now]
            self.connection.execute("".join([*written, *back]).encode())
        except psycopg.Error:
            return False
        return True

    def close(self) -> None:
        self.connection.close()

    def _ask(self, query: str) -> Rows:
        return self.connection.execute(query.encode(), prepare=True).fetchall()

    def _which(self, tables: list[str]) -> list[str]:
        return [name for (name,) in self._ask(" UNION ALL ".join(map(_look, tables)))]

    def _filled(self) -> Rows:
        return self._ask(BUILT) + self._ask(self.counts)


def _look(table: str) -> str:
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608


def _counts_on(sequence: str, last: int | None, start: int) -> str:
    return f"SELECT setval('{sequence}', {start if last is None else last}, {last is not None});"
