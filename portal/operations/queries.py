"""Whether the portal can do its work, and the figures of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.models import Organisation
from portal.dossiers.models import Addressee, AddresseeState, Dossier
from portal.kernel import beats, migrations, storage
from portal.kernel.clock import now, today
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.terms.queries import WITH_AUTHORITY

WELL = "well"
WAITING = Job.done_at.is_(None), Job.dead_at.is_(None)


def state() -> dict[str, str]:
    """What it stands on -> `well`, or in a few words what is wrong; nothing in them is secret."""
    return {name: check() for name, check in CHECKS.items()}


def _database() -> str:
    return _asked(lambda: WELL if db.session.scalar(db.select(1)) == 1 else "answers wrong")


@cache
def _enough(revision: str | None) -> bool:
    """Whether this code can work with these tables: its own, or those of a version after it (ADR 31)."""
    return revision == migrations.newest() or not migrations.knows(revision)


def _migrations() -> str:
    return _asked(lambda: WELL if _enough(migrations.current()) else "older than this code")


def _storage() -> str:
    return WELL if storage.writable() else "cannot be written in"


def _worker() -> str:
    def look() -> str:
        seen = beats.last_seen()
        return WELL if seen is not None and now() - seen < beats.LATE else "none was seen lately"

    return _asked(look)


def _asked(question: Callable[[], str]) -> str:
    try:
        return question()
    except SQLAlchemyError:
        db.session.rollback()
        return "no answer"


CHECKS = {"database": _database, "migrations": _migrations, "storage": _storage, "worker": _worker}


class Figures:
    """Read from the database when Prometheus asks: the outbox, the clocks, the workers."""

    def collect(self) -> Iterator[Metric]:
        up = _database() == WELL
        yield _gauge("database_up", "Whether the database answers.", up)
        if up:
            yield from self._known()

    def _known(self) -> Iterator[Metric]:
        due = db.select(db.func.count(Job.id), db.func.min(Job.due_at)).where(*WAITING, Job.due_at <= now())
        waiting, oldest = db.session.execute(due).one()
        later = db.session.scalar(db.select(db.func.count(Job.id)).where(*WAITING, Job.due_at > now()))
        dead = db.session.scalar(db.select(db.func.count(Job.id)).where(*_DEAD))
        yield _gauge("outbox_due", "Jobs that a worker could do now.", waiting)
        yield _gauge("outbox_later", "Jobs whose time has not come.", later)
        yield _gauge("outbox_oldest_seconds", "How long the oldest that is due waits.", _age(oldest))
        yield _gauge("dead_letters", "Jobs that failed too often and wait for somebody.", dead)
        yield _gauge("clocks_overdue", "Authorities asked that did not answer in time.", _overdue())
        seen = beats.last_seen()
        if seen is not None:
            yield _gauge("worker_seen_seconds", "How long ago a worker was last seen.", _age(seen))


_DEAD = Job.done_at.is_(None), Job.dead_at.is_not(None)


def _gauge(name: str, words: str, value: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"portal_{name}", words, value=float(value or 0))


def _age(moment: datetime | None) -> float:
    return max(0.0, (now() - moment).total_seconds()) if moment else 0.0


def _overdue() -> int:
    """By organisation, as the index has them: only those that are late are looked at."""
    late = db.select(db.func.count(Addressee.id)).join(Dossier, Dossier.id == Addressee.dossier_id)
    late = late.where(Addressee.organisation_id.in_(db.select(Organisation.id)))
    late = late.where(Addressee.state == AddresseeState.WAITING, Addressee.due_on < today())
    return db.session.scalar(late.where(Dossier.state.in_(WITH_AUTHORITY))) or 0
