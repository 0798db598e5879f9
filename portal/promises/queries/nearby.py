"""How many reports came from near a trial: before it, during it and after it, in windows of one length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.dossiers.models import PUBLIC, Dossier, Kind
from portal.dossiers.queries import metres
from portal.kernel.clock import ZONE, today
from portal.kernel.db import db
from portal.kernel.workdays import last_of_month
from portal.places import grid
from portal.promises.models import Trial

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """So many reports of any kind, and of the same kind, from `first` until `last`, both included."""

    name: str
    first: date
    last: date
    any_kind: int
    same_kind: int

    @property
    def running(self) -> bool:
        """Not over yet: more can come."""
        return self.last >= today()

    @property
    def begun(self) -> bool:
        return self.first <= today()


@dataclass(frozen=True)
class Nearby:
    windows: list[Window]
    days: int
    """How long each window is."""


def period(trial: Trial) -> tuple[date, date] | None:
    """First and last day; of a month the whole of it. None as long as it has no first day."""
    if trial.from_on is None:
        return None
    last = trial.until_on or max(today(), trial.from_on)
    if trial.precision == "month":
        return trial.from_on.replace(day=1), last_of_month(last)
    return trial.from_on, last


def points(trial: Trial) -> list[tuple[float, float]]:
    """The points of its places; that of the dossier when none of them has one."""
    own = (trial.dossier.lat, trial.dossier.lon)
    for found in ([(spot["lat"], spot["lon"]) for spot in trial.places], [own]):
        if known := [(lat, lon) for lat, lon in found if lat is not None and lon is not None]:
            return known
    return []


def nearby(trials: Sequence[Trial]) -> dict[int, Nearby]:
    """Trial -> what was reported near it; those without a day or a point are left out. One query for all."""
    known = {trial.id: trial for trial in trials if period(trial) and points(trial)}
    if not known:
        return {}
    boxes = [_box(trial) for trial in known.values()]
    columns = Dossier.id, Dossier.lat, Dossier.lon, Dossier.opened_at, Dossier.category_slug
    wanted = db.select(*columns).where(Dossier.kind == Kind.ISSUE, PUBLIC, Dossier.hidden_at.is_(None))
    rows = db.session.execute(wanted.where(db.or_(*boxes))).all()
    return {number: _counted(trial, rows) for number, trial in known.items()}


def _windows(trial: Trial) -> list[tuple[str, date, date]]:
    first, last = period(trial) or (today(), today())
    long = last - first + DAY
    return [
        ("before", first - long, first - DAY),
        ("during", first, last),
        ("after", last + DAY, last + long),
    ]


def _box(trial: Trial) -> Any:
    """A rectangle around each of its places, and the time from the first window to the last."""
    windows = _windows(trial)
    around = [grid.within(trial.radius, point).covers(Dossier.lat, Dossier.lon) for point in points(trial)]
    begin, end = _midnight(windows[0][1]), _midnight(windows[-1][2] + DAY)
    return db.and_(Dossier.opened_at >= begin, Dossier.opened_at < end, db.or_(*around))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _counted(trial: Trial, rows: Sequence[Any]) -> Nearby:
    own = trial.dossier
    near = [
        (row.opened_at.astimezone(ZONE).date(), row.category_slug == own.category_slug)
        for row in rows
        if row.id != own.id and any(metres(lat, lon, row) <= trial.radius for lat, lon in points(trial))
    ]
    windows = []
    for name, first, last in _windows(trial):
        inside = [same for day, same in near if first <= day <= last]
        windows.append(Window(name, first, last, len(inside), sum(inside)))
    return Nearby(windows, (windows[1].last - windows[1].first).days + 1)
