"""The outbox: work to be done after the commit, queued in the transaction that asks for it.

A worker takes a job with a lease. When it dies, the lease runs out and another takes the job again: at least
once, so every task must give the same effect when it is done twice (ADR 3).
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.clock import JUMP, ZONE, now, today
from portal.kernel.commands import forget_submissions, transaction
from portal.kernel.db import Numbered, db, tidy
from portal.kernel.errors import Unavailable
from portal.kernel.logs import FACTS, about, cause
from portal.kernel.measures import JOBS
from portal.kernel.outages import Away, away
from portal.kernel.reports import report
from portal.kernel.rows import Row, add_row

log = logging.getLogger(__name__)

TASKS: dict[str, Callable[..., object]] = {}
FIRST, USUAL, MANY = range(3)
"""In which order jobs are taken: what somebody waits for at this moment, all else, what goes to many."""
RANKS: dict[str, int] = {}
"""Those of tasks that are not of the usual rank."""
ROUNDS: list[Callable[[], int]] = []
"""What the worker does at the beginning of each round, without a job for it."""
UNSAID: dict[int, bool] = {}
"""Jobs in the hands of this process that ended while the database was away: whether they are done (True), or
to be done again (False) through no fault of theirs. It is written down as soon as it can be.
"""
ATTEMPTS = 15
LONGEST = 6
"""After so many attempts the time between them grows no more, for what waits for a server that is away."""
LONGEST_WAIT = timedelta(hours=12)
"""Between two attempts. The last one comes after 65 hours."""
PASSING = {Away.DATABASE, Away.ROOM}
"""When one of these is away, no job can be done: it is not the job that failed."""
GIVEN_BACK = timedelta(seconds=1)
NIGHT = time(4)
"""When nobody is kept waiting, in the neighbourhood's zone."""
KEPT = timedelta(days=7)
"""How long a job that is done stays to be looked at."""
_unqueued: ContextVar[bool] = ContextVar("unqueued", default=False)


WAITING = "done_at IS NULL AND dead_at IS NULL"
"""The jobs among which a worker looks. Written out: so the database sees that a query asks for just these."""


class Job(Numbered):
    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_waiting",
            "rank",
            "due_at",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(None, "done_at"),
    )

    key: Mapped[str | None] = mapped_column(unique=True)
    """What makes this the same work as another: queued twice, it is done once."""
    task: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    rank: Mapped[int] = mapped_column(default=USUAL, server_default="1")
    lot: Mapped[str | None]
    """On whose behalf it goes to many: each of these has its turn, however much another one has to say."""
    reached: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of a job for many: the number of the last one for whom it was done."""
    due_at: Mapped[datetime] = mapped_column(default=now)
    queued_at: Mapped[datetime | None] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    error: Mapped[str | None]
    cause: Mapped[str | None] = mapped_column(String(64))
    """The id of the request that it comes from, as the log has it."""
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]


class Taken(NamedTuple):
    """What a worker needs of a job that it took."""

    number: int
    task: str
    arguments: dict[str, Any]
    cause: str | None


class More(int):
    """What a task returns that did its work for so many and is not at the end: others have their turn."""


class Lost(Exception):
    """Another worker has gone on with this job: its lease ran out here."""


def task(name: str, *, rank: int = USUAL) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Register what happens later under this name: `task("notices.send")(send)`.

    The function gets `job_id` beside its arguments: the key by which it keeps a second run from doubling.
    """

    def register(function: Callable[..., object]) -> Callable[..., object]:
        TASKS[name] = function
        if rank != USUAL:
            RANKS[name] = rank
        return function

    return register


def each_round(function: Callable[[], int]) -> Callable[[], int]:
    """Call this at the beginning of each round of the worker; it returns how much it found to do."""
    ROUNDS.append(function)
    return function


@contextmanager
def unqueued() -> Iterator[None]:
    """Queue nothing in here: for a replay of the past, whose mails would come years late."""
    token = _unqueued.set(True)
    try:
        yield
    finally:
        _unqueued.reset(token)


def queued() -> bool:
    """Whether what is asked for now will be done later; not in a replay of the past."""
    return not _unqueued.get()


def later(task_name: str, *, due: datetime | None = None, **arguments: Any) -> None:
    """Queue a task in the transaction under way. Arguments are numbers and words, never personal data."""
    if not _unqueued.get():
        add(task_name, arguments, due=due)


def add(
    task_name: str,
    arguments: dict[str, Any],
    *,
    due: datetime | None = None,
    rank: int | None = None,
    **known: Any,
) -> None:
    """Write the row of a job, for what `later` does not say: its rank, lot or key."""
    add_row(Job, **_new(task_name, arguments, due, rank), **known)


def _new(name: str, arguments: Any, due: datetime | None = None, rank: int | None = None) -> dict[str, Any]:
    rank = RANKS.get(name, USUAL) if rank is None else rank
    given = {"task": name, "arguments": arguments, "due_at": due or now(), "attempts": 0}
    return given | {"rank": rank, "queued_at": now(), "cause": cause()}


