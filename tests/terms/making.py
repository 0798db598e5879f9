"""A dossier whose clock runs, and the worker that looks at it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.command_line.running import SWEEPS
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.kernel import clock, jobs
from portal.kernel.db import db
from portal.terms.models import Silence


def moment(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def worker_wakes(day: date, hour: int = 9) -> None:
    """What the worker does in the first round after it starts, on this day."""
    with clock.at(moment(day, hour)):
        for name in ("terms.lapse", "notices.digest"):
            assert name in SWEEPS
            jobs.TASKS[name](job_id=0)
        jobs.work()


def entries(dossier: Dossier, verb: str = "lapsed") -> list[Entry]:
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb=verb).order_by(Entry.seq)
    return list(db.session.scalars(wanted))


def lapsed(dossier: Dossier) -> list[tuple[int, date]]:
    return [(entry.data["times"], entry.on) for entry in entries(dossier)]


def silences() -> list[Any]:
    return list(db.session.scalars(db.select(Silence).order_by(Silence.id)))


def days(number: int) -> timedelta:
    return timedelta(days=number)
