"""Plans near each other in time and place, so that two do not keep the same people from each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.dossiers import words
from portal.dossiers.models import SIGNABLE, Dossier
from portal.dossiers.queries.lists import public
from portal.dossiers.queries.near import metres
from portal.kernel.clock import ZONE
from portal.kernel.db import db
from portal.places import grid

CLASH_METRES, CLASH_DAYS, CLASHES = 500, 6, 5
"""How far from each other two plans may be, and how many days apart, to be told of; and how many are told."""


@dataclass(frozen=True)
class Clash:
    """Another plan near one in time and place."""

    dossier: Dossier
    metres: int
    days: int
    alike: bool
    """Whether it is about the same: in a word, or by what it is about."""


def days_apart(one: datetime, other: datetime) -> int:
    """How many days lie between two moments, on the calendar of the neighbourhood."""
    return abs((one.astimezone(ZONE).date() - other.astimezone(ZONE).date()).days)


@dataclass(frozen=True)
class Planned:
    """A plan with a day and a point, written down already or not yet."""

    begins_at: datetime
    lat: float
    lon: float
    text: str = ""
    place: str = ""
    """Its name says where, and not about what."""
    category: str = ""
    but: int = 0
    """Its own number."""

    @classmethod
    def of(cls, dossier: Dossier) -> "Planned | None":
        if dossier.begins_at is None or dossier.lat is None or dossier.lon is None:
            return None
        about = dossier.title, dossier.place_name, dossier.category_slug or "", dossier.id
        return cls(dossier.begins_at, dossier.lat, dossier.lon, *about)


def clashes(planned: Planned | None) -> list[Clash]:
    """Those nearby on the same day, and those about the same within a week; the nearest day first."""
    return clashes_of([planned])[0] if planned is not None else []


def clashes_of(planned: Sequence[Planned]) -> list[list[Clash]]:
    """The same for several, in one query."""
    others = _around(planned) if planned else []
    return [_near(one, others) for one in planned]


def _around(planned: Sequence[Planned]) -> Collection[Dossier]:
    """Public plans that are going on, within the days and the box of all of these."""
    days = timedelta(days=CLASH_DAYS + 1)
    begins = [one.begins_at for one in planned]
    box = grid.within(CLASH_METRES, *((one.lat, one.lon) for one in planned))
    wanted = public().where(
        Dossier.begins_at.between(min(begins) - days, max(begins) + days),
        box.covers(Dossier.lat, Dossier.lon),
        Dossier.state.in_(SIGNABLE),
        Dossier.hidden_at.is_(None),
    )
    return db.session.scalars(wanted.limit(500)).all()


def _near(one: Planned, others: Collection[Dossier]) -> list[Clash]:
    told, found = set(words.telling(one.text)) - set(words.stems(one.place)), []
    for other in others:
        days, apart = (
            days_apart(one.begins_at, other.begins_at or one.begins_at),
            metres(one.lat, one.lon, other),
        )
        same = bool(one.category) and other.category_slug == one.category
        alike = same or bool(told & set(words.telling(f"{other.title} {other.body}")))
        if other.id != one.but and apart <= CLASH_METRES and days <= (CLASH_DAYS if alike else 0):
            found.append(Clash(other, round(apart), days, alike))
    return sorted(found, key=lambda c: (not c.alike, c.days, c.metres, c.dossier.id))[:CLASHES]
