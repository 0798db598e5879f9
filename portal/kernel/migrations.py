"""Bringing the database's tables to what this version of the code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.kernel.db import db

FOLDER = Path(__file__).parent.parent.parent / "migrations"


def config() -> Config:
    """Alembic's configuration; needs no file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return made


def newest() -> str | None:
    """The revision this code expects."""
    return ScriptDirectory.from_config(config()).get_current_head()


def knows(revision: str | None) -> bool:
    """Whether this code can bring a database at this revision to its own; not one of a newer version."""
    if revision is None:
        return True
    known = ScriptDirectory.from_config(config()).walk_revisions()
    return any(script.revision == revision for script in known)


def current() -> str | None:
    """The revision the database is at; None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
