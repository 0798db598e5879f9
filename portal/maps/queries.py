"""What stands where: of a view the groups of dossiers with their number, and the single ones themselves.

Only what everybody may see has a cell (`Dossier.cell`), and the database guards that.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from sqlalchemy import BigInteger, Integer

from portal.dossiers.models import SUPPORTERS, Dossier, Kind, State
from portal.dossiers.queries import LISTED, NEWEST, Filter, Page, chosen
from portal.kernel.db import by_another_index, db
from portal.maps.models import ANY, LEVELS
from portal.places.grid import BITS, LAST_ZOOM, MASK, Box, View, cell, latitude, longitude
from portal.places.queries import inside

MOST_PINS = 150
"""Dossiers that are told one by one, so that an answer stays small; the others are counted."""
HIDES = 44
"""Pixels: what lies closer than this hides each other, and cannot be told apart with a thumb."""
AROUND = [(i, j) for i in (0, -1, 1) for j in (0, -1, 1) if i or j]
"""From a square to those beside it."""
MOST_BESIDE = 1000
"""Dossiers of which the list beside the map says how many there are, and which it has pages for."""
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
        if row.spot is not None and row.number <= min(room, MOST_AT_ONCE):
            told[row.spot] = []
            room -= row.number
    for pin in _pins(given, told) if told else ():
        told[pin.cell].append(pin)
    return [_group(row, told.get(row.spot or 0, ())) for row in apart]


def _group(row: "_Counted", pins: Sequence[Pin]) -> Group:
    """The middle of two that lie apart can be the spot of a third: then there are not as many on it."""
    if len(pins) != row.number:
        return Group(row.lat, row.lon, row.number, ())
    return Group(fmean(pin.lat for pin in pins), fmean(pin.lon for pin in pins), row.number, pins)


@dataclass(frozen=True)
class _Counted:
    number: int
    row_sum: int
    column_sum: int
    """Of the finest cells that they lie in."""

    @property
    def lat(self) -> float:
        return latitude(self.row_sum / self.number)

    @property
    def lon(self) -> float:
        return longitude(self.column_sum / self.number)

    @property
    def spot(self) -> int | None:
        """The one cell that they lie in, if they all lie in one."""
        row, row_rest = divmod(self.row_sum, self.number)
        column, column_rest = divmod(self.column_sum, self.number)
        return None if row_rest or column_rest else row << BITS | column

    def with_(self, other: "_Counted") -> "_Counted":
        sums = self.row_sum + other.row_sum, self.column_sum + other.column_sum
        return _Counted(self.number + other.number, *sums)


def _apart(rows: Sequence[_Counted], zoom: int) -> list[_Counted]:
    """Those that would hide each other are one: the largest takes in what lies near.

    Each joins what is in its own square of that size, or lies near in one of the eight around it.
    """
    across = 256 * 2**zoom / 360 / HIDES
    down = across / math.cos(math.radians(rows[0].lat)) if rows else across
    squares: dict[tuple[int, int], tuple[_Counted, float, float]] = {}
    for row in sorted(rows, key=_fewest_last):
        x, y = row.lon * across, row.lat * down
        at = column, line = int(x), int(y)
        if at not in squares:
            for i, j in AROUND:
                beside = column + i, line + j
                found = squares.get(beside)
                if found and math.hypot(found[1] - x, found[2] - y) < 1:
                    at = beside
                    break
        if at in squares:
            row = squares[at][0].with_(row)
            x, y = row.lon * across, row.lat * down
        squares[at] = row, x, y
    return sorted((row for row, _, _ in squares.values()), key=_fewest_last, reverse=True)


def _fewest_last(row: _Counted) -> tuple[int, int, int]:
    return -row.number, row.row_sum, row.column_sum


def _counted(given: Filter, view: View) -> Any:
    """One row for each cell of this zoom: of the squares, if they are of its size and know what is asked."""
    several = given.neighbourhood and (given.kind or given.state)
    if view.shift in LEVELS and not (given.category or given.words or several):
        return _added_up(given, view)
    return _one_by_one(given, view)


SQUARES = db.text(
    f"""
    SELECT CAST(SUM(number) AS BIGINT), CAST(SUM(row_sum) AS BIGINT), CAST(SUM(column_sum) AS BIGINT) FROM (
        SELECT square, number, row_sum, column_sum FROM map_squares
        WHERE level = :level AND neighbourhood IN :neighbourhoods AND kind IN :kinds AND state IN :states
            AND square BETWEEN :first_square AND :last_square AND square & {MASK} BETWEEN :west AND :east
        UNION ALL
        SELECT ((cell >> ({BITS} + :level)) << {BITS}) + ((cell & {MASK}) >> :level),
            step, step * (cell >> {BITS}), step * (cell & {MASK})
        FROM map_changes
        WHERE cell BETWEEN :first_cell AND :last_cell AND (cell & {MASK}) >> :level BETWEEN :west AND :east
            AND (:anywhere OR neighbourhood IN :neighbourhoods)
            AND (:anything OR (kind IN :kinds AND state IN :states))
    ) AS either GROUP BY square HAVING SUM(number) > 0
    """  # noqa: S608 (numbers of our own)
).bindparams(*(db.bindparam(name, expanding=True) for name in ("neighbourhoods", "kinds", "states")))
"""Added up, and what came or went since. As text: to put it together each time took longer than to ask it."""


def _added_up(given: Filter, view: View) -> Any:
    here, asked = view.coarser(view.shift), _asked(given)
    columns = {"level": view.shift, "west": here.left, "east": here.right - 1}
    squares = {"first_square": here.bottom << BITS, "last_square": (here.top << BITS) - 1}
    cells = {"first_cell": view.bottom << BITS, "last_cell": (view.top << BITS) - 1}
    of = {f"{name}s": asked.get(name, [ANY]) for name in ("neighbourhood", "kind", "state")}
    free = {"anywhere": "neighbourhood" not in asked, "anything": "kind" not in asked}
    return SQUARES.bindparams(**columns, **squares, **cells, **of, **free)


def _asked(given: Filter) -> dict[str, list[str]]:
    """What a square must be of; each is named, so that it is found by these, and then by where it is."""
    if given.neighbourhood:
        return {"neighbourhood": inside(given.neighbourhood)}
    if given.kind or given.state:
        of = {"kind": list[str](Kind), "state": list[str](State)}
        return of | {name: [value] for name in of if (value := getattr(given, name))}
    return {}


def _one_by_one(given: Filter, view: View) -> Any:
    """Of the dossiers themselves. The index of the cells has every column that is asked for."""
    row, column = Dossier.cell.bitwise_rshift(_whole(BITS)), Dossier.cell.bitwise_and(MASK)
    sums = [db.func.sum(part).cast(BigInteger) for part in (row, column)]
    inside = _narrowed(given).where(*_within(Dossier.cell, view))
    return inside.with_only_columns(db.func.count(), *sums).group_by(_square(Dossier.cell, view.shift))


def _whole(number: int) -> Any:
    return db.literal(number, Integer)


def _square(cell: Any, bits: int) -> Any:
    """Where this cell lies when rows and columns leave out so many bits more."""
    row = cell.bitwise_rshift(_whole(BITS + bits)).bitwise_lshift(_whole(BITS))
    return row + cell.bitwise_and(MASK).bitwise_rshift(_whole(bits))


def _within(cell: Any, view: View) -> tuple[Any, Any]:
    return (
        cell.between(view.bottom << BITS, (view.top << BITS) - 1),
        cell.bitwise_and(MASK).between(view.left, view.right - 1),
    )


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
    """What the filter asks for, by the index of the cells."""
    if given.reference:
        return chosen(db.select(Dossier), given)
    query = chosen(db.select(Dossier), replace(given, kind="", state=""))
    for column, value in ((Dossier.kind, given.kind), (Dossier.state, given.state)):
        if value:
            query = query.where(by_another_index(column) == value)
    return query


def beside(given: Filter, box: Box, number: int, *, size: int) -> Page:
    """One page of the dossiers in this part of the map, the newest first: the list beside it.

    Among very many nobody turns page after page: `total` is never more than MOST_BESIDE and one.
    """
    lowest, highest = cell(box.south, box.west), cell(box.north, box.east)
    rows = Dossier.cell.between(lowest >> BITS << BITS, highest | MASK)
    near = _narrowed(given).where(rows, box.covers(by_another_index(Dossier.lat), Dossier.lon))
    counted = near.with_only_columns(Dossier.id).limit(MOST_BESIDE + 1).subquery()
    page = Page([], 1, db.session.scalar(db.select(db.func.count()).select_from(counted)) or 0, size)
    page.number = min(max(1, number), page.last)
    if page.total > MOST_BESIDE:  # from the newest on, until there are enough; else all of them, put in order
        lat, lon, place = (by_another_index(column) for column in (Dossier.lat, Dossier.lon, Dossier.cell))
        near = _narrowed(given).where(box.covers(lat, lon), place.is_not(None))
    wanted = near.with_only_columns(Dossier.id).order_by(*NEWEST)
    some = wanted.limit(size).offset((page.number - 1) * size or None).subquery()
    shown = db.select(*LISTED).join(some, some.c.id == Dossier.id).order_by(*NEWEST)
    page.items = db.session.execute(shown).all() if page.total else []
    return page


SIDES = " UNION ALL ".join(f"SELECT {level} AS level" for level in LEVELS)


def by_square(changes: str) -> str:
    """The statement that adds up, for each square, the cells, facts and steps that another one finds."""
    return f"""
    SELECT level, neighbourhood, kind, state,
        ((cell >> ({BITS} + level)) << {BITS}) + ((cell & {MASK}) >> level) AS square, SUM(step) AS number,
        SUM(step * (cell >> {BITS})) AS row_sum, SUM(step * (cell & {MASK})) AS column_sum
    FROM (
        SELECT cell, '' AS neighbourhood, '' AS kind, '' AS state, step FROM ({changes}) AS of_any
        UNION ALL SELECT cell, '', kind, state, step FROM ({changes}) AS of_kinds
        UNION ALL SELECT cell, neighbourhood, '', '', step FROM ({changes}) AS of_places
        WHERE neighbourhood <> ''
    ) AS every CROSS JOIN ({SIDES}) AS sides
    WHERE TRUE GROUP BY 1, 2, 3, 4, 5
    """  # noqa: S608 (numbers of our own)


SAID = "SELECT cell, neighbourhood, kind, state, step FROM map_changes"
TRUE = """
SELECT cell, COALESCE(neighbourhood_code, '') AS neighbourhood, kind, state, -1 AS step FROM dossiers
WHERE cell IS NOT NULL
"""
ASTRAY = db.text(
    f"""
    SELECT COUNT(*) FROM (
        SELECT 1 FROM (
            SELECT level, neighbourhood, kind, state, square, number, row_sum, column_sum FROM map_squares
            UNION ALL {by_square(SAID)} UNION ALL {by_square(TRUE)}
        ) AS every GROUP BY level, neighbourhood, kind, state, square
        HAVING SUM(number) <> 0 OR SUM(row_sum) <> 0 OR SUM(column_sum) <> 0
    ) AS astray
    """  # noqa: S608 (our own names)
)


def astray() -> int:
    """Squares that do not say what the dossiers themselves say. There are none, unless by another hand."""
    return db.session.scalar(ASTRAY) or 0
