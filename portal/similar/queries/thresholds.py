"""How likely something has to be the same to be suggested: as somebody set it, else by default."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.db import db
from portal.places.queries import areas
from portal.similar import ranking
from portal.similar.models import Threshold

DEFAULTS = {ranking.REPORT: 0.04, ranking.PETITION: 0.2}
"""As many in vain as docs/roundabout.md tells."""
EVERYWHERE = ""
NARROWEST = ("buurt", "own", "wijk")
"""The levels of neighbourhoods, from the smallest on: one as residents draw it before the official one."""


@dataclass(frozen=True)
class Least:
    """A threshold, and the area that it was set for; None where nobody set any."""

    value: float
    area: str | None = None

    @property
    def given(self) -> bool:
        return self.area is not None


def around(code: str | None) -> list[str]:
    """This neighbourhood and those it lies in, the narrowest first, and everywhere at last."""
    within = [area for area in areas() if code and area.contains(code)]
    inside = sorted(within, key=lambda area: (area.code != code, NARROWEST.index(area.level), area.code))
    return [*(area.code for area in inside), EVERYWHERE]


def in_force(kind: str, code: str | None) -> Any:
    """The newest of the narrowest area around a neighbourhood that has one of its own, as a statement."""
    codes = around(code)
    newest = db.select(db.func.max(Threshold.id)).where(Threshold.kind == kind, Threshold.area.in_(codes))
    narrowest = db.case({area: rank for rank, area in enumerate(codes)}, value=Threshold.area)
    wanted = db.select(Threshold.value, Threshold.area).where(Threshold.value.is_not(None))
    return wanted.where(Threshold.id.in_(newest.group_by(Threshold.area))).order_by(narrowest).limit(1)


def least(kind: str, code: str | None) -> Least:
    """What counts there: its own, else that of the area around it, else the default."""
    found = db.session.execute(in_force(kind, code)).first()
    return Least(*found) if found else Least(DEFAULTS[kind])


def set_before(kind: str) -> Sequence[Threshold]:
    """Every time that somebody set one, the newest first."""
    wanted = db.select(Threshold).where(Threshold.kind == kind)
    return db.session.scalars(wanted.order_by(Threshold.id.desc())).all()