def among(task_name: str, **arguments: Any) -> list[Row]:
    """The row of a task that is queued together with other rows; none where nothing is queued."""
    return [] if _unqueued.get() else [Row(Job, _new(task_name, arguments))]


def tonight(task_name: str) -> None:
    """Queue a task once for the coming night, in the transaction under way: for what keeps others waiting."""
    night = datetime.combine(today(), NIGHT, ZONE)
    night += timedelta(days=night <= now())
    key = f"{task_name}:{night.date()}"
    if not _unqueued.get() and db.session.scalar(db.select(Job.id).filter_by(key=key)) is None:
        db.session.add(Job(key=key, task=task_name, arguments={}, due_at=night))


def each(task_name: str, field: str, numbers: Iterable[int], *, key: str, **arguments: Any) -> int:
    """Queue one task for each number, as argument `field`; those queued before under this key are left out.

    Returns how many were new. This is how one task becomes many without doubling when it is run again.
    """
    if _unqueued.get():
        return 0
    keys = {f"{key}:{number}": number for number in numbers}
    with transaction():
        known = set(
            db.session.scalars(db.select(Job.key).where(Job.key.startswith(f"{key}:", autoescape=True)))
        )
        same = {"task": task_name, "due_at": now(), "cause": cause()}
        new = [
            {**same, "key": name, "arguments": {**arguments, field: number}}
            for name, number in keys.items()
            if name not in known
        ]
        if new:
            db.session.execute(db.insert(Job), new)
    return len(new)


def work(limit: int = 1000, pulse: Callable[[], None] = lambda: None) -> int:
    """Do what each round begins with and the jobs that are due; return how much there was.

    `pulse` is called between two jobs.
    """
    begun = sum(look() for look in ROUNDS)
    return begun + _work(limit, pulse)


def _work(limit: int, pulse: Callable[[], None]) -> int:
    tried = 0
    while tried < limit and (job := _take()) is not None:
        pulse()
        tried += 1
        with about(job.cause):
            tried += _do(job)
    return tried


def _do(job: Taken) -> int:
    """Do it, and keep what came of it; for how many more than one it was done."""
    facts, came = {"job": job.number, "task": job.task}, None
    try:
        came = TASKS[job.task](job_id=job.number, **job.arguments)
    except Lost:
        log.warning("job %s (%s): another worker went on with it", job.number, job.task, extra={FACTS: facts})
    except Exception as error:  # whatever a task raises is kept with the job and tried again
        if away(error) in PASSING:
            UNSAID[job.number] = False
            raise
        words = "job %s (%s) failed: %s", job.number, job.task, type(error).__name__
        log.warning(*words, exc_info=True, extra={FACTS: facts})
        report(error)
        _postpone(job.number, error)
        JOBS.labels(job.task, "failed").inc()
    else:
        if isinstance(came, More):
            _put_back(job.number)
        else:
            _finish(job.number)
            JOBS.labels(job.task, "done").inc()
            log.info("done", extra={FACTS: facts})
    return came if isinstance(came, More) else 0


def _take() -> Taken | None:
    if UNSAID:
        _say()
    with transaction():
        free = db.or_(Job.leased_until.is_(None), Job.leased_until < now())
        due = db.select(Job).where(Job.done_at.is_(None), Job.dead_at.is_(None), Job.due_at <= now(), free)
        next_ = due.order_by(Job.rank, Job.due_at, Job.id).limit(1)
        job = db.session.scalar(next_.with_for_update(skip_locked=True))
        if job is None:
            return None
        if job.attempts < ATTEMPTS:
            job.leased_until = now() + timedelta(seconds=current_app.config["JOB_LEASE_SECONDS"])
            job.attempts += 1
            return Taken(job.id, job.task, job.arguments, job.cause)
        job.dead_at = now()  # every worker that took it died of it
    return _take()


def reached(job_id: int) -> int:
    """For whom of many the job was done last."""
    return db.session.get_one(Job, job_id).reached


def reach(job_id: int, number: int) -> None:
    """Note that the job is done for this one, in the transaction under way; its lease begins anew.

    Lost when another worker is further: then it goes on there, and here no more.
    """
    held = now() + timedelta(seconds=current_app.config["JOB_LEASE_SECONDS"])
    ours = db.update(Job).where(Job.id == job_id, Job.reached < number, Job.done_at.is_(None))
    further = ours.values(reached=number, leased_until=held, attempts=1)
    done = db.session.execute(further.execution_options(synchronize_session=False))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Lost(str(job_id))


