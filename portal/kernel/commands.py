"""A command: one permission, one transaction, one entry; and a repeated submit is the same submit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from inspect import signature
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from portal.kernel import security
from portal.kernel.clock import now
from portal.kernel.db import COPY, Base, Numbered, begun, db
from portal.kernel.errors import AlreadyDone, NotFound, Refused
from portal.kernel.policy import require
from portal.kernel.rows import Of, Row, add_row, add_together, known_as

COMMANDS: dict[StrEnum, Callable[..., Any]] = {}
SUBMISSIONS_STAY = timedelta(days=30)
"""How long a form that was sent is known again."""
TRIES = 4
"""How often a command is begun anew when another one was first: each time it sees what the other wrote."""
FIRST_ON_SQLITE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_BUSY", "SQLITE_LOCKED")


class Submission(Base):
    """The form with this key was handled; where it led. A second submit of it leads there too."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    model: Mapped[str | None]
    model_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)


def within() -> bool:
    """Whether a transaction of a command is under way."""
    return begun() and "transaction" in db.session.info


@contextmanager
def transaction() -> Iterator[None]:
    """Commit at the end of the outermost one; an inner one joins it."""
    if within():
        yield
        return
    if db.session().in_transaction():  # ends the reading so far: what follows sees the newest rows
        db.session.commit()
    db.session.info.pop(COPY, None)
    db.session.info.update({"transaction": set(), security.WAITING: []})
    db.session.connection(execution_options={"write": True})
    try:
        yield
        db.session.commit()
        security.kept()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        del db.session.info["transaction"], db.session.info[security.WAITING]


_WRITE: dict[str, Any] = {"key_share": True}
"""The lock of who changes a row and keeps its key: rows that refer to it can still be added.

Of that row alone, not of what is joined to it.
"""


def lock(thing: Any) -> None:
    """Make others wait who want to change this row; our copy of it becomes the newest. Once a transaction."""
    if not isinstance(thing, Base) or not inspect(thing).persistent:
        return
    locked, key = db.session.info["transaction"], inspect(thing).identity_key
    if key not in locked:
        db.session.flush()
        try:
            db.session.refresh(thing, with_for_update=_WRITE | {"of": type(thing)})
        except InvalidRequestError as error:
            raise NotFound("removed by another command") from error
        locked.add(key)


def made(thing: Base) -> None:
    """Nobody else sees a row that was made in the transaction under way: there is no need to lock it."""
    db.session.info["transaction"].add(inspect(thing).identity_key)


def _was_first(error: DBAPIError) -> bool:
    """Another command got in between: it was first with a unique row or removed one that ours refers to; a
    serialisation, a deadlock, or a busy file.
    """
    known: str = getattr(error.orig, "sqlstate", "") or getattr(error.orig, "sqlite_errorname", "")
    return known in {"23503", "23505", "40001", "40P01"} or known.startswith(FIRST_ON_SQLITE)


_EARLIER = db.select(Submission.command, Submission.model, Submission.model_id).where(
    Submission.key == db.bindparam("key")
)


def _again(do: StrEnum, once: str) -> tuple[bool, Any]:
    """What came of the earlier submit with this key."""
    earlier = db.session.connection().execute(_EARLIER, {"key": once}).one_or_none()
    if earlier is None:
        return False, None
    if earlier.command != do:
        raise AlreadyDone(f"{once} was a {earlier.command}")
    models = {m.class_.__name__: m.class_ for m in Base.registry.mappers}
    return True, earlier.model and db.session.get(models[earlier.model], earlier.model_id)


def forget_submissions() -> None:
    """Remove the keys of forms that were sent long ago."""
    with transaction():
        db.session.execute(db.delete(Submission).where(Submission.at < now() - SUBMISSIONS_STAY))


def _note(do: StrEnum, once: str, result: Any) -> None:
    db.session.flush()
    is_model = isinstance(result, Base)
    name, key = (type(result).__name__, inspect(result).identity[0]) if is_model else (None, None)
    add_row(Submission, key=once, command=str(do), model=name, model_id=key)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """The rows that are all there is to a command, for who was never here before; the place of its result."""

    rows: list[Row]
    result: int


Quick = Callable[..., AtOnce | None]


