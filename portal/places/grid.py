"""The earth as a grid of small cells, so that what is near each other can be counted together.

A cell of the finest level has a number: its row, then its column. A coarser level leaves out the last bits of
both. Rows and columns are plain degrees, which makes a cell of our latitude about as high as it is wide.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

BITS = 22
"""Rows and columns of the finest level: 2**22 each, in Amsterdam 5 by 6 metres."""
MASK = (1 << BITS) - 1
FIRST_ZOOM, LAST_ZOOM = 9, 20
"""At the last one a cell is one of the finest level."""
FINER = 2
"""A cell is a quarter of a tile: 64 pixels wide, whatever the zoom."""
SNAP = 2
"""A view is widened to blocks of 4 by 4 cells, so that the next one beside it often asks the same."""
MOST = 48
"""Cells along a side of a view; what is wider is cut off around its middle."""
METRES_PER_DEGREE = 111_320
NARROWEST = 0.01
"""Of latitude; a degree of longitude is narrower, but never less than this part of it: at the poles, too."""


def _row(lat: float) -> int:
    return min(MASK, max(0, int((lat + 90) / 180 * (1 << BITS))))


def _column(lon: float) -> int:
    return min(MASK, max(0, int((lon + 180) / 360 * (1 << BITS))))


def latitude(row: float) -> float:
    """Of the middle of a row; of the middle of several, if that is given."""
    return (row + 0.5) / (1 << BITS) * 180 - 90


def longitude(column: float) -> float:
    return (column + 0.5) / (1 << BITS) * 360 - 180


def cell(lat: float, lon: float) -> int:
    """The number of the cell of the finest level that a point lies in."""
    return _row(lat) << BITS | _column(lon)


@dataclass(frozen=True)
class Box:
    """A part of the earth, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, west: float, south: float, east: float, north: float) -> bool:
        return west <= self.east and east >= self.west and south <= self.north and north >= self.south

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def covers(self, lat: Any, lon: Any) -> Any:
        """The same of two columns, as a condition."""
        return lat.between(self.south, self.north) & lon.between(self.west, self.east)


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """How far apart two points lie, from either side; flat earth, exact to a metre over a neighbourhood."""
    narrow = math.cos(math.radians((lat + other_lat) / 2))
    return METRES_PER_DEGREE * math.hypot(other_lat - lat, (other_lon - lon) * narrow)


def within(far: float, *points: tuple[float, float]) -> Box:
    """The box of all that lies so many metres at most from one of these points (lat, lon)."""
    lats, lons = zip(*points, strict=True)
    high = far / METRES_PER_DEGREE
    wide = high / max(NARROWEST, math.cos(math.radians(max(map(abs, lats)) + high)))
    return Box(min(lons) - wide, min(lats) - high, max(lons) + wide, max(lats) + high)


@dataclass(frozen=True)
class View:
    """What is looked at: rows and columns of the finest level, the last ones not included, and the zoom."""

    top: int
    bottom: int
    left: int
    right: int
    zoom: int

    @property
    def shift(self) -> int:
        """How many bits of a row or column this zoom leaves out."""
        return shift(self.zoom)

    def coarser(self, bits: int) -> "View":
        """The same in rows and columns that leave out so many bits: it begins and ends with whole ones."""
        sides = ("top", "bottom", "left", "right")
        return replace(self, **{side: getattr(self, side) >> bits for side in sides})

    @property
    def box(self) -> Box:
        return Box(
            self.left / (1 << BITS) * 360 - 180,
            self.bottom / (1 << BITS) * 180 - 90,
            self.right / (1 << BITS) * 360 - 180,
            self.top / (1 << BITS) * 180 - 90,
        )


def shift(zoom: int) -> int:
    return max(0, BITS - zoom - FINER)


def view(box: Box, zoom: int) -> View:
    """Whole blocks of cells around a box."""
    zoom = min(LAST_ZOOM, max(FIRST_ZOOM, zoom))
    bottom, top = _blocks(_row(box.south), _row(box.north), shift(zoom))
    left, right = _blocks(_column(box.west), _column(box.east), shift(zoom))
    return View(top, bottom, left, right, zoom)


def _blocks(low: int, high: int, bits: int) -> tuple[int, int]:
    most = MOST << bits
    if high - low > most:
        low = (low + high - most) // 2
        high = low + most
    block = bits + SNAP
    return low >> block << block, (high >> block) + 1 << block


def around(lat: float, lon: float, zoom: int, width: int, height: int) -> Box:
    """What a picture of so many pixels shows around a point; as in every web map, 256 pixels to a tile."""
    wide = width / 256 * 360 / 2**zoom / 2
    high = height / 256 * 360 / 2**zoom / 2 * math.cos(math.radians(lat))
    return Box(lon - wide, lat - high, lon + wide, lat + high)


def fitting(box: Box, width: int, height: int) -> tuple[float, float, int]:
    """The middle of a box, and the largest zoom at which all of it is in the picture."""
    lat, lon = (box.south + box.north) / 2, (box.west + box.east) / 2
    for zoom in range(LAST_ZOOM, FIRST_ZOOM, -1):
        seen = around(lat, lon, zoom, width, height)
        if seen.west <= box.west and seen.south <= box.south:
            return lat, lon, zoom
    return lat, lon, FIRST_ZOOM
