"""`portal move`: from SQLite into PostgreSQL, with a check of every table and every timeline."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from portal.command_line.checking import timelines
from portal.command_line.context import application
from portal.command_line.rows import Sum, copy, count, key_counters, self_references, summed
from portal.kernel import migrations
from portal.kernel.db import Base, db

OWN = {"alembic_version", "similar_text"}
"""Tables that no model has."""
BROKEN = "Timelines are broken, here as there: portal verify names them."
MEANWHILE = (
    "The portal was written in meanwhile, and what came since is not in the copy. For the move itself stop "
    "it first, empty the database, and begin again."
)


def _address(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        url = make_url("nothing://")
    if url.drivername.partition("+")[0] not in {"postgresql", "postgres"}:
        raise click.BadParameter("this is no address of PostgreSQL", param_hint="--to")
    return url.set(drivername="postgresql+psycopg")


@click.command()
@click.option("--to", "given", required=True, metavar="URL", help="postgresql://USER:PASSWORD@HOST/DATABASE")
def move(given: str) -> None:
    """Copy this portal from SQLite into an empty PostgreSQL, and compare every table and every timeline.

    Nothing changes here. The portal may run meanwhile, for a rehearsal: what is written then is not in the
    copy, and that is said. The uploaded files stay in the data folder.
    """
    address = _address(given).render_as_string(hide_password=False)
    with _reading() as (source, written_in):
        _prepare(address)
        _compare(_copied(source, address), address)
        with application(DATABASE_URL=address):
            total, wrong = timelines()
        meanwhile = written_in()
    click.echo(f"{total} timelines checked, {wrong} broken.")
    problems = [words for words, found in ((BROKEN, wrong), (MEANWHILE, meanwhile)) if found]
    if problems:
        raise click.ClickException(" ".join(problems))
    click.echo("All of it is there. Set PORTAL_DATABASE_URL to it, and start the portal.")


@contextmanager
def _reading() -> Iterator[tuple[Connection, Callable[[], bool]]]:
    """This portal's SQLite as it is at one moment, and whether somebody wrote since. Nobody has to wait."""
    with application():
        if db.engine.dialect.name != "sqlite":
            raise click.ClickException("This portal is not on SQLite: there is nothing to move.")
        if migrations.current() != migrations.newest():
            raise click.ClickException("The tables are not at this code's revision. First: portal migrate")
        watcher = sqlite3.connect(f"file:{db.engine.url.database}?mode=ro", uri=True)
        try:
            before = _version(watcher)
            with db.engine.connect() as connection:
                yield connection, lambda: _version(watcher) != before
        finally:
            watcher.close()


def _version(watcher: sqlite3.Connection) -> int:
    """Another number as soon as another connection has written."""
    return int(watcher.execute("PRAGMA data_version").fetchone()[0])


@contextmanager
def _target(address: str) -> Iterator[Connection]:
    engine = create_engine(address, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _prepare(address: str) -> None:
    """Make the tables, in a database that has none, or empty ones from an earlier try."""
    try:
        with _target(address) as target:
            there = set(inspect(target).get_table_names())
            ours = {table.name for table in Base.metadata.sorted_tables}
            full = any(target.scalar(db.select(db.exists().select_from(db.table(t)))) for t in there & ours)
    except OperationalError as error:
        raise click.ClickException("That database does not answer; nothing was copied.") from error
    if full or there - ours - OWN:
        raise click.ClickException("That database is not empty; nothing was copied.")
    with application(DATABASE_URL=address):
        migrations.upgrade()


def _copied(source: Connection, address: str) -> dict[str, Sum]:
    """All rows in one transaction, so that there are all of them or none; what they add up to, by table."""
    tables = Base.metadata.sorted_tables
    total, sums = sum(count(source, table) for table in tables), {}
    with _target(address) as target, click.progressbar(length=total, label="Rows", file=sys.stderr) as bar:
        target.execute(text("ALTER TABLE dossiers DISABLE TRIGGER map_followed"))  # what it notes is copied
        with _in_any_order(target):
            for table in tables:
                try:
                    sums[table.name] = copy(source, target, table, bar.update)
                except DBAPIError as error:
                    reason = type(error.orig).__name__
                    raise click.ClickException(f"{table.name} cannot be copied ({reason}).") from error
        target.execute(text("ALTER TABLE dossiers ENABLE TRIGGER map_followed"))
        _count_on(target, key_counters(source))
        target.execute(text("ANALYZE"))  # else it plans for a while as if every table were empty
        target.commit()
    return sums


@contextmanager
def _in_any_order(target: Connection) -> Iterator[None]:
    """Rows that refer to rows of the same table are looked at when all are there."""
    constraints = self_references(Base.metadata.sorted_tables)
    for table, name in constraints:
        target.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"))
    yield
    target.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in constraints:
        target.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"))


def _count_on(target: Connection, counters: dict[str, int]) -> None:
    """New rows get the numbers after those that were given here."""
    for table in Base.metadata.sorted_tables:
        if counters.get(table.name):
            sequence = text("SELECT setval(pg_get_serial_sequence(:of, 'id'), :number)")
            target.execute(sequence, {"of": table.name, "number": counters[table.name]})


def _compare(sums: dict[str, Sum], address: str) -> None:
    """Read everything again, there, and say what is not the same."""
    wrong = 0
    with _target(address) as target:
        for table in Base.metadata.sorted_tables:
            found, wanted = summed(target, table), sums[table.name]
            if found != wanted:
                wrong += 1
                click.echo(f"{table.name}: {wanted.rows} rows here and {found.rows} there, or not the same.")
    rows = sum(one.rows for one in sums.values())
    click.echo(f"{len(sums)} tables with {rows} rows compared, {wrong} differ.")
    if wrong:
        raise click.ClickException("The copy is not the same. Empty the database before another try.")
