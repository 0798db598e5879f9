"""A neighbourhood as a drawing: its outline, and numbered pins on it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

WIDTH, MARGIN, LOWEST, HIGHEST = 640, 44, 240, 420
PIN = "M0 0L-8 -10H-17V-42H17V-10H8z"
HIDES = 36
"""Pins closer than this hide each other."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Map:
    """The picture, and the keys of what stands at each of its pins, in order."""

    svg: Markup
    pins: list[list[Any]]


@dataclass(frozen=True)
class Scale:
    """From degrees to the drawing."""

    west: float
    north: float
    across: float
    down: float
    left: float

    def at(self, lat: float, lon: float) -> Point:
        return self.left + (lon - self.west) * self.across, MARGIN + (self.north - lat) * self.down


def draw(outline: dict[str, Any], bbox: Sequence[float], places: Iterable[tuple[Any, float, float]]) -> Map:
    """A GeoJSON geometry in its bounding box, with a pin for each place (key, lat, lon) in it."""
    west, south, east, north = bbox
    narrow = math.cos(math.radians((south + north) / 2))
    down = min((WIDTH - 2 * MARGIN) / ((east - west) * narrow), HIGHEST / (north - south))
    across = down * narrow
    scale = Scale(west, north, across, down, (WIDTH - (east - west) * across) / 2)
    height = max(LOWEST, round((north - south) * down + 2 * MARGIN))
    inside = [p for p in places if south <= p[1] <= north and west <= p[2] <= east]
    pins = _pins((key, scale.at(lat, lon)) for key, lat, lon in inside)
    land = "".join(_ring(ring, scale) for polygon in _polygons(outline) for ring in polygon)
    drawn = Markup("").join(_pin(number, at) for number, (at, _) in enumerate(pins, 1))
    svg = Markup(
        '<svg class="map" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}</svg>'
    ).format(WIDTH, height, Markup('<path class="land" d="{}"/>').format(land), drawn)
    return Map(svg, [keys for _, keys in pins])


def _polygons(outline: dict[str, Any]) -> Any:
    shape = outline["coordinates"]
    return shape if outline["type"] == "MultiPolygon" else [shape]


def _ring(ring: Sequence[Sequence[float]], scale: Scale) -> str:
    points = (scale.at(lat, lon) for lon, lat in ring)
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "Z"


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


def _pin(number: int, at: Point) -> Markup:
    x, y = at
    return Markup(
        '<g class="pin" transform="translate({:.0f} {:.0f})"><path d="{}"/>'
        '<text y="-19" text-anchor="middle">{}</text></g>'
    ).format(x, y, PIN, number)
