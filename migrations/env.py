"""How Alembic finds our tables and our database."""

from alembic import context
from sqlalchemy import Connection

from portal import create_app
from portal.kernel.db import Base, UTCDateTime, db


def plain_types(kind: str, thing: object, _context: object) -> str | bool:
    """Write our own column types as plain ones: a migration must not import the application."""
    return "sa.DateTime()" if kind == "type" and isinstance(thing, UTCDateTime) else False


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a model says what it is. The text of the index is the database's own: each has another one."""
    return not (kind == "table" and name is not None and name.startswith("similar_text"))


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_types,
        compare_type=True,
        include_name=ours,
        transaction_per_migration=True,  # what one has altered is locked no longer than it takes
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_app().app_context(), db.engine.connect() as connection:
        run(connection)
        connection.commit()
