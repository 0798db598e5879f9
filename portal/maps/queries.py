"""What stands where: of a view the groups of dossiers with their number, and the single ones themselves.

Only what everybody may see has a cell (`Dossier.cell`), and the database guards that.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer

from portal.dossiers.models import SUPPORTERS, Dossier
from portal.dossiers.queries import LISTED, NEWEST, Filter, Page, chosen
from portal.kernel.db import db
from portal.places.grid import BITS, LAST_ZOOM, MASK, Box, View, cell

MOST_PINS = 150
"""Dossiers that are told one by one, so that an answer stays small; the others are counted."""
HIDES = 44
"""Pixels: what lies closer than this hides each other, and cannot be told apart with a thumb."""
MOST_AT_ONCE = 12
"""Dossiers on one spot that are told together."""


@dataclass(frozen=True)
class Pin:
    """A dossier on the map."""

    cell: int
    ref: str
    kind: str
    state: str
    title: str
    language: str
    lat: float
    lon: float
    supporters: int


@dataclass(frozen=True)
class Group:
    """So many dossiers near each other: the middle of them, and themselves if they are told one by one."""

    lat: float
    lon: float
    number: int
    pins: Sequence[Pin]


def groups(given: Filter, view: View) -> list[Group]:
    """What a map shows of this view, in two statements; those with few dossiers first."""
    rows = [_Counted(*row) for row in db.session.execute(_counted(given, view))]
    apart = _apart(_apart(rows, view.zoom), view.zoom) if view.zoom < LAST_ZOOM else rows
    told: dict[int, list[Pin]] = {}
    room = MOST_PINS
    for row in apart:
        if row.low == row.high and row.number <= min(room, MOST_AT_ONCE):
            told[row.low] = []
            room -= row.number
    for pin in _pins(given, told) if told else ():
        told[pin.cell].append(pin)
    return [Group(r.lat, r.lon, r.number, told.get(r.low, ()) if r.low == r.high else ()) for r in apart]


@dataclass(frozen=True)
class _Counted:
    number: int
    lat: float
    lon: float
    low: int
    high: int
    """The least and the greatest number of a cell in it: the same when all are on one spot."""

    def with_(self, other: "_Counted") -> "_Counted":
        number = self.number + other.number
        lat = (self.lat * self.number + other.lat * other.number) / number
        lon = (self.lon * self.number + other.lon * other.number) / number
        return _Counted(number, lat, lon, min(self.low, other.low), max(self.high, other.high))


def _apart(rows: Sequence[_Counted], zoom: int) -> list[_Counted]:
    """Those that would hide each other are one: the largest takes in what lies near.

    Each joins what is in its own square of that size, or lies near in one of the eight around it.
    """
    across = 256 * 2**zoom / 360 / HIDES
    down = across / math.cos(math.radians(rows[0].lat)) if rows else across
    squares: dict[tuple[int, int], _Counted] = {}
    for row in sorted(rows, key=lambda row: (-row.number, row.low)):
        x, y = row.lon * across, row.lat * down
        beside = [(int(x) + i, int(y) + j) for i in (0, -1, 1) for j in (0, -1, 1)]
        taken = [at for at in beside if at in squares]
        near = next((at for at in taken if at == beside[0] or _hides(squares[at], row, across, down)), None)
        squares[near or beside[0]] = squares[near].with_(row) if near else row
    return sorted(squares.values(), key=lambda row: (row.number, row.low))


def _hides(one: _Counted, other: _Counted, across: float, down: float) -> bool:
    return math.hypot((one.lon - other.lon) * across, (one.lat - other.lat) * down) < 1


def _counted(given: Filter, view: View) -> Any:
    """One row for each cell of this zoom. The index of the cells has every column that is asked for."""
    rows, columns = (db.literal(bits, Integer) for bits in (BITS + view.shift, view.shift))
    row, column = Dossier.cell.bitwise_rshift(rows), Dossier.cell.bitwise_and(MASK).bitwise_rshift(columns)
    group = row.bitwise_lshift(db.literal(BITS, Integer)) + column
    wanted = (
        db.func.count(),
        db.func.avg(Dossier.lat),
        db.func.avg(Dossier.lon),
        db.func.min(Dossier.cell),
        db.func.max(Dossier.cell),
    )
    return _inside(given, view).with_only_columns(*wanted).group_by(group)


def _pins(given: Filter, cells: Iterable[int]) -> list[Pin]:
    """The dossiers in these cells of the finest level, the newest first."""
    wanted = (
        _narrowed(given)
        .where(Dossier.cell.in_(list(cells)))
        .with_only_columns(
            Dossier.cell,
            Dossier.ref,
            Dossier.kind,
            Dossier.state,
            Dossier.title,
            Dossier.language,
            Dossier.lat,
            Dossier.lon,
            SUPPORTERS,
        )
    )
    return [Pin(*row) for row in db.session.execute(wanted.order_by(Dossier.id.desc()))]


def _narrowed(given: Filter) -> Any:
    """What the filter asks for; kind and state as expressions, or SQLite would go by their indexes."""
    if given.reference:
        return chosen(db.select(Dossier), given)
    query = chosen(db.select(Dossier), replace(given, kind="", state=""))
    for column, value in ((Dossier.kind, given.kind), (Dossier.state, given.state)):
        if value:
            query = query.where(column.concat("") == value)
    return query


def _inside(given: Filter, view: View) -> Any:
    return _narrowed(given).where(
        Dossier.cell.between(view.bottom << BITS, (view.top << BITS) - 1),
        Dossier.cell.bitwise_and(MASK).between(view.left, view.right - 1),
    )


def beside(given: Filter, box: Box, number: int, *, size: int) -> Page:
    """One page of the dossiers in this part of the map, the newest first: the list beside it."""
    lowest, highest = cell(box.south, box.west), cell(box.north, box.east)
    inside = _narrowed(given).where(
        Dossier.cell.between(lowest >> BITS << BITS, highest | MASK),
        box.covers(Dossier.lat, Dossier.lon),
    )
    page = Page([], max(1, number), 0, size)
    newest = inside.with_only_columns(Dossier.id, db.func.count().over().label("total")).order_by(*NEWEST)
    some = newest.limit(size).offset((page.number - 1) * size or None).subquery()
    shown = db.select(*LISTED, some.c.total).join(some, some.c.id == Dossier.id).order_by(*NEWEST)
    rows = db.session.execute(shown).all()
    if not rows and page.number > 1:
        return beside(given, box, 1, size=size)
    page.items, page.total = rows, rows[0].total if rows else 0
    return page
