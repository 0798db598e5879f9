"""Small maps that need no script: what lies around a place, and where the place is."""

from functools import lru_cache

from markupsafe import Markup

from portal.dossiers.models import Dossier
from portal.places import land
from portal.places.grid import Box, around
from portal.places.queries import areas
from portal.web import maps

WIDTH, HEIGHT, ZOOM, NAMES = 400, 260, 15, 5


def under(box: Box, zoom: int, most: int = 12) -> maps.Land:
    """Outlines and names of this part of the map, ready to be drawn."""
    found = land.outlines(box, zoom)
    names = [(n.lat, n.lon, n.name, n.is_area) for n in land.labels(box, zoom, most)]
    near = [line for outline in found if outline.area.level != "own" for line in outline.lines]
    own = [line for outline in found if outline.area.level == "own" for line in outline.lines]
    return maps.Land(near, own, names)


def map_of(dossier: Dossier) -> Markup:
    """The place of a dossier among the streets; nothing when it has no point."""
    if dossier.lat is None or dossier.lon is None:
        return Markup("")
    return _place(dossier.lat, dossier.lon, id(areas()))


@lru_cache(maxsize=1000)
def _place(lat: float, lon: float, _known: int) -> Markup:
    """Drawn once, as long as the outlines are the same ones: a point does not move."""
    box, scale = around(lat, lon, ZOOM, WIDTH, HEIGHT), maps.seen(lat, lon, ZOOM, WIDTH, HEIGHT)
    return maps.picture(scale, under(box, ZOOM, NAMES), [(lat, lon, "")], "map small")
