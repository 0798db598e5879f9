"""What lies under the pins: outlines of neighbourhoods and names of places, for any part of the map.

It is read once per process, because it changes once in years, and thinned out to what a zoom can show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.places.grid import Box
from portal.places.queries import Area, areas, spots

NARROW = 0.61
"""A degree of longitude in those of latitude, in Amsterdam."""
WHOLE, PARTS = "wijk", "buurt"
PARTS_FROM = 15
"""The zoom from which the parts of neighbourhoods are drawn."""
FIRST = (
    ("metro", 13),
    *((kind, 15) for kind in ("square", "shops", "housing", "hospital", "library", "park")),
    *((kind, 16) for kind in ("museum", "cinema", "ferry", "tram", "bus", "stop")),
)
RANK = {kind: (rank, zoom) for rank, (kind, zoom) in enumerate(FIRST)}
"""Which name is written when there is room for one, and from which zoom."""
LAST = (99, 99)
MOST_LABELS, WIDEST = 60, 140

Point = tuple[float, float]
Line = tuple[Point, ...]
Room = tuple[float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """A neighbourhood as far as a zoom shows it: closed lines of (lon, lat)."""

    area: Area
    lines: tuple[Line, ...]


def level(zoom: int) -> str:
    return PARTS if zoom >= PARTS_FROM else WHOLE


def outlines(box: Box, zoom: int, *levels: str) -> list[Outline]:
    """The neighbourhoods that this part of the map shows, those that residents draw last."""
    wanted = levels or (level(zoom), "own")
    found = [Outline(area, _lines(area, zoom)) for area in areas() if area.level in wanted]
    return sorted(
        (o for o in found if o.lines and box.meets(*o.area.bbox)), key=lambda o: o.area.level == "own"
    )


@dataclass(frozen=True)
class Label:
    """A name on the map, in the middle of what it names."""

    lat: float
    lon: float
    name: str
    is_area: bool


def labels(box: Box, zoom: int, most: int = MOST_LABELS) -> list[Label]:
    """The names for which there is room: neighbourhoods as residents call them first, then the best known."""
    found: list[Label] = []
    taken: list[Room] = []
    for label in [*_areas(box, zoom), *_places(box, zoom)]:
        spot = _room(label, zoom)
        if len(found) < most and not any(_overlap(spot, other) for other in taken):
            found.append(label)
            taken.append(spot)
    return found


def _areas(box: Box, zoom: int) -> list[Label]:
    """A neighbourhood that residents draw is named instead of its parts, as long as those are not drawn."""
    own = [area for area in areas() if area.level == "own" and zoom < PARTS_FROM]
    within = tuple(part for area in own for part in area.covers)
    rest = [a for a in areas() if a.level == level(zoom) and not (within and a.code.startswith(within))]
    return [Label(a.lat, a.lon, a.name, True) for a in [*own, *rest] if box.holds(a.lat, a.lon)]


def _places(box: Box, zoom: int) -> list[Label]:
    known = [s for s in spots() if RANK.get(s.kind, LAST)[1] <= zoom and box.holds(s.lat, s.lon)]
    known.sort(key=lambda s: (RANK.get(s.kind, LAST), s.name))
    unique = {spot.name: spot for spot in reversed(known)}
    return [Label(spot.lat, spot.lon, spot.name, False) for spot in reversed(unique.values())]


def _room(label: Label, zoom: int) -> Room:
    """The pixels that a name takes: left, right, bottom, top; a long one takes two lines."""
    pixel = 360 / 256 / 2**zoom
    wide, lines = min(len(label.name) * 8, WIDEST), 1 + (len(label.name) * 8 > WIDEST)
    x, y, high = label.lon / pixel, label.lat / pixel / NARROW, 18 * lines
    return x - wide / 2 - 4, x + wide / 2 + 4, y - high / 2, y + high / 2


def _overlap(one: Room, other: Room) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


@lru_cache(maxsize=4096)
def _lines(area: Area, zoom: int) -> tuple[Line, ...]:
    pixel = 360 / 256 / 2**zoom
    whole = (thinned(polygon[0], pixel) for polygon in area.polygons)
    return tuple(ring for ring in whole if len(ring) > 3)


def thinned(ring: Sequence[Sequence[float]], within: float) -> Line:
    """The line without the points that lie within so many degrees of a straight one (Douglas and Peucker)."""
    points = [(p[0], p[1]) for p in ring]
    kept = {0, len(points) - 1, *_kept(points, within)}
    return tuple(points[i] for i in sorted(kept))


def _kept(points: list[Point], within: float) -> Iterator[int]:
    middle = len(points) // 2
    parts = [(0, middle), (middle, len(points) - 1)] if len(points) > 3 else []
    if parts:
        yield middle
    while parts:
        first, last = parts.pop()
        far, index = _farthest(points, first, last)
        if far > within:
            yield index
            parts += [(first, index), (index, last)]


def _farthest(points: list[Point], first: int, last: int) -> tuple[float, int]:
    """How far the point between these two lies off the line, that lies farthest."""
    (x1, y1), (x2, y2) = points[first], points[last]
    dx, dy = (x2 - x1) * NARROW, y2 - y1
    length = (dx * dx + dy * dy) ** 0.5 or 1e-12
    off = ((abs((x - x1) * NARROW * dy - (y - y1) * dx), i) for i, (x, y) in _between(points, first, last))
    far, index = max(off, default=(0.0, first))
    return far / length, index


def _between(points: list[Point], first: int, last: int) -> Iterator[tuple[int, Point]]:
    return ((i, points[i]) for i in range(first + 1, last))
