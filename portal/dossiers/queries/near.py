"""How far apart things lie."""

import math

from portal.dossiers.models import Dossier
from portal.places import grid

NEAR_METRES = 250
"""How far a similar dossier may be to be shown beside another one: FixMyStreet's distance for residents."""


def metres(lat: float, lon: float, other: Dossier) -> float:
    """Distance to a dossier, infinite without a point."""
    if other.lat is None or other.lon is None:
        return math.inf
    return grid.metres(lat, lon, other.lat, other.lon)
