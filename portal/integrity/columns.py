"""Hours, as each database writes them: the one place where the two differ."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class hour_of(FunctionElement[str]):
    """The hour of a moment, as text: `2026-11-28 14`, in UTC as moments are kept."""

    name = "hour_of"
    type = String()
    inherit_cache = True


@compiles(hour_of)
def _on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **more)}, 'YYYY-MM-DD HH24')"


@compiles(hour_of, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"strftime('%Y-%m-%d %H', {compiler.process(element.clauses, **more)})"


def moment(hour: str) -> datetime:
    """When this hour began."""
    return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
