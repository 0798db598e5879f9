"""Small maps that need no script: what lies around a place, and where the place is."""

from markupsafe import Markup

from portal.dossiers.models import Dossier
from portal.places import land
from portal.places.grid import Box, around
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
    box = around(dossier.lat, dossier.lon, ZOOM, WIDTH, HEIGHT)
    scale = maps.seen(dossier.lat, dossier.lon, ZOOM, WIDTH, HEIGHT)
    return maps.picture(scale, under(box, ZOOM, NAMES), [(dossier.lat, dossier.lon, "")], "map small")
