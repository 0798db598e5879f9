"""How far apart things lie."""

import math

from portal.dossiers.models import Dossier

NEAR_METRES = 250
"""How far a similar dossier may be to be shown beside another one: FixMyStreet's distance for residents."""
METRES_PER_DEGREE = 111_320


def metres(lat: float, lon: float, other: Dossier) -> float:
    """Distance to a dossier, infinite without a point; flat earth, exact to a metre over a neighbourhood."""
    if other.lat is None or other.lon is None:
        return math.inf
    north = (other.lat - lat) * METRES_PER_DEGREE
    east = (other.lon - lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)
