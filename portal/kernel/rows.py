"""Rows that are added at once, at a fifth of what objects cost: for where many come at a time."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Connection,
    Dialect,
    Engine,
    Select,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portal.kernel.db import Base, as_others_know_it, begun, by_itself, db, take_the_pen

Model = TypeVar("Model", bound=Base)


class _Adding:
    """How a row with these columns is added, put into words once: that takes longer than adding it."""

    def __init__(self, model: type[Base], names: tuple[str, ...], dialect: Dialect, new: bool) -> None:
        table, defaults = model.metadata.tables[model.__tablename__], _defaults(model, names)
        self.defaults = list(defaults.items())
        adding: Any = (sqlite_insert if dialect.name == "sqlite" else postgresql.insert)(table)
        adding = adding.on_conflict_do_nothing() if new else adding
        self.tells = new or dialect.name != "sqlite"
        adding = adding.returning(*table.primary_key) if self.tells else adding
        compiled = adding.compile(dialect=dialect, column_keys=[*names, *defaults])
        self.statement, self.order = str(compiled), getattr(compiled, "positiontup", None)
        types = {name: table.columns[name].type for name in (*names, *defaults)}
        writers = {name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in types.items()}
        self.writers = [(name, write) for name, write in writers.items() if write]

    def parameters(self, given: dict[str, Any]) -> Any:
        """Changes what is given to what the driver wants."""
        for name, default in self.defaults:
            given[name] = default.arg(None) if default.is_callable else default.arg
        for name, write in self.writers:
            given[name] = write(given[name])
        return tuple(given[name] for name in self.order) if self.order else given


def _defaults(model: type[Base], names: Sequence[str]) -> dict[str, Any]:
    """What the columns that are not named get by themselves."""
    columns = model.metadata.tables[model.__tablename__].columns
    return {column.key: column.default for column in columns if column.key not in names and column.default}


_adding = cache(_Adding)


def add_row(model: type[Base], /, **given: Any) -> Any:
    """Add a row at once, in the transaction under way; gives its key."""
    return _add(db.session.connection(), model, given, new=False)


def add_new(model: type[Base], /, **given: Any) -> Any:
    """The same for what may be there already: then nothing is added, and there is no key.

    Who adds it at the same moment is waited for.
    """
    return _add(db.session.connection(), model, given, new=True)


def _add(connection: Connection, model: type[Base], given: dict[str, Any], *, new: bool) -> Any:
    adding = _adding(model, tuple(given), connection.dialect, new)
    added = connection.exec_driver_sql(adding.statement, adding.parameters(given))
    return added.scalar() if adding.tells else added.lastrowid


def known_as(model: type[Model], key: int, **known: Any) -> Model:
    """The object for a row that is certainly there; what is not known of it is read when somebody looks."""
    made = model(id=key)
    make_transient_to_detached(made)
    for name, value in known.items():
        set_committed_value(made, name, value)
    db.session.add(made)
    return made


def next_key(model: type[Base], engine: Engine) -> Any:
    """A column: the key that the next row gets. Given to a row, it is no other's.

    For use in a transaction that changed something already: then nobody else adds one on SQLite.
    """
    table = model.__tablename__
    if engine.dialect.name == "postgresql":
        return func.nextval(func.pg_get_serial_sequence(table, "id"))
    last: Any = select(column("seq")).select_from(text("sqlite_sequence")).where(column("name") == table)
    return func.coalesce(last.scalar_subquery(), 0) + 1


@dataclass(frozen=True, slots=True)
class Of:
    """In the place of a value: the key that an earlier one of several rows gets, by its place among them."""

    place: int


@dataclass(frozen=True, slots=True)
class Row:
    """One of several rows that are added together."""

    model: type[Base]
    given: dict[str, Any]
    new: bool = False
    """Whether it may be there already; then neither it is added nor any other. For the first one."""


def add_together(rows: Sequence[Row]) -> list[Any] | None:
    """Add all of these, or none (None) when the first one is there already; gives their keys. On the disk at
    once, unless a transaction is under way.

    On PostgreSQL it is one statement: how often one waits for the other's answer makes most of what it costs.
    """
    if begun():
        if "transaction" in db.session.info:
            return _added(db.session.connection(), rows)
        if db.session().in_transaction():  # ends the reading so far: what follows sees the newest rows
            db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with by_itself(db.engine).connect() as connection:
            return _added(connection, rows)
    return _straight(db.engine, rows)


def _straight(engine: Engine, rows: Sequence[Row]) -> list[Any] | None:
    """On SQLite no server is waited for: what SQLAlchemy does around a few rows costs more than they do."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        take_the_pen(cursor)
        try:
            keys = _one_by_one(rows, lambda row, given: _said(cursor, engine.dialect, row, given))
            cursor.execute("ROLLBACK" if keys is None else "COMMIT")
        except BaseException:
            connection.rollback()
            raise
    except sqlite3.Error as error:
        raise as_others_know_it(error) from error
    finally:
        connection.close()
    return keys