def not_begun(job_id: int, task_name: str) -> list[Job]:
    """Other jobs for many of this task that nobody has begun; locked, in the transaction under way."""
    free = db.or_(Job.leased_until.is_(None), Job.leased_until < now())
    wanted = db.select(Job).where(Job.task == task_name, Job.id != job_id, Job.reached == 0, free)
    waits = Job.done_at.is_(None), Job.dead_at.is_(None)
    return list(db.session.scalars(wanted.where(*waits).order_by(Job.id).with_for_update(skip_locked=True)))


def absorb(job_id: int, others: Iterable[Job], arguments: dict[str, Any]) -> None:
    """Have this job, with these arguments, do what those were to do; in the transaction under way."""
    db.session.get_one(Job, job_id).arguments = arguments
    for other in others:
        other.done_at, other.error = now(), None


def _put_back(job_id: int) -> None:
    """To the end of the line, with all else that goes to many on the same behalf."""
    with transaction():
        job, moment = db.session.get_one(Job, job_id), now()
        job.leased_until, job.error, job.attempts, job.due_at = None, None, 0, moment
        if job.lot is not None:
            theirs = Job.rank == MANY, Job.lot == job.lot, Job.due_at < moment
            waits = Job.done_at.is_(None), Job.dead_at.is_(None)
            db.session.execute(db.update(Job).where(*theirs, *waits).values(due_at=moment))


def _finish(job_id: int) -> None:
    """Write down that it is done; if that cannot be now, it is remembered: a mail that went out went out."""
    try:
        with transaction():
            job = db.session.get_one(Job, job_id)
            job.done_at, job.error = now(), None
    except Exception:
        UNSAID[job_id] = True
        raise


def _say() -> None:
    """Write down what could not be written down before. What is to be done again lets others go first."""
    said = dict(UNSAID)
    with transaction():
        for job in db.session.scalars(db.select(Job).where(Job.id.in_(said))):
            if said[job.id]:
                job.done_at, job.error = now(), None
            elif job.done_at is None:
                job.leased_until, job.due_at = None, now() + GIVEN_BACK
                job.attempts = max(job.attempts - 1, 0)
    for job_id in said:
        UNSAID.pop(job_id, None)


def _postpone(job_id: int, error: Exception) -> None:
    """Try again after 1, 2, 4 … minutes; after the last attempt the job is dead and stays visible.

    What waits for a server that is away does not die of that: it is tried every half hour at least.
    """
    first = timedelta(seconds=current_app.config["JOB_RETRY_SECONDS"])
    db.session.rollback()
    waits = isinstance(error, Unavailable)
    with transaction():
        job = db.session.get_one(Job, job_id)
        job.error, job.leased_until = type(error).__name__, None
        if waits:
            job.attempts = min(job.attempts, LONGEST)
        job.due_at = now() + min(first * 2 ** (job.attempts - 1), LONGEST_WAIT)
        if job.attempts >= ATTEMPTS and not waits:
            job.dead_at = now()


def dead() -> list[Job]:
    """The dead letters, oldest first: what failed too often, and what killed every worker that took it."""
    return list(db.session.scalars(db.select(Job).where(Job.dead_at.is_not(None)).order_by(Job.id)))


def revive(numbers: Iterable[int]) -> int:
    """Have these dead ones tried again from the beginning, at once; returns how many there were."""
    chosen = Job.id.in_(list(numbers)), Job.dead_at.is_not(None), Job.done_at.is_(None)
    again = {"dead_at": None, "leased_until": None, "attempts": 0, "due_at": now()}
    with transaction():
        found = db.session.scalars(db.update(Job).where(*chosen).values(**again).returning(Job.id)).all()
    return len(found)


def forget(field: str, numbers: Iterable[int]) -> None:
    """Remove the jobs, done or not, that are about these rows. One under way ends by itself."""
    about = Job.arguments[field].as_integer().in_(list(numbers))
    idle = db.or_(Job.leased_until.is_(None), Job.leased_until < now(), Job.done_at.is_not(None))
    db.session.execute(db.delete(Job).where(about, idle).execution_options(synchronize_session=False))


def come_back() -> None:
    """Have those done that were queued, or taken, while the clock was far ahead; it was set right since then.

    What was to be done at once is done at once, what was to be done later waits as long as it should have.
    """
    waiting = Job.done_at.is_(None), Job.dead_at.is_(None)
    most = now() + JUMP + timedelta(seconds=current_app.config["JOB_LEASE_SECONDS"])
    with transaction():
        for job in db.session.scalars(db.select(Job).where(*waiting, Job.queued_at > now() + JUMP)):
            waits = job.due_at - job.queued_at if job.queued_at else timedelta()
            job.queued_at, job.due_at = now(), now() + max(waits, timedelta())
        db.session.execute(db.update(Job).where(*waiting, Job.leased_until > most).values(leased_until=None))


def sweep() -> None:
    """Remove the jobs that were done long ago, and the keys of forms; leave nothing of it in the files."""
    come_back()
    with transaction():
        db.session.execute(db.delete(Job).where(Job.done_at < now() - KEPT))
    forget_submissions()
    tidy()
