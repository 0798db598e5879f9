"""Which open petitions and plans are so like another one that their people should know of each other.

One question, `overlapping`, and one answer: others, the likeliest first, each with the reason. Everything
else here and above asks that alone.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.queries import days_apart
from portal.kernel.db import db
from portal.similar.queries import Alike, alike, may_be_like
from portal.together.policy import STATES

NEAR, FAR = 500, 3000
"""Metres: within the first is in the same place, beyond the second is in another neighbourhood."""
WEEK = 6
"""So many days apart, two plans are in one week."""
ENOUGH_IN_WEEK, ENOUGH_NEAR, ENOUGH = 0.25, 0.5, 0.75
"""How likely they have to be the same: in the same place and week, in the same place, and elsewhere in the
neighbourhood."""
SHOWN = 5


@dataclass(frozen=True)
class Overlap:
    """Another dossier that is about the same, and why."""

    dossier: Dossier
    likely: float
    """How likely it is the same, between 0 and 1."""
    metres: int | None
    days: int | None
    """Between the days of two plans; empty when one has none."""
    words: tuple[str, ...]
    """What both say, as this one writes it."""

    @property
    def why(self) -> dict[str, Any]:
        """The reason as plain JSON values."""
        return {"metres": self.metres, "days": self.days, "words": list(self.words)}


def overlapping(dossier: Dossier) -> list[Overlap]:
    """Open dossiers of the same kind that are about the same, the likeliest first. It asks nobody.

    By the ranking of what may be the same, how far apart they are, and whether they are in one week.
    """
    state = STATES.get(dossier.kind)  # type: ignore[call-overload]
    if state is None:
        return []
    known = alike(dossier, may_be_like(dossier))
    found = [_overlap(dossier, one) for one in known if one.dossier.state == state and one.about_the_same]
    likely = [overlap for overlap in found if overlap.likely >= _enough(overlap)][:SHOWN]
    whole = db.select(Dossier).where(Dossier.id.in_([overlap.dossier.id for overlap in likely]))
    db.session.scalars(whole).all()  # the ranking reads less of each than those need who ask their people
    return likely


def _overlap(dossier: Dossier, one: Alike) -> Overlap:
    apart = None if one.metres is None else round(one.metres)
    return Overlap(one.dossier, one.likely, apart, _days(dossier.begins_at, one.dossier.begins_at), one.words)


def _days(one: datetime | None, other: datetime | None) -> int | None:
    return days_apart(one, other) if one is not None and other is not None else None


def _enough(overlap: Overlap) -> float:
    """How much they must share to be about the same, where they are."""
    if overlap.metres is not None and overlap.metres > FAR:
        return math.inf
    if overlap.metres is None or overlap.metres > NEAR:
        return ENOUGH
    in_week = overlap.days is not None and overlap.days <= WEEK
    return ENOUGH_IN_WEEK if in_week else ENOUGH_NEAR
