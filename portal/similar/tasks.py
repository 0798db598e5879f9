"""What the worker does for the index: it counts words, and finds out what texts mean."""

from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.similar import commands, meaning
from portal.similar.models import News


@jobs.each_round
def count() -> int:
    """At the beginning of each round, if anything came or went."""
    if db.session.scalar(db.select(News.id).limit(1)) is None:
        return 0
    added: int = commands.count(SYSTEM, None)
    return added


@jobs.each_round
def work_out() -> int:
    """Some meanings in each round, so that no mail waits for a thousand dossiers that were imported."""
    return commands.work_out() if meaning.available() else 0


@jobs.task("similar.rebuild")
def rebuild(*, job_id: int) -> None:
    """After a migration: the stems of what was there. Done twice it is the same."""
    commands.rebuild()


@jobs.task("similar.tidy")
def tidy(*, job_id: int) -> None:
    """Once an hour: SQLite keeps words that were taken out until it writes that part of the index again."""
    for _ in range(commands.TIMES_AT_ONCE):
        if not commands.tidy(SYSTEM, None):
            break
