"""Which neighbourhood a point lies in, and which places have a name like this."""

import unicodedata
from typing import Any

from sqlalchemy.orm import undefer

from portal.kernel.db import db
from portal.places.models import Neighbourhood, Place

FOUND = 8
Ring = list[list[float]]
_outlines: dict[str, list[tuple[list[float], str, list[list[Ring]]]]] = {}
"""Database address -> (bbox, code, polygons) of each buurt: outlines change once in years."""


def plain(text: str) -> str:
    """Lower case, without accents: the form in which names are compared."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def forget_outlines() -> None:
    """Read them anew: called after they were loaded."""
    _outlines.clear()


def _buurten() -> list[tuple[list[float], str, list[list[Ring]]]]:
    key = str(db.engine.url)
    if not _outlines.get(key):
        wanted = db.select(Neighbourhood).filter_by(level="buurt").options(undefer(Neighbourhood.outline))
        _outlines[key] = [(n.bbox, n.code, _polygons(n.outline)) for n in db.session.scalars(wanted)]
    return _outlines[key]


def _polygons(outline: dict[str, Any]) -> list[list[Ring]]:
    found: list[list[Ring]] = outline["coordinates"]
    return found if outline["type"] == "MultiPolygon" else [outline["coordinates"]]


def _in_ring(lon: float, lat: float, ring: Ring) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def neighbourhood_at(lat: float, lon: float) -> str | None:
    """The code of the buurt in which this point lies; None outside the city."""
    for (west, south, east, north), code, polygons in _buurten():
        if not (west <= lon <= east and south <= lat <= north):
            continue
        for outer, *holes in polygons:
            if _in_ring(lon, lat, outer) and not any(_in_ring(lon, lat, hole) for hole in holes):
                return code
    return None


def neighbourhood(code: str) -> Neighbourhood | None:
    return db.session.get(Neighbourhood, code)


def as_residents_say(official: Neighbourhood | None) -> Neighbourhood | None:
    """The neighbourhood that residents draw around this one; itself where they draw none."""
    if official is None or official.level == "own":
        return official
    drawn = db.session.scalars(db.select(Neighbourhood).filter_by(level="own").order_by(Neighbourhood.code))
    return next((own for own in drawn if own.contains(official.code)), official)


def neighbourhoods(district: str = "") -> list[Neighbourhood]:
    """Neighbourhoods to choose from, by district and name: as residents draw them, and the other wijken."""
    wanted = db.select(Neighbourhood).where(Neighbourhood.level.in_(["own", "wijk"]))
    if district:
        wanted = wanted.filter_by(district=district)
    found = list(db.session.scalars(wanted.order_by(Neighbourhood.district, Neighbourhood.name)))
    inside = {part for n in found if n.level == "own" for part in n.covers}
    return [n for n in found if n.level == "own" or n.code not in inside]


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
