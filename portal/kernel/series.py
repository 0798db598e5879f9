"""One job for many: a row in the transaction that asks for it, done some at a time by the worker.

A row for each of 100,000 people would be written, taken and finished one by one, and meanwhile nobody else
could write. So the job itself remembers how far it came. After some of them it goes to the end of the line:
what others have to say is not kept waiting by it (ADR 23).
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.errors import Unavailable
from portal.kernel.jobs import MANY, Job, Lost, More
from portal.kernel.outages import away

log = logging.getLogger(__name__)
MOST, SECONDS = 100, 1.0
"""For so many at most, and for no longer, a job keeps a worker: somebody may wait for a link to sign in."""
AGAIN = timedelta(minutes=1)
Act = Callable[[], object] | None
Find = Callable[..., Sequence[int]]
Many = Callable[..., Iterable[tuple[int, Act]]]


def spread(
    task: str,
    field: str,
    find: Find,
    many: Many | None = None,
    given: Collection[str] | None = None,
    begin: Callable[..., dict[str, Any]] | None = None,
) -> None:
    """Have `task` be done for many. `find(after, most, **arguments)`: the next numbers, in rising order.

    `many(job_id, numbers, **arguments)` gives each number with what is to be done for it, None for nothing;
    without it the task itself is done for each. `given`: the arguments that it takes besides, if not all.
    `begin(job_id, **arguments)`: called before the first turn; gives the arguments with which it goes on.
    """

    def run(*, job_id: int, **arguments: Any) -> More | None:
        reached = jobs.reached(job_id)
        if begin is not None and not reached:
            arguments = begin(job_id, **arguments)
        numbers = find(reached, MOST, **arguments)
        own = {name: value for name, value in arguments.items() if given is None or name in given}
        acts = many(job_id, numbers, **arguments) if many else _each(task, field, job_id, numbers, own)
        return _some(job_id, len(numbers), acts, partial(_alone, task, field, own))

    jobs.task(f"{task}.all", rank=MANY)(run)


def queue(task: str, *, key: str, lot: str | None = None, **arguments: Any) -> None:
    """Have this done for all that its `find` finds; queued before under this key, it is not done again."""
    with transaction():
        if jobs.queued() and db.session.scalar(db.select(Job.id).filter_by(key=key)) is None:
            jobs.add(f"{task}.all", arguments, key=key, lot=lot)


def _each(
    task: str, field: str, job_id: int, numbers: Sequence[int], arguments: dict[str, Any]
) -> Iterator[tuple[int, Act]]:
    for number in numbers:
        yield number, partial(jobs.TASKS[task], job_id=f"{job_id}-{number}", **{field: number}, **arguments)


def _alone(task: str, field: str, arguments: dict[str, Any], number: int) -> None:
    """What went wrong for one is tried again for this one, so that the others need not wait for it."""
    jobs.add(task, {**arguments, field: number}, due=now() + AGAIN, rank=MANY)


def _some(
    job_id: int, wanted: int, acts: Iterable[tuple[int, Act]], again: Callable[[int], None]
) -> More | None:
    """Do it for these until the time is over. None when there are no more."""
    until, done, last = monotonic() + SECONDS, 0, None
    for number, act in acts:
        done, last = done + 1, number if act is None else None
        if act is None:
            continue
        wrong = _wrong(act)
        with transaction():
            if wrong is not None:
                log.warning("job %s failed for one: %s", job_id, type(wrong).__name__)
                again(number)
            jobs.reach(job_id, number)
        if monotonic() >= until:
            break
    if last is not None:
        with transaction():
            jobs.reach(job_id, last)
    return More(done) if done == MOST or done < wanted else None


def _wrong(act: Callable[[], object]) -> Exception | None:
    """What went wrong for this one alone; what would go wrong for the others too is raised."""
    try:
        act()
    except (Unavailable, SQLAlchemyError, Lost):
        raise
    except Exception as error:  # whatever it is: it is kept with a job of its own
        if away(error) is not None:
            raise
        db.session.rollback()
        return error
    return None
