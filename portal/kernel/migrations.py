"""Bringing the database's tables to what this version of the code expects."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app

from portal.kernel.db import db
from portal.kernel.later import Later

command, configuring = Later("alembic.command"), Later("alembic.config")
running, scripts = Later("alembic.runtime.migration"), Later("alembic.script")

READY = 7_206
"""The number of the lock on making ready, among the advisory ones of the database."""
FOLDER = Path(__file__).parent.parent.parent / "migrations"


def config() -> Any:
    """Alembic's configuration; needs no file."""
    made = configuring.Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return made


def newest() -> str | None:
    """The revision this code expects."""
    known: str | None = scripts.ScriptDirectory.from_config(config()).get_current_head()
    return known


def knows(revision: str | None) -> bool:
    """Whether this code can bring a database at this revision to its own; not one of a newer version."""
    if revision is None:
        return True
    known = scripts.ScriptDirectory.from_config(config()).walk_revisions()
    return any(script.revision == revision for script in known)


def current() -> str | None:
    """The revision the database is at; None for an empty one."""
    with db.engine.connect() as connection:
        at: str | None = running.MigrationContext.configure(connection).get_current_revision()
        return at


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time makes tables and what must be in them; the others wait, and find it done.

    The lock goes with the process that holds it, also by `kill -9`. Not within itself.
    """
    if db.engine.dialect.name == "sqlite":
        with (Path(current_app.config["DATA_DIR"]) / "making-ready").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with db.engine.connect() as connection, connection.begin():
        # a lock of the transaction: one of the session would get lost in a pooler
        connection.execute(db.select(db.func.pg_advisory_xact_lock(READY)))
        yield


def upgrade(to: str = "head") -> None:
    _move(command.upgrade, to)


def downgrade(to: str) -> None:
    _move(command.downgrade, to)


def write(message: str) -> None:
    """Write the next migration into migrations/versions: what the models have and the tables lack."""
    number = f"{len(list((FOLDER / 'versions').glob('*.py'))) + 1:04}"
    made = config()
    with db.engine.connect() as connection:
        made.attributes["connection"] = connection
        command.revision(made, message=message, autogenerate=True, rev_id=number)


def _move(move: object, to: str) -> None:
    made = config()
    with db.engine.connect() as connection:
        made.attributes["connection"] = connection
        move(made, to)  # type: ignore[operator]
        connection.commit()
