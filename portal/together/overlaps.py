"""Which open petitions and plans are so like another one that their people should know of each other.

One question, `overlapping`, and one answer: others, the likeliest first, each with the reason. Everything
else here and above asks that alone.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import undefer

from portal.dossiers import words
from portal.dossiers.models import Dossier
from portal.dossiers.queries import days_apart, metres
from portal.kernel.db import db
from portal.together.policy import STATES

NEAR, FAR = 500, 3000
"""Metres: within the first is in the same place, beyond the second is in another neighbourhood."""
WEEK = 6
"""So many days apart, two plans are in one week."""
ENOUGH_IN_WEEK, ENOUGH_NEAR, ENOUGH = 0.25, 0.5, 0.75
"""The share of the telling words of both titles that the other one has, too: in the same place and week, in
the same place, and elsewhere in the neighbourhood."""
ALIKE, SHOWN = 300, 5


@dataclass(frozen=True)
class Overlap:
    """Another dossier that is about the same, and why."""

    dossier: Dossier
    share: float
    """Between 0 and 1: how much of both titles stands in the other."""
    metres: int | None
    days: int | None
    """Between the days of two plans; empty when one has none."""
    words: tuple[str, ...]
    """What both say, as it is written there."""

    @property
    def why(self) -> dict[str, Any]:
        """The reason as plain JSON values."""
        return {"metres": self.metres, "days": self.days, "words": list(self.words)}


def overlapping(dossier: Dossier) -> list[Overlap]:
    """Open dossiers of the same kind that are about the same, the likeliest first. It asks nobody.

    By the words of both, how far apart they are, and whether they are in one week.
    """
    told = _telling(dossier)
    found = [_compared(dossier, told, other) for other in _candidates(dossier, told)]
    likely = [overlap for overlap in found if overlap.share >= _enough(overlap)]
    return sorted(likely, key=lambda o: (-o.share, o.metres or 0, o.dossier.id))[:SHOWN]


def _candidates(dossier: Dossier, told: set[str]) -> list[Dossier]:
    """Those that say at least one of these words, the newest first."""
    state = STATES.get(dossier.kind)  # type: ignore[call-overload]
    if state is None or not told:
        return []
    says = [Dossier.search.contains(f" {stem}", autoescape=True) for stem in sorted(told)]
    there = Dossier.hidden_at.is_(None), Dossier.forgotten_at.is_(None), ~Dossier.stayed_private
    wanted = db.select(Dossier).where(
        Dossier.kind == dossier.kind, Dossier.state == state, Dossier.id != dossier.id, *there, db.or_(*says)
    )
    newest = wanted.order_by(Dossier.opened_at.desc(), Dossier.id.desc()).limit(ALIKE)
    return list(db.session.scalars(newest.options(undefer(Dossier.search))))


def _compared(dossier: Dossier, told: set[str], other: Dossier) -> Overlap:
    spots = set(words.stems(f"{dossier.place_name} {other.place_name}"))
    mine, theirs = told - spots, _telling(other) - spots
    both = mine & set(other.search.split())
    shares = _share(mine, set(other.search.split())), _share(theirs, set(dossier.search.split()))
    said = [word for word in dossier.title.split() if both.intersection(words.telling(word))]
    here = dossier.lat is not None and dossier.lon is not None
    apart = metres(dossier.lat or 0, dossier.lon or 0, other) if here else math.inf
    return Overlap(
        other,
        sum(shares) / 2,
        None if math.isinf(apart) else round(apart),
        _days(dossier.begins_at, other.begins_at),
        tuple(dict.fromkeys(word.strip(".,:;!?“”\"'()").lower() for word in said)),
    )


def _telling(dossier: Dossier) -> set[str]:
    """What its title is about; where it is, the name of the place says."""
    return set(words.telling(dossier.title)) - set(words.stems(dossier.place_name))


def _days(one: datetime | None, other: datetime | None) -> int | None:
    return days_apart(one, other) if one is not None and other is not None else None


def _share(some: set[str], among: set[str]) -> float:
    return len(some & among) / len(some) if some else 0.0


def _enough(overlap: Overlap) -> float:
    """How much they must share to be about the same, where they are."""
    if overlap.metres is not None and overlap.metres > FAR:
        return math.inf
    if overlap.metres is None or overlap.metres > NEAR:
        return ENOUGH
    in_week = overlap.days is not None and overlap.days <= WEEK
    return ENOUGH_IN_WEEK if in_week else ENOUGH_NEAR
