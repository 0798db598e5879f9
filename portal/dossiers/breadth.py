"""How widely support is spread: what is counted, and how little of it is shown so that nobody's home is told.

Each cell ("in Kleiburg", "on paper") splits the supporters into those in it and the rest. It is shown as a
band, and only when there are FEW in it and FEW in the rest; and it changes only when FEW in it and FEW of
the rest came or went since it changed last. Why that is enough: docs/breadth.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import aliased

from portal.accounts.models import Household, Person
from portal.accounts.queries import Homes
from portal.dossiers.models import COUNTED, Dossier, Signature, Way
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.places.queries import area, drawn_around

FEW = 5
BANDS = (5, 10, 25, 50, 100)
"""The lowest number of each; above the last one it is not told apart any more."""
MUCH, LATELY = 10, timedelta(days=365)
"""Who signed so many other dossiers in this time supports much."""
UNKNOWN = ""

NOTHING: dict[str, Any] = {"buildings": [], "cores": [], "areas": []}
NOTHING |= dict.fromkeys(("unknown", "paper", "assisted", "much"), 0)
"""What is seen as long as there is no picture."""

Cells = dict[str, dict[str, int]]
"""What is told apart (building, area, way, much) -> cell -> number of supporters. Each counts all of them."""
Told = dict[str, dict[str, list[int]]]
"""The same, with for each cell how many were in it and how many were not when it changed last."""


def band(number: int) -> int:
    """The lowest number of the band that this one lies in; 0 for those that are too few to be shown."""
    return max((lowest for lowest in BANDS if lowest <= number), default=0)


def visible(inside: int, rest: int) -> int:
    """The band in which a cell is shown; 0 where that would say something of a few people."""
    return band(inside) if rest >= FEW else 0


def renewed(told: Told, cells: Cells) -> Told:
    """What the next picture is made from: a cell stays what it was, unless enough people came or went."""
    found: Told = {}
    for kind, counted in cells.items():
        total, known = sum(counted.values()), told.get(kind, {})
        found[kind] = {}
        for cell in sorted({*known, *counted}):
            before = known.get(cell, [0, 0])
            inside = counted.get(cell, 0)
            fresh = [inside, total - inside]
            found[kind][cell] = fresh if _may_change(before, fresh) else before
    return found


def _may_change(before: list[int], fresh: list[int]) -> bool:
    differs = visible(*before) != visible(*fresh)
    return differs and all(abs(one - other) >= FEW for one, other in zip(before, fresh, strict=True))


def cells_of(dossier: Dossier, homes: Homes) -> Cells:
    """Everybody who supports a dossier, told apart in each way; counted in one statement."""
    found: dict[str, Counter[str]] = {kind: Counter() for kind in ("building", "area", "way", "much")}
    for home, way, much, number in db.session.execute(_grouped(dossier.id)):
        building = home if home in homes.buildings else UNKNOWN
        around = drawn_around(homes.buildings.get(building))
        found["building"][building] += number
        found["area"][around.code if around else UNKNOWN] += number
        found["way"][way] += number
        found["much"]["yes" if much else "no"] += number
    return {kind: dict(counted) for kind, counted in found.items()}


def _grouped(dossier_id: int) -> Any:
    """Home, way, whether they support much else, and how many."""
    home = db.func.coalesce(db.func.nullif(Signature.building, ""), Person.building, UNKNOWN)
    each = (
        db.select(home.label("home"), Signature.way, db.case((_others() >= MUCH, 1), else_=0).label("much"))
        .outerjoin(Person, Person.id == Signature.person_id)
        .where(Signature.dossier_id == dossier_id, Signature.state.in_(COUNTED))
        .subquery()
    )
    return db.select(*each.c, db.func.count()).group_by(*each.c)


def _others() -> Any:
    """How many other dossiers somebody joined lately."""
    other = aliased(Signature)
    theirs = db.select(db.func.count(other.id)).where(
        other.person_id == Signature.person_id,
        other.id != Signature.id,
        other.state.in_(COUNTED),
        other.confirmed_at > now() - LATELY,
    )
    return theirs.correlate(Signature).scalar_subquery()


def buildings_around(code: str | None, homes: Homes) -> list[str]:
    """The buildings of the neighbourhood, as residents draw it, in which this one lies."""
    around = drawn_around(code)
    return [name for name, at in homes.buildings.items() if around is not None and around.contains(at)]


def picture(told: Told, homes: Homes, code: str | None) -> dict[str, Any]:
    """What everybody may see of it: bands instead of numbers, 0 for what is not shown."""
    seen = {kind: {cell: visible(*pair) for cell, pair in cells.items()} for kind, cells in told.items()}
    lit, areas, ways, much = (seen.get(kind, {}) for kind in ("building", "area", "way", "much"))
    here = buildings_around(code, homes)
    cores = {name: theirs for name, theirs in homes.cores.items() if set(theirs) & set(here)}
    return NOTHING | {
        "buildings": [[name, lit.get(name, 0)] for name in here],
        "unknown": lit.get(UNKNOWN, 0),
        "cores": [[name, any(lit.get(b, 0) for b in theirs)] for name, theirs in cores.items()],
        "areas": [known.name for known in map(area, areas) if known and areas[known.code]],
        "paper": ways.get(Way.PAPER, 0),
        "assisted": ways.get(Way.ASSISTED, 0),
        "much": much.get("yes", 0),
    }


@dataclass(frozen=True)
class Households:
    """By how many households some dossiers were opened."""

    dossiers: int
    homes: int
    """The lowest number of the band; 0: fewer than FEW."""
    unknown: int
    """How many of the dossiers say nothing of who opened them."""


def households(dossier_ids: Sequence[int]) -> Households:
    """Who gave the number of their home counts with whoever else lives there; others count for themselves,
    and together with who shares their mail address."""
    wanted = (
        db.select(Dossier.opener_id, Household.first_id, Signature.building, Signature.unit)
        .outerjoin(Household, Household.second_id == Dossier.opener_id)
        .outerjoin(
            Signature, (Signature.dossier_id == Dossier.id) & (Signature.person_id == Dossier.opener_id)
        )
        .where(Dossier.id.in_(dossier_ids), Dossier.opener_id.is_not(None))
    )
    rows = db.session.execute(wanted).all()
    found = {(building, unit) if building and unit else first or who for who, first, building, unit in rows}
    return Households(len(dossier_ids), band(len(found)), len(dossier_ids) - len(rows))
