"""What the worker does for the index: it adds up in how many dossiers a word stands."""

from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.similar import commands
from portal.similar.models import News


@jobs.each_round
def count() -> int:
    """At the beginning of each round, if anything came or went."""
    if db.session.scalar(db.select(News.id).limit(1)) is None:
        return 0
    added: int = commands.count(SYSTEM, None)
    return added


@jobs.task("similar.rebuild")
def rebuild(*, job_id: int) -> None:
    """After a migration: the stems of what was there. Done twice it is the same."""
    commands.rebuild()


@jobs.task("similar.tidy")
def tidy(*, job_id: int) -> None:
    """Once an hour: SQLite keeps words that were taken out until it writes that part of the index again."""
    commands.tidy(SYSTEM, None)
