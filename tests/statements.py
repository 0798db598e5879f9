"""What is sent to the database while something happens."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import event

from portal.kernel.db import db

AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
"""No statements of ours: what stands around them, and is sent with SQLite's own words."""
VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b|\bNULL\b")


class _Seen(list[str]):
    """SQLAlchemy tells of what goes through it; of what goes straight to the driver SQLite itself does."""

    def __init__(self) -> None:
        super().__init__()
        self.told = False
        self.lines: list[Any] = []

    def begins(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.told = True
        if not statement.startswith("BEGIN"):
            self.append(statement)

    def ends(self, *_given: Any) -> None:
        self.told = False

    def ran(self, statement: str) -> None:
        """With its values written out, which are taken away again."""
        if not self.told and not statement.startswith(AROUND):
            self.append(VALUE.sub("?", statement))

    def lent(self, connection: Any, *_more: Any) -> None:
        if db.engine.dialect.name == "sqlite":
            connection.set_trace_callback(self.ran)
            self.lines.append(connection)

    def end(self) -> None:
        for connection in self.lines:
            connection.set_trace_callback(None)


@contextmanager
def sent() -> Iterator[list[str]]:
    """Every statement, of whatever session, while the block runs."""
    seen = _Seen()
    listeners = {
        "before_cursor_execute": seen.begins,
        "after_cursor_execute": seen.ends,
        "handle_error": seen.ends,
        "checkout": seen.lent,
    }
    with ExitStack() as stack:
        stack.callback(seen.end)
        for name, listener in listeners.items():
            event.listen(db.engine, name, listener)
            stack.callback(event.remove, db.engine, name, listener)
        yield seen
