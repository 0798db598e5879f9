"""What the signatures of a dossier have in common: numbers, never people, grouped by the database.

Each thing that is counted is one statement, however many signatures there are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any

from portal.dossiers.commands import supporters
from portal.dossiers.conditions import THROWN_AWAY, WAYS, Conditions, of_way
from portal.dossiers.limits import HELD
from portal.dossiers.models import COUNTED, Dossier, Signature, SignatureState, Strike
from portal.integrity.columns import hour_of, moment
from portal.kernel.clock import ZONE
from portal.kernel.db import db, find
from portal.kernel.errors import NotFound

LIVE = (SignatureState.PENDING, SignatureState.CONFIRMED, SignatureState.ANONYMISED)
"""Signatures that count or can still count."""
SHOWN = 8
FEWEST = 3
"""A mail domain of fewer signatures may be somebody's own, and is not shown."""
EXAMPLES = 20
LETTERS = "ABCDEFGH"
HOUR = timedelta(hours=1)
HOUR_OF = hour_of(Signature.signed_at)
NUMBER = db.func.count(Signature.id)
DIGITS = "0123456789 "
ALIKE = 5
"""So many names that are the same but for a number at the end are shown."""
PREFIX = 6
"""Letters at the beginning of a name that make it like another one of the same hour."""


@dataclass(frozen=True)
class Totals:
    live: int
    counted: int
    held: int
    struck: int
    """Of all that are invalid, also those that a moderator took out one by one."""
    carried: int
    """Carried here by a bundle; they are in no other number."""
    disposable: int
    ways: dict[str, int]


@dataclass(frozen=True)
class Network:
    letter: str
    number: int
    first: int
    """The number of a signature from it: how it is named in an address."""


@dataclass(frozen=True)
class Crowded:
    """Many signatures of one network in one hour."""

    hour: datetime
    network: str
    first: int
    number: int


@dataclass(frozen=True)
class Alike:
    """Names that are the same but for a number at the end, or that begin the same within one hour."""

    name: str
    number: int
    spellings: int = 1
    hour: datetime | None = None


@dataclass(frozen=True)
class Numbers:
    """All that is counted of a dossier's signatures."""

    totals: Totals
    hours: dict[datetime, int]
    networks: list[Network]
    crowded: list[Crowded]
    domains: list[tuple[str, int]]
    names: list[Alike]
    rapid: list[Alike]

    @cached_property
    def usual(self) -> float:
        """Of an hour in which anybody signed: half of them had more, half had less."""
        return float(median(self.hours.values())) if self.hours else 0.0

    def usual_beside(self, hour: datetime) -> float:
        """The same of the other hours, so that one great hour does not make itself usual."""
        others = [number for when, number in self.hours.items() if when != hour]
        return float(median(others)) if others else 0.0

    @cached_property
    def days(self) -> list[date]:
        """The days on which anybody signed, in the neighbourhood's time."""
        return sorted({hour.astimezone(ZONE).date() for hour in self.hours})

    @cached_property
    def by_clock(self) -> list[int]:
        """Signatures by the hour of the day, from 0 to 23."""
        found = Counter[int]()
        for hour, number in self.hours.items():
            found[hour.astimezone(ZONE).hour] += number
        return [found[hour] for hour in range(24)]

    def on(self, day: date) -> list[tuple[datetime, int]]:
        """Each hour of a day with its number; a day has 23 or 25 of them twice a year."""
        begin = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        after = day + timedelta(days=1)
        end = datetime(after.year, after.month, after.day, tzinfo=ZONE)
        hours = (begin.astimezone(moment("2000-01-01 00").tzinfo) + HOUR * step for step in range(25))
        return [(hour, self.hours.get(hour, 0)) for hour in hours if hour < end]


def _own(dossier: Dossier) -> tuple[Any, ...]:
    return Signature.dossier_id == dossier.id, Signature.via_id.is_(None), Signature.state.in_(LIVE)


def networks(dossier: Dossier) -> list[Network]:
    """Those from which most signatures came, with a letter each."""
    return _networks(_own(dossier))


def numbers(dossier: Dossier) -> Numbers:
    own = _own(dossier)
    networks = _networks(own)
    return Numbers(
        _totals(dossier),
        {moment(hour): number for hour, number in _grouped((HOUR_OF,), *own)},
        networks,
        _crowded(own, networks),
        [
            (row[0], row[1])
            for row in _grouped(
                (Signature.mail_domain,),
                *own,
                Signature.mail_domain.is_not(None),
                having=FEWEST,
                limit=SHOWN,
            )
        ],
        _names(own),
        _rapid(own),
    )


def _grouped(columns: Sequence[Any], *conditions: Any, having: int = 1, limit: int | None = None) -> Any:
    """Rows of these columns and how many signatures have them, the most first."""
    wanted = db.select(*columns, NUMBER).where(*conditions).group_by(*columns)
    return db.session.execute(wanted.having(having <= NUMBER).order_by(NUMBER.desc(), *columns).limit(limit))


