"""Which part of the earth an address asks for; what nobody can read is left out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from portal.dossiers.models import Kind
from portal.dossiers.queries import Filter
from portal.dossiers.texts import STATES
from portal.places.grid import FIRST_ZOOM, LAST_ZOOM, Box, View, around, fitting, view
from portal.web.forms import strip


@dataclass(frozen=True)
class Window:
    """A picture of so many pixels: its middle, and how near it is."""

    lat: float
    lon: float
    zoom: int
    width: int = 640
    height: int = 480

    @property
    def box(self) -> Box:
        return around(self.lat, self.lon, self.zoom, self.width, self.height)

    @property
    def view(self) -> View:
        return view(self.box, self.zoom)

    def moved(self, right: float = 0, up: float = 0, nearer: int = 0) -> "Window":
        """The same picture of what lies beside it, in widths and heights of it, or nearer."""
        box = self.box
        lat = self.lat + up * (box.north - box.south)
        lon = self.lon + right * (box.east - box.west)
        return Window(lat, lon, min(LAST_ZOOM, max(FIRST_ZOOM, self.zoom + nearer)))

    @property
    def address(self) -> dict[str, str]:
        """As it stands in an address; five decimals are a metre."""
        return {"lat": f"{self.lat:.5f}", "lon": f"{self.lon:.5f}", "zoom": str(self.zoom)}


def number(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def window(given: Mapping[str, str], otherwise: Box) -> Window:
    """What the address asks for; else a picture in which all of this box is."""
    lat, lon, zoom = number(given.get("lat")), number(given.get("lon")), number(given.get("zoom"))
    if lat is None or lon is None or abs(lat) > 85 or abs(lon) > 180:
        return Window(*fitting(otherwise, Window.width, Window.height))
    return Window(lat, lon, min(LAST_ZOOM, max(FIRST_ZOOM, int(zoom if zoom is not None else 16))))


def box(given: Mapping[str, str]) -> Box | None:
    """`bbox=west,south,east,north`; None when that is not what it says."""
    sides = [number(side) for side in given.get("bbox", "").split(",")]
    known = [side for side in sides if side is not None]
    if len(sides) != 4 or len(known) != 4:
        return None
    found = Box(*known)
    on_earth = -180 <= found.west < found.east <= 180 and -90 <= found.south < found.north <= 90
    return found if on_earth else None


def asked(given: Mapping[str, str]) -> View | None:
    """The view of a box at a zoom."""
    found, zoom = box(given), number(given.get("zoom"))
    return view(found, int(zoom)) if found and zoom is not None else None


def chosen(given: Mapping[str, str]) -> Filter:
    """The filter as the form of the list has it, without asking what there is to choose from."""
    kind, state = given.get("kind", ""), given.get("state", "")
    return Filter(
        kind=kind if kind in set(Kind) else "",
        state=state if state in STATES else "",
        category=given.get("category", ""),
        neighbourhood=given.get("neighbourhood", ""),
        words=strip(given.get("q")),
    )
