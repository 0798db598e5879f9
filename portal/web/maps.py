"""Maps that the server draws: outlines, names, and numbered pins. Who sees none has the list beside it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

WIDTH, MARGIN, LOWEST, HIGHEST = 640, 44, 240, 420
PIN = "M0 0L-8 -10H-17V-42H17V-10H8z"
DOT = Markup('<circle cy="-26" r="7"/>')
HIDES = 36
"""Pins closer than this hide each other."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Map:
    """The picture, and the keys of what stands at each of its pins, in order."""

    svg: Markup
    pins: list[list[Any]]


@dataclass(frozen=True)
class Land:
    """What lies under the pins: closed lines of (lon, lat), and names as (lat, lon, name, of an area)."""

    near: Sequence[Sequence[Sequence[float]]] = ()
    own: Sequence[Sequence[Sequence[float]]] = ()
    names: Sequence[tuple[float, float, str, bool]] = ()


@dataclass(frozen=True)
class Scale:
    """From degrees to the drawing."""

    west: float
    north: float
    across: float
    down: float
    left: float
    top: float
    width: int
    height: int

    def at(self, lat: float, lon: float) -> Point:
        return self.left + (lon - self.west) * self.across, self.top + (self.north - lat) * self.down


def seen(lat: float, lon: float, zoom: float, width: int, height: int) -> Scale:
    """As every web map does: 256 pixels are the 2**zoom-th part of the way around the earth."""
    across = 256 * 2**zoom / 360
    return Scale(lon, lat, across, across / math.cos(math.radians(lat)), width / 2, height / 2, width, height)


def fitted(bbox: Sequence[float]) -> Scale:
    """All of this box in the usual width, with room for pins above its edge."""
    west, south, east, north = bbox
    narrow = math.cos(math.radians((south + north) / 2))
    down = min((WIDTH - 2 * MARGIN) / ((east - west) * narrow), HIGHEST / (north - south))
    across = down * narrow
    height = max(LOWEST, round((north - south) * down + 2 * MARGIN))
    return Scale(west, north, across, down, (WIDTH - (east - west) * across) / 2, MARGIN, WIDTH, height)


def draw(
    outline: dict[str, Any],
    bbox: Sequence[float],
    places: Iterable[tuple[Any, float, float]],
    around: Land | None = None,
) -> Map:
    """A GeoJSON geometry in its bounding box, with a pin for each place (key, lat, lon) in it."""
    west, south, east, north = bbox
    scale, around = fitted(bbox), around or Land()
    inside = [p for p in places if south <= p[1] <= north and west <= p[2] <= east]
    pins = _pins((key, scale.at(lat, lon)) for key, lat, lon in inside)
    own = [ring for polygon in _polygons(outline) for ring in polygon]
    drawn = [_pin(str(number), at) for number, (at, _) in enumerate(pins, 1)]
    return Map(_svg(scale, Land(around.near, own, around.names), drawn), [keys for _, keys in pins])


def picture(scale: Scale, land: Land, marks: Iterable[tuple[float, float, str]], name: str = "map") -> Markup:
    """A part of the map with a pin at each mark (lat, lon, what stands on it)."""
    return _svg(scale, land, [_pin(text, scale.at(lat, lon)) for lat, lon, text in marks], name)


def pinned(scale: Scale, places: Iterable[tuple[Any, float, float]], land: Land) -> Map:
    """A part of the map with a numbered pin for each place (key, lat, lon), or for several that are close."""
    pins = _pins((key, scale.at(lat, lon)) for key, lat, lon in places)
    drawn = [_pin(str(number), at) for number, (at, _) in enumerate(pins, 1)]
    return Map(_svg(scale, land, drawn), [keys for _, keys in pins])


def _svg(scale: Scale, land: Land, pins: Iterable[Markup], name: str = "map") -> Markup:
    parts = [_path("near", land.near, scale), _path("land", land.own, scale)]
    parts += [_name(scale.at(lat, lon), name, area) for lat, lon, name, area in land.names]
    return Markup('<svg class="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        name, scale.width, scale.height, Markup("").join([*parts, *pins])
    )


def _path(name: str, lines: Iterable[Sequence[Sequence[float]]], scale: Scale) -> Markup:
    drawn = "".join(_ring(line, scale) for line in lines)
    return Markup('<path class="{}" d="{}"/>').format(name, drawn) if drawn else Markup("")


def _name(at: Point, name: str, is_area: bool) -> Markup:
    kind = "place area" if is_area else "place"
    return Markup('<text class="{}" x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>').format(
        kind, *at, name
    )


def _polygons(outline: dict[str, Any]) -> Any:
    shape = outline["coordinates"]
    return shape if outline["type"] == "MultiPolygon" else [shape]


def _ring(ring: Sequence[Sequence[float]], scale: Scale) -> str:
    points = _inside([scale.at(lat, lon) for lon, lat in ring], scale)
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "Z" if points else ""


def _inside(points: list[Point], scale: Scale) -> list[Point]:
    """What of a closed line can be seen, cut off just outside of the drawing (Sutherland and Hodgman)."""
    for axis, sign, edge in ((0, 1, -9), (0, -1, scale.width + 9), (1, 1, -9), (1, -1, scale.height + 9)):
        kept: list[Point] = []
        for one, other in zip(points[-1:] + points[:-1], points, strict=True):
            before, after = sign * (one[axis] - edge), sign * (other[axis] - edge)
            if (before < 0) != (after < 0):
                share = before / (before - after)
                x, y = (one[i] + (other[i] - one[i]) * share for i in (0, 1))
                kept.append((x, y))
            if after >= 0:
                kept.append(other)
        points = kept
    return points


def _pins(places: Iterable[tuple[Any, Point]]) -> list[tuple[Point, list[Any]]]:
    """Those whose pins would hide each other share one."""
    pins: list[tuple[Point, list[Any]]] = []
    for key, at in places:
        near = next((keys for point, keys in pins if math.dist(point, at) < HIDES), None)
        if near is None:
            pins.append((at, [key]))
        else:
            near.append(key)
    return pins


def _pin(text: str, at: Point) -> Markup:
    mark = Markup('<text y="-19" text-anchor="middle">{}</text>').format(text) if text else DOT
    return Markup('<g class="pin" transform="translate({:.0f} {:.0f})"><path d="{}"/>{}</g>').format(
        *at, PIN, mark
    )
