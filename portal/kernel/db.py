"""The database session, the base of every model, and how SQLite is set up."""

import sqlite3
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from select import POLLIN, poll
from time import monotonic, sleep
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.types import TypeDecorator

from portal.kernel.errors import NotFound


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, always UTC, also on SQLite."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(type_annotation_map={datetime: UTCDateTime, date: Date}, metadata=metadata)


class Numbered(Base):
    """A model with a number of its own as key; all but the tables with a natural key.

    A number is given once: SQLite would give that of a removed row to the next one, and a link in an old
    mail, which carries the number, would open what is somebody else's.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.metadata.tables[cls.__tablename__].dialect_options["sqlite"]["autoincrement"] = True


def one_of(column: str, kinds: type[StrEnum]) -> str:
    """The rule of a table that this column holds one of these, for a CheckConstraint."""
    return f"{column} IN ({', '.join(repr(str(kind)) for kind in kinds)})"


Model = TypeVar("Model", bound=Base)

COPY = "copy"
"""The database that follows ours (READS_URL), among the engines; and in a session, that it reads there."""


class Reader(Session):
    """Reads where it is told to: in our database, or in the copy that follows it."""

    def get_bind(self, *given: Any, **more: Any) -> Any:
        return db.engines[COPY] if COPY in self.info else super().get_bind(*given, **more)


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": Reader})


def begun() -> bool:
    """Whether anything was read or written in this session so far: else none is made to look into it."""
    return bool(db.session.registry.has())


def read_in_copy() -> None:
    """From here on this session reads in the copy, until a command begins: that sees and changes our own."""
    db.session.info[COPY] = True


HIGHEST = 2**31 - 1
"""No row has a higher number: a higher one, from an address, does not even fit into a query."""


def find(model: type[Model], key: Any) -> Model:
    """The row with this key, or NotFound."""
    possible = not isinstance(key, int) or key <= HIGHEST
    thing = db.session.get(model, key) if possible else None
    if thing is None:
        raise NotFound(f"{model.__tablename__} {key}")
    return thing


def one(model: type[Model], **given: Any) -> Model:
    """The row with these values, or NotFound."""
    thing = db.session.scalar(db.select(model).filter_by(**given))
    if thing is None:
        raise NotFound(model.__tablename__)
    return thing


def by_another_index(column: Any) -> Any:
    """The column, by whose index SQLite is not to go: it does not know that many rows have the same value."""
    return column if db.engine.dialect.name != "sqlite" else UnaryExpression(column, operator=custom_op("+"))


def glance(statement: Any, given: dict[str, Any]) -> Any:
    """The one row that this finds, or None; read by itself, with nothing around it to begin and to end."""
    with by_itself(db.engine).connect() as connection:
        return connection.execute(statement, given).one_or_none()


@cache
def by_itself(engine: Engine) -> Engine:
    """The same engine, with statements that stand by themselves: nothing is begun and ended around them."""
    if engine.dialect.name == "sqlite":  # where every statement stands by itself, unless BEGIN was sent
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


PATIENCE = 15
"""Seconds that somebody waits who wants to write."""
LOOK_AGAIN = 0.0005
SQLITE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={PATIENCE * 1000}",
    "secure_delete=ON",
)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL, so that readers never wait; FULL, so that what was acknowledged survives a power cut.

    What is removed or changed is overwritten, so that the file, and a copy of it, holds nothing of it.
    """
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # SQLAlchemy sends BEGIN itself, below
    for pragma in SQLITE:
        connection.execute(f"PRAGMA {pragma}")


RESTED = 5.0
"""After so many seconds in the pool a connection is asked whether it is there still."""


def _rest(_connection: Any, record: Any) -> None:
    record.info["since"] = monotonic()


def _look(connection: Any, record: Any, _proxy: Any) -> None:
    """Nobody gets a connection whose server went away, and is not kept waiting for an answer each time.

    A server that ends says so, or its system does: then there is something to read. One that goes away with
    its whole machine says nothing: who rested for a while is asked. A new one is not: a pooler takes whoever
    comes, also while the database behind it is away, and the first statement says that better than this.
    """
    since = record.info.get("since")
    if since is None or (monotonic() - since < RESTED and not _something_to_read(connection)):
        return
    usual = connection.autocommit
    try:
        connection.autocommit = True  # else a transaction would be begun for it
        connection.execute("SELECT 1")
        connection.autocommit = usual
    except connection.OperationalError as error:
        raise DisconnectionError("the database closed it") from error


OF_A_SERVER = [(_rest, "checkin"), (_look, "checkout")]
"""For the pool of a database that is a server of its own: `pool_events` of its engine."""


def _something_to_read(connection: Any) -> bool:
    if connection.closed:
        return True
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    return bool(waiting.poll(0))


CHECKPOINT = (
    "PRAGMA busy_timeout=1000",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    f"PRAGMA busy_timeout={PATIENCE * 1000}",
)


def tidy(*, anew: bool = False) -> None:
    """Have SQLite empty its write-ahead file, in which what was removed still stands. Not in a command.

    Who reads or writes is not kept waiting for longer than a second: the next time does it then. `anew`:
    write the whole file anew, because what moved within it can leave remains; meanwhile nobody can write.
    """
    db.session.commit()
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    try:
        for statement in (*(["VACUUM"] if anew else []), *CHECKPOINT):
            connection.cursor().execute(statement).close()
    finally:
        connection.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A command takes the write lock at once: a read lock that is upgraded later can fail halfway."""
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    if options.get("write", False):
        take_the_pen(connection.connection.cursor())
    elif not options.get("reading", False):
        connection.exec_driver_sql("BEGIN")


def take_the_pen(sqlite: Any) -> None:
    """Begin to write with this cursor of SQLite as soon as nobody else does.

    SQLite itself looks again after 1, 2, 5, 10 and up to 100 ms, and the pen lies idle meanwhile: when many
    sign at once, that costs a fifth of the rate. When our patience is over, it says itself that it is busy.
    """
    until = monotonic() + PATIENCE
    sqlite.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                sqlite.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if monotonic() > until or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                    raise as_others_know_it(error) from error
                sleep(LOOK_AGAIN)
            else:
                return
    finally:
        sqlite.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


def as_others_know_it(error: sqlite3.Error) -> Exception:
    """What SQLite said to us and not to SQLAlchemy, as SQLAlchemy puts it; without what was given."""
    put: Exception = DBAPIError.instance(None, None, error, sqlite3.Error, hide_parameters=True)
    return put
