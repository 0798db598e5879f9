"""Groups as pages show them."""

from portal.clusters.queries import Group
from portal.dossiers.drawing import under
from portal.places.grid import Box, fitting
from portal.web import maps
from portal.web.maps import Map

WIDTH, HEIGHT, LARGEST = 640, 420, 17
EDGE = 0.0008
"""Degrees around the outermost points: enough to see a street or two."""
NAMES = 6


def drawn(group: Group) -> Map | None:
    """Its places among the streets; nothing when none of them has a point."""
    points = [(d, d.lat, d.lon) for d in group.dossiers if d.lat is not None and d.lon is not None]
    if not points:
        return None
    lats, lons = [lat for _, lat, _ in points], [lon for _, _, lon in points]
    box = Box(min(lons) - EDGE * 1.6, min(lats) - EDGE, max(lons) + EDGE * 1.6, max(lats) + EDGE)
    lat, lon, zoom = fitting(box, WIDTH, HEIGHT)
    return maps.pinned(
        maps.seen(lat, lon, min(zoom, LARGEST), WIDTH, HEIGHT), points, under(box, zoom, NAMES)
    )


def usual(number: float) -> str:
    """The middle of an even number of weeks may lie between two."""
    return f"{number:g}"