@dataclass(frozen=True, slots=True)
class _Added:
    """A row that came of it: an object when somebody asks for it."""

    model: type[Base]
    key: int


def _at_once(do: StrEnum, known: AtOnce | None, once: str | None) -> _Added | None:
    """What came of it; None when the first of the rows is there already, or there is no quick way."""
    if known is None:
        return None
    rows, model = known.rows, known.rows[known.result].model
    if once:
        result = {"model": model.__name__, "model_id": Of(known.result)}
        rows = [*rows, Row(Submission, {"key": once, "command": str(do), **result})]
    keys = add_together(rows)
    return _Added(model, keys[known.result]) if keys else None


def command(
    do: StrEnum, *, alone: bool = True, quick: Quick = lambda *_, **__: None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `function(actor, subject, **data)` the one way to do `do`.

    The subject's row is locked and read anew before the policy is asked, so that the answer still holds when
    the function runs. A subject that is a function is called to find it. `once` is the key of the submitted
    form: a second call with it changes nothing and returns what the first one returned (for results that are
    models with a number as key, else None). With `blind` nobody asks what came of it.

    `alone=False` is for what many do at once and what changes nothing of the subject: it is not locked, and
    the policy is asked before the transaction begins, so that the one pen of SQLite is held briefly.
    The function gets the subject as it was read then. Whether the form was sent before is looked up only when
    something keeps the command from being done, as the key that is there already does.

    `quick`, asked with the same data, may give rows that are all that is to be written if the first one of
    them is new. Then they are written together, on PostgreSQL in one statement; else the function runs.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if taken := {"once", "blind"} & signature(function).parameters.keys():
            raise TypeError(f"{function.__qualname__} would never be given its {', '.join(sorted(taken))}")

        @wraps(function)
        def run(
            actor: Any, subject: Any = None, /, *, once: str | None = None, blind: bool = False, **data: Any
        ) -> Any:
            attempt = _attempt if alone or within() else _among_many
            result = _retried(lambda: attempt(do, quick, function, actor, subject, once, data))
            return None if blind else _numbered(result)

        COMMANDS[do] = run
        return run

    return decorate


def _attempt(
    do: StrEnum,
    quick: Quick,
    function: Callable[..., Any],
    actor: Any,
    subject: Any,
    once: str | None,
    data: dict[str, Any],
) -> Any:
    with transaction():
        if once:
            known, result = _again(do, once)
            if known:
                return result
        subject = subject() if callable(subject) else subject
        lock(subject)
        require(actor, do, subject)
        db.session.flush()  # inside a larger transaction: whoever acts may have been made a moment ago
        if (result := _at_once(do, quick(actor, subject, **data), once)) is not None:
            return result
        result = function(actor, subject, **data)
        if once:
            _note(do, once, result)
        return result


def _among_many(
    do: StrEnum,
    quick: Quick,
    function: Callable[..., Any],
    actor: Any,
    subject: Any,
    once: str | None,
    data: dict[str, Any],
) -> Any:
    """A form that is sent twice is rare: whether it was is asked when something keeps it from being done."""
    subject = subject() if callable(subject) else subject
    try:
        require(actor, do, subject)
        if (result := _at_once(do, quick(actor, subject, **data), once)) is not None:
            return result
        with transaction():
            result = function(actor, subject, **data)
            if once:
                _note(do, once, result)
            return result
    except (Refused, DBAPIError) as error:
        kept_from = once and (isinstance(error, Refused) or _was_first(error))
        known, result = _again(do, str(once)) if kept_from else (False, None)
        if known:
            return result
        raise


def _numbered(result: Any) -> Any:
    """Of what comes out of a transaction the key is known still: nobody has to ask for it."""
    if isinstance(result, _Added):
        return known_as(result.model, result.key)
    if isinstance(result, Numbered) and (key := inspect(result).identity):
        set_committed_value(result, "id", key[0])
    return result


def _retried(attempt: Callable[[], Any]) -> Any:
    """Begin anew when another command was first; inside a transaction that is for the outermost to do."""
    if within():
        return attempt()
    for left in reversed(range(TRIES)):
        try:
            return attempt()
        except DBAPIError as error:
            if not _was_first(error):
                raise
            if not left:
                raise AlreadyDone(str(error.orig)) from error
    raise AssertionError("unreachable: the last try returns or raises")
