"""Rows of a table, as they are copied into another engine, and what they add up to, the same on both."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, MetaData, Table, Text, cast, func, insert, select, text

AT_ONCE = 1000
ROUND = 2**128


class Sum(NamedTuple):
    """How many rows, and a sum over their digests: the same whatever their order, another if one differs."""

    rows: int = 0
    digest: int = 0

    def add(self, row: Sequence[Any]) -> "Sum":
        content = json.dumps(list(row), default=str, ensure_ascii=False).encode()
        number = int.from_bytes(hashlib.sha256(content).digest()[:16])
        return Sum(self.rows + 1, (self.digest + number) % ROUND)


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _batches(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    """The rows, as both engines have them. JSON as text: nothing and JSON's own `null` are not the same."""
    columns = [cast(c, Text).label(c.name) if _is_json(c) else c for c in table.columns]
    found = connection.execution_options(yield_per=AT_ONCE).execute(select(*columns).select_from(table))
    places = [place for place, column in enumerate(table.columns) if _is_json(column)]
    for part in found.partitions():
        rows = [list(row) for row in part]
        for row in rows:
            for place in places:
                row[place] = None if row[place] is None else _same(row[place])
        yield rows


def _is_json(column: Any) -> bool:
    return isinstance(column.type, JSON)


def _same(words: str) -> str:
    return json.dumps(json.loads(words))


def summed(connection: Connection, table: Table) -> Sum:
    """What the rows of a table add up to."""
    total = Sum()
    for rows in _batches(connection, table):
        for row in rows:
            total = total.add(row)
    return total


def copy(source: Connection, target: Connection, table: Table, copied: Callable[[int], None]) -> Sum:
    """Put all rows of a table into the same one of another engine; what those that were read add up to."""
    own = table.to_metadata(MetaData())
    for column in own.columns:
        if _is_json(column):
            column.type = JSON(none_as_null=True)
    total = Sum()
    for rows in _batches(source, table):
        for row in rows:
            total = total.add(row)
        target.execute(insert(own), [_given(own, row) for row in rows])
        copied(len(rows))
    return total


def _given(table: Table, row: Sequence[Any]) -> dict[str, Any]:
    """By column; JSON read again, with its own `null` where that stood."""
    given = dict(zip(table.columns.keys(), row, strict=True))
    for column in table.columns:
        words = given[column.name]
        if _is_json(column) and words is not None:
            given[column.name] = JSON.NULL if words == "null" else json.loads(words)
    return given


def self_references(tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Table and name of each constraint by which rows refer to rows of the same table, in whatever order."""
    return [
        (table.name, str(constraint.name))
        for table in tables
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
    ]


def key_counters(source: Connection) -> dict[str, int]:
    """Table -> the highest number that SQLite gave: none is given again, not that of a removed row either."""
    return {row[0]: row[1] for row in source.execute(text("SELECT name, seq FROM sqlite_sequence"))}
