"""Which neighbourhood a point lies in, and which places have a name like this."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from portal.kernel.db import db
from portal.places.loading import buildings
from portal.places.models import Neighbourhood, Place

FOUND = 8
WIDEST = ("own", "wijk", "buurt")
"""The levels of neighbourhoods, those that people speak of first."""
Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, eq=False)
class Area:
    """A neighbourhood with its outline, as it is kept in memory."""

    code: str
    name: str
    level: str
    covers: tuple[str, ...]
    lat: float
    lon: float
    bbox: tuple[float, ...]
    """West, south, east, north."""
    polygons: list[list[Ring]]

    def contains(self, code: str) -> bool:
        """Whether this is the neighbourhood itself, or a part of it."""
        return code == self.code or code.startswith(self.covers)


@dataclass(frozen=True, eq=False)
class Spot:
    """A place that has a point."""

    name: str
    kind: str
    lat: float
    lon: float


_areas: dict[str, list[Area]] = {}
_spots: dict[str, list[Spot]] = {}
_drawn: dict[str, dict[str, Area | None]] = {}
_choices: dict[str, list[Neighbourhood]] = {}
"""Database address -> what is in it: outlines and places change once in years."""


def plain(text: str) -> str:
    """Lower case, without accents: the form in which names are compared."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def forget_outlines() -> None:
    """Read them anew: called after they were loaded."""
    _areas.clear()
    _spots.clear()
    _drawn.clear()
    _choices.clear()


def areas() -> list[Area]:
    """Every neighbourhood, of each level, with its outline."""
    key = str(db.engine.url)
    if not _areas.get(key):
        wanted = db.select(*Neighbourhood.__table__.columns).order_by(Neighbourhood.code)
        points: dict[Point, Point] = {}
        rows = db.session.execute(wanted.execution_options(yield_per=20))
        _areas[key] = [
            Area(
                *(n.code, n.name, n.level, tuple(n.covers), n.lat, n.lon, tuple(n.bbox)),
                _polygons(n.outline, points),
            )
            for n in rows
        ]
    return _areas[key]


def area(code: str | None) -> Area | None:
    return next((area for area in areas() if area.code == code), None)


def inside(code: str) -> list[str]:
    """The codes of this neighbourhood and of all that lie in it, as `lies_in` finds dossiers."""
    known = area(code)
    covers = known.covers if known else (code,)
    return [code, *(one.code for one in areas() if one.code != code and one.code.startswith(covers))]


def drawn_around(code: str | None) -> Area | None:
    """The neighbourhood as residents draw it around this one; else the wijk it lies in."""
    if code is None:
        return None
    drawn = _drawn.setdefault(str(db.engine.url), {})
    if code not in drawn:
        found = [known for known in areas() if known.contains(code)]
        drawn[code] = min(found, key=lambda known: (WIDEST.index(known.level), known.code), default=None)
    return drawn[code]


def buildings_in(around: Neighbourhood | Area | None) -> dict[str, str]:
    """Flats and courts that stand in it, all of them for None: name -> code of where exactly."""
    return {name: code for name, code in buildings().items() if around is None or around.contains(code)}


def spots() -> list[Spot]:
    """Every place that has a point."""
    key = str(db.engine.url)
    if not _spots.get(key):
        wanted = db.select(Place.name, Place.kind, Place.lat, Place.lon).where(Place.lat.is_not(None))
        rows = db.session.execute(wanted.order_by(Place.id))
        _spots[key] = [Spot(*row) for row in rows if row.lat is not None and row.lon is not None]
    return _spots[key]


def _polygons(outline: dict[str, Any], points: dict[Point, Point]) -> list[list[Ring]]:
    """`points`: those that are known. Each lies on the border of several, and is kept once."""
    found = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    return [[[_point(place, points) for place in ring] for ring in polygon] for polygon in found]


def _point(place: list[float], points: dict[Point, Point]) -> Point:
    at = place[0], place[1]
    return points.setdefault(at, at)


def _in_ring(lon: float, lat: float, ring: Ring) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def neighbourhood_at(lat: float, lon: float) -> str | None:
    """The code of the buurt in which this point lies; None outside the city."""
    for area in areas():
        west, south, east, north = area.bbox
        if area.level != "buurt" or not (west <= lon <= east and south <= lat <= north):
            continue
        for outer, *holes in area.polygons:
            if _in_ring(lon, lat, outer) and not any(_in_ring(lon, lat, hole) for hole in holes):
                return area.code
    return None


def neighbourhood(code: str) -> Neighbourhood | None:
    return db.session.get(Neighbourhood, code)


def as_residents_say(official: Neighbourhood | None) -> Neighbourhood | None:
    """The neighbourhood that residents draw around this one; itself where they draw none."""
    if official is None or official.level == "own":
        return official
    drawn = sorted((own for own in _named() if own.level == "own"), key=lambda own: own.code)
    return next((own for own in drawn if own.contains(official.code)), official)


def neighbourhoods(district: str = "") -> list[Neighbourhood]:
    """Neighbourhoods to choose from, by district and name: as residents draw them, and the other wijken."""
    found = [n for n in _named() if district in {"", n.district}]
    inside = {part for n in found if n.level == "own" for part in n.covers}
    return [n for n in found if n.level == "own" or n.code not in inside]


def _named() -> list[Neighbourhood]:
    """Those that people speak of; no rows of a session, and read once: every list offers them."""
    key = str(db.engine.url)
    if not _choices.get(key):
        columns = [c for c in Neighbourhood.__table__.columns if c.name != "outline"]
        wanted = db.select(*columns).where(Neighbourhood.level.in_(["own", "wijk"]))
        rows = db.session.execute(wanted.order_by(Neighbourhood.district, Neighbourhood.name)).mappings()
        _choices[key] = [Neighbourhood(**row) for row in rows]
    return _choices[key]


def places(words: str, *, near: tuple[float, float] | None = None) -> list[Place]:
    """Places whose name begins with these words, then those that contain them; at most FOUND.

    With `near` (lat, lon) those with a point come first, the closest first within each group.
    """
    wanted = plain(words).strip()
    if len(wanted) < 2:
        return []
    begins = Place.search.startswith(wanted, autoescape=True)
    order: list[Any] = [db.case((begins, 0), else_=1), Place.lat.is_(None)]
    if near is not None:
        lat, lon = near
        order.append((Place.lat - lat) * (Place.lat - lat) + (Place.lon - lon) * (Place.lon - lon) * 0.37)
    query = db.select(Place).where(Place.search.contains(wanted, autoescape=True))
    return list(db.session.scalars(query.order_by(*order, Place.search, Place.id).limit(FOUND)))
