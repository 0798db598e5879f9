"""What lies near a place and may be about the same."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import undefer

from portal.dossiers import words
from portal.dossiers.models import SIGNABLE, Dossier
from portal.dossiers.queries.lists import public
from portal.kernel.db import db

NEAR_METRES = 250
"""How far a similar dossier may be to be shown beside another one: FixMyStreet's distance for residents."""
NEAR_SHOWN = 5
METRES_PER_DEGREE = 111_320


def metres(lat: float, lon: float, other: Dossier) -> float:
    """Distance to a dossier, infinite without a point; flat earth, exact to a metre over a neighbourhood."""
    if other.lat is None or other.lon is None:
        return math.inf
    north = (other.lat - lat) * METRES_PER_DEGREE
    east = (other.lon - lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)


@dataclass(frozen=True)
class Near:
    """A dossier nearby that may be about the same: how far, and in how many words alike."""

    dossier: Dossier
    metres: int
    same_category: bool
    shared_words: int


def similar(dossier: Dossier) -> list[Near]:
    """Open dossiers near this one that may be about the same, the likeliest first; not counted."""
    if dossier.lat is None or dossier.lon is None or dossier.hidden_at is not None:
        return []
    wanted = set(words.telling(dossier.title))
    return _alike(dossier.lat, dossier.lon, wanted, dossier.category_slug or "", NEAR_METRES, but=dossier.id)


def _alike(
    lat: float, lon: float, wanted: set[str], category: str, within: float, but: int | None = None
) -> list[Near]:
    high = within / METRES_PER_DEGREE
    wide = high / math.cos(math.radians(lat))
    query = _joinable().where(
        Dossier.lat.between(lat - high, lat + high), Dossier.lon.between(lon - wide, lon + wide)
    )
    if but is not None:
        query = query.where(Dossier.id != but)
    return _likeliest(query, lambda other: metres(lat, lon, other), wanted, category, within)


def _joinable() -> Any:
    signable = Dossier.state.in_(SIGNABLE), Dossier.forgotten_at.is_(None)
    return public().where(*signable, Dossier.hidden_at.is_(None))


def _likeliest(
    query: Any, away: Callable[[Dossier], float], wanted: set[str], category: str, within: float
) -> list[Near]:
    found = []
    for other in db.session.scalars(query.options(undefer(Dossier.search)).limit(500)):
        shared = len(wanted & set(other.search.split()))
        same = bool(category) and other.category_slug == category
        distance = away(other)
        if distance <= within and (same or shared):
            likely = 2.0 * same + shared - distance / within
            found.append((likely, Near(other, round(distance), same, shared)))
    best = sorted(found, key=lambda row: (-row[0], row[1].dossier.id))
    return [near for _, near in best[:NEAR_SHOWN]]