def _said(cursor: Any, dialect: Dialect, row: Row, given: dict[str, Any]) -> Any:
    """Add this row by the driver's own cursor; gives its key."""
    adding = _adding(row.model, tuple(given), dialect, row.new)
    cursor.execute(adding.statement, adding.parameters(given))
    if not adding.tells:
        return cursor.lastrowid
    return next((key for (key,) in cursor.fetchall()), None)


def _added(connection: Connection, rows: Sequence[Row]) -> list[Any] | None:
    if connection.dialect.name == "postgresql":
        return _at_one_go(connection, rows)
    return _one_by_one(rows, lambda row, given: _add(connection, row.model, given, new=row.new))


def _one_by_one(rows: Sequence[Row], add: Callable[[Row, dict[str, Any]], Any]) -> list[Any] | None:
    keys: list[Any] = []
    for row in rows:
        key = add(row, {name: _filled(value, keys) for name, value in row.given.items()})
        if key is None:
            return None
        keys.append(key)
    return keys


def _filled(value: Any, keys: Sequence[Any]) -> Any:
    if isinstance(value, Of):
        return keys[value.place]
    if isinstance(value, dict):
        return {name: _filled(inner, keys) for name, inner in value.items()}
    return value


def _at_one_go(connection: Connection, rows: Sequence[Row]) -> list[Any] | None:
    shape = [
        (row.model, row.new, *((name, _refers(value)) for name, value in row.given.items())) for row in rows
    ]
    together = _together(tuple(shape), connection.dialect)
    added = connection.exec_driver_sql(together.statement, together.parameters(rows)).one_or_none()
    return None if added is None else list(added)


def _refers(value: Any) -> Any:
    """The part of a value that is no value: where it refers to another row."""
    if isinstance(value, Of):
        return value
    if isinstance(value, dict):
        return tuple((name, inner) for name, inner in value.items() if isinstance(inner, Of))
    return None


class _Together:
    """How several rows are added in one statement of PostgreSQL: each is a part of it that gives its key."""

    def __init__(self, shape: tuple[Any, ...], dialect: Dialect) -> None:
        self.fields: list[tuple[int, str, str, Any]] = []
        """Of each value that is given: which row and column, its name in the statement, how it is written."""
        self.defaults: list[tuple[int, str, Any]] = []
        self.dialect, self.parts = dialect, []  # type: ignore[var-annotated]
        for place, (model, new, *columns) in enumerate(shape):
            self._part(place, model, dict(columns), new)
        keys = [part.c[0].label(f"key{place}") for place, part in enumerate(self.parts)]
        self.statement = str(select(*keys).compile(dialect=dialect))

    def _part(self, place: int, model: type[Base], columns: dict[str, Any], new: bool) -> None:
        table, defaults = model.metadata.tables[model.__tablename__], _defaults(model, tuple(columns))
        values = [self._value(place, table.columns[name], refers) for name, refers in columns.items()]
        values += [self._default(place, table.columns[name], default) for name, default in defaults.items()]
        columns |= defaults
        adding: Any = postgresql.insert(table)
        if place == 0:
            given = dict(zip(columns, values, strict=True))
            adding = adding.values(given).on_conflict_do_nothing() if new else adding.values(given)
        else:
            adding = insert(table).from_select(list(columns), self._from(values), include_defaults=False)
        self.parts.append(adding.returning(*table.primary_key).cte(f"row{place}"))

    def _default(self, place: int, column: Any, default: Any) -> Any:
        """What is always the same stands in the statement: the driver is handed half as much."""
        if not default.is_callable and isinstance(default.arg, str | int):
            written = column.type.dialect_impl(self.dialect).literal_processor(self.dialect)(default.arg)
            return literal_column(written, column.type)
        self.defaults.append((place, column.key, default))
        return self._value(place, column, None)

    def _from(self, values: list[Any]) -> Select[Any]:
        """Nothing is added where the first one was not."""
        return select(*values).select_from(self.parts[0])

    def _value(self, place: int, column: Any, refers: Any) -> Any:
        if isinstance(refers, Of):
            return self.parts[refers.place].c[0]
        field = f"{column.key}{place}"
        write = column.type.dialect_impl(self.dialect).bind_processor(self.dialect)
        self.fields.append((place, column.key, field, write))
        if not refers:
            return bindparam(field, type_=column.type)
        pairs = [part for name, of in refers for part in (_quoted(name), self.parts[of.place].c[0])]
        whole = cast(bindparam(field, type_=JSON), JSONB).op("||")(func.jsonb_build_object(*pairs))
        return cast(whole, JSON)

    def parameters(self, rows: Sequence[Row]) -> dict[str, Any]:
        """What the driver wants."""
        given = [dict(row.given) for row in rows]
        for place, name, default in self.defaults:
            given[place][name] = default.arg(None) if default.is_callable else default.arg
        found = {}
        for place, name, field, write in self.fields:
            value = given[place][name]
            if isinstance(value, dict):
                value = {key: inner for key, inner in value.items() if not isinstance(inner, Of)}
            found[field] = write(value) if write else value
        return found


def _quoted(name: str) -> Any:
    """A name of ours as it stands in a statement."""
    return literal_column(f"'{name}'")


_together = cache(_Together)
