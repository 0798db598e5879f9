"""The groups in an organisation's neighbourhood, and one of them with all that is in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation, OrganisationKind
from portal.clusters.models import Placed, SetAside, SetAsideDossier
from portal.dossiers.models import SUPPORTERS, Dossier
from portal.dossiers.queries import Page, lies_in
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.petitions.models import Consent, Lineage
from portal.petitions.policy import BUNDLED_STATES, can_be_bundled
from portal.similar.models import SEEN

LEAST = 3
"""So many are a group that is worth a look."""
GROWN = 3
"""A group that was set aside comes back when so many came since, and half as many as there were."""
SIZE = 10
ASIDES = 30


@dataclass(frozen=True)
class Group:
    """Dossiers that are about the same, the oldest first; of those that everybody may see."""

    root_id: int
    dossiers: list[Dossier]
    supporters: dict[int, int]
    split: bool = False
    """Whether people split it from another one, or another one from it."""
    new: int = 0
    """How many came since it was set aside; 0 if it never was."""

    @property
    def key(self) -> str:
        return str(self.dossiers[0].ref)

    @property
    def size(self) -> int:
        return len(self.dossiers)

    @property
    def support(self) -> int:
        """Of all of them together: who supports two of them counts twice."""
        return sum(self.supporters.values())

    @property
    def first(self) -> datetime:
        return self.dossiers[0].opened_at

    @property
    def last(self) -> datetime:
        return self.dossiers[-1].opened_at

    @property
    def over(self) -> int:
        """How many of them are over already."""
        return sum(dossier.state not in BUNDLED_STATES for dossier in self.dossiers)

    @property
    def places(self) -> list[str]:
        """Names of places, the one that is named most first."""
        named = Counter(dossier.place_name for dossier in self.dossiers if dossier.place_name)
        return [name for name, _ in named.most_common()]

    @property
    def widest(self) -> Dossier:
        """The one whose supporters live in most buildings."""
        return max(self.dossiers, key=lambda dossier: (dossier.buildings_reached, -dossier.id))

    @property
    def askable(self) -> list[Dossier]:
        """Those that somebody can be asked for."""
        return [dossier for dossier in self.dossiers if can_be_bundled(dossier)]


@dataclass
class Groups(Page):
    """One page of groups, the largest first."""


def inside(organisation: Organisation) -> Any:
    """That a dossier lies where this organisation bundles; a coalition bundles everywhere."""
    if organisation.kind == OrganisationKind.COALITION:
        return db.true()
    return lies_in(organisation.neighbourhood_code) if organisation.neighbourhood_code else db.false()


def _asked() -> Any:
    """That somebody was asked for it already, for whatever petition."""
    asked = db.select(Lineage.id).where(Lineage.dossier_id == Dossier.id, Lineage.consent != Consent.RELEASED)
    return asked.correlate(Dossier).exists()


def _of_several() -> Any:
    """Most dossiers are a group by themselves: those are passed over without being looked at."""
    return db.select(Placed.root_id).group_by(Placed.root_id).having(db.func.count() >= LEAST)


def groups(organisation: Organisation, number: int = 1) -> Groups:
    """Those worth a look: large enough, not set aside, and with something in it that nobody was asked for."""
    size = db.func.count(Placed.dossier_id)
    old = db.func.count(SetAsideDossier.dossier_id)
    left = db.func.count(db.case((db.and_(Dossier.state.in_(BUNDLED_STATES), ~_asked()), 1)))
    grown = db.and_(size - old >= GROWN, 2 * (size - old) >= old)
    found = (
        db.select(Placed.root_id, size.label("size"), old.label("old"), left.label("left"))
        .join(Dossier, Dossier.id == Placed.dossier_id)
        .outerjoin(
            SetAsideDossier,
            db.and_(
                SetAsideDossier.dossier_id == Placed.dossier_id,
                SetAsideDossier.organisation_id == organisation.id,
            ),
        )
        .where(SEEN, inside(organisation), Placed.root_id.in_(_of_several()))
        .group_by(Placed.root_id)
        .having(size >= LEAST, left > 0, db.or_(old == 0, grown))
        .subquery()
    )
    total = db.session.scalar(db.select(db.func.count()).select_from(found)) or 0
    page = Groups([], max(1, number), total, SIZE)
    page.number = min(page.number, page.last)
    largest = db.select(found).order_by(found.c.left.desc(), found.c.size.desc(), found.c.root_id)
    rows = db.session.execute(largest.limit(SIZE).offset((page.number - 1) * SIZE)).all()
    whole = _filled(organisation, [row.root_id for row in rows])
    new = {row.root_id: row.size - row.old if row.old else 0 for row in rows}
    page.items = [
        Group(root_id, *whole[root_id], new=number) for root_id, number in new.items() if root_id in whole
    ]
    return page


def _filled(
    organisation: Organisation, root_ids: Sequence[int]
) -> dict[int, tuple[list[Dossier], dict[int, int], bool]]:
    """The groups with these oldest ones -> who is in it, with how many supporters; whether it was split."""
    wanted = (
        db.select(Placed.root_id, Placed.part_id, SUPPORTERS, Dossier)
        .join(Dossier, Dossier.id == Placed.dossier_id)
        .where(SEEN, inside(organisation), Placed.root_id.in_(root_ids))
        .options(joinedload(Dossier.category))
        .order_by(Dossier.opened_at, Dossier.id)
    )
    found: dict[int, tuple[list[Dossier], dict[int, int], bool]] = {}
    for root_id, part_id, supporters, dossier in db.session.execute(wanted):
        dossiers, counts, split = found.get(root_id, ([], {}, False))
        found[root_id] = [*dossiers, dossier], counts | {dossier.id: supporters}, split or part_id is not None
    return found


def group(organisation: Organisation, ref: str) -> Group:
    """The group that the dossier with this reference belongs to."""
    wanted = db.select(Placed.root_id).join(Dossier, Dossier.id == Placed.dossier_id)
    root_id = db.session.scalar(wanted.where(Dossier.ref == ref.upper(), SEEN, inside(organisation)))
    if root_id is None:
        raise NotFound(ref)
    return Group(root_id, *_filled(organisation, [root_id])[root_id])


@dataclass(frozen=True)
class Aside:
    """What was set aside, and what it was about."""

    kept: SetAside
    oldest: Dossier
    number: int


def asides(organisation: Organisation) -> list[Aside]:
    """What this organisation set aside, the last one first."""
    wanted = (
        db.select(SetAside, Dossier)
        .join(SetAsideDossier, SetAsideDossier.set_aside_id == SetAside.id)
        .join(Dossier, Dossier.id == SetAsideDossier.dossier_id)
        .where(SetAside.organisation_id == organisation.id, SEEN)
        .order_by(SetAside.id.desc(), Dossier.opened_at, Dossier.id)
        .limit(ASIDES * LEAST * SIZE)
    )
    found: dict[int, Aside] = {}
    for kept, dossier in db.session.execute(wanted):
        known = found.get(kept.id)
        found[kept.id] = Aside(kept, known.oldest if known else dossier, known.number + 1 if known else 1)
    return list(found.values())[:ASIDES]