def _totals(dossier: Dossier) -> Totals:
    own, live = Signature.via_id.is_(None), Signature.state.in_(LIVE)
    asked = [
        db.and_(own, live),
        db.and_(own, Signature.state.in_(COUNTED)),
        HELD,
        Signature.state == SignatureState.INVALID,
        db.and_(~own, Signature.state.in_(COUNTED)),
        db.and_(own, live, THROWN_AWAY),
        *(db.and_(own, live, of_way(way)) for way in WAYS),
    ]
    wanted = db.select(*(NUMBER.filter(condition) for condition in asked))
    row = db.session.execute(wanted.where(Signature.dossier_id == dossier.id)).one()
    live, counted, held, struck, carried, disposable, *ways = row
    return Totals(live, counted, held, struck, carried, disposable, dict(zip(WAYS, ways, strict=True)))


def _networks(own: Sequence[Any]) -> list[Network]:
    first = db.func.min(Signature.id)
    wanted = db.select(NUMBER, first).where(*own, Signature.network.is_not(None)).group_by(Signature.network)
    rows = db.session.execute(wanted.order_by(NUMBER.desc(), first).limit(SHOWN))
    return [Network(letter, *row) for letter, row in zip(LETTERS, rows, strict=False)]


def _crowded(own: Sequence[Any], networks: Iterable[Network]) -> list[Crowded]:
    first, letters = db.func.min(Signature.id), {network.first: network.letter for network in networks}
    wanted = (
        db.select(HOUR_OF, NUMBER, first, db.func.min(first).over(partition_by=Signature.network))
        .where(*own, Signature.network.is_not(None))
        .group_by(HOUR_OF, Signature.network)
        .order_by(NUMBER.desc(), first)
    )
    rows = db.session.execute(wanted.limit(SHOWN)).all()
    known = [row for row in rows if row[3] in letters]
    return [Crowded(moment(hour), letters[same], first, n) for hour, n, first, same in known]


def _names(own: Sequence[Any]) -> list[Alike]:
    base, spellings = db.func.rtrim(Signature.name_key, DIGITS), db.func.count(Signature.name_key.distinct())
    wanted = db.select(base.label("base"), NUMBER, spellings).where(*own, Signature.name_key != "")
    wanted = wanted.group_by("base").having(NUMBER >= ALIKE).order_by(NUMBER.desc(), "base")
    return [Alike(*row) for row in db.session.execute(wanted.limit(SHOWN)) if row[0]]


def _rapid(own: Sequence[Any]) -> list[Alike]:
    begin = db.func.substr(Signature.name_key, 1, PREFIX).label("begin")
    wanted = db.select(begin, NUMBER, HOUR_OF.label("hour")).where(*own, Signature.name_key != "")
    wanted = wanted.group_by("begin", "hour").having(NUMBER >= ALIKE * 2).order_by(NUMBER.desc(), "begin")
    rows = db.session.execute(wanted.limit(SHOWN))
    return [Alike(name, number, hour=moment(hour)) for name, number, hour in rows]


def strikes(dossier: Dossier) -> list[Strike]:
    """What was struck out, the newest first."""
    wanted = db.select(Strike).filter_by(dossier_id=dossier.id).order_by(Strike.id.desc())
    return list(db.session.scalars(wanted))


def strike(dossier: Dossier, strike_id: int) -> Strike:
    found = find(Strike, strike_id)
    if found.dossier_id != dossier.id:
        raise NotFound(f"strike {strike_id}")
    return found


@dataclass(frozen=True)
class Example:
    """A signature without who gave it."""

    name: str
    at: datetime
    way: str


@dataclass(frozen=True)
class Preview:
    """What would be struck out."""

    number: int
    before: int
    after: int
    examples: list[Example]


def masked(name: str) -> str:
    """`Jan de Boer` as `J… d… B…`: whether names are alike can be seen, and not whose they are."""
    return " ".join(f"{word[0]}…" for word in name.split())


def preview(dossier: Dossier, conditions: Conditions) -> Preview:
    clauses = conditions.clauses(dossier)
    counting = Signature.state == SignatureState.CONFIRMED
    number, counted = db.session.execute(db.select(NUMBER, NUMBER.filter(counting)).where(*clauses)).one()
    wanted = db.select(Signature.name, Signature.signed_at, Signature.way, Signature.stand_id).where(*clauses)
    rows = db.session.execute(wanted.order_by(Signature.id).limit(EXAMPLES))
    examples = [Example(masked(name), at, WAYS[-1] if stand else way) for name, at, way, stand in rows]
    before = supporters(dossier)
    return Preview(number, before, before - counted, examples)
