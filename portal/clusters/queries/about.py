"""What is open already about the same as a group: petitions that its dossiers are part of, and others."""

from dataclasses import dataclass

from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.clusters import rules
from portal.clusters.queries.groups import Group, inside
from portal.clusters.rules import THING, Sketch
from portal.dossiers.models import SIGNABLE, Dossier, Kind, State
from portal.dossiers.queries import supporters_of
from portal.kernel.db import db
from portal.petitions.models import Lineage
from portal.petitions.queries import SHOWN
from portal.similar.models import SEEN, Indexed

LOOKED_AT = 200
MOST = 5
SHARE = 0.5
"""A petition is about the same when it is akin to so large a part of the group."""


@dataclass(frozen=True)
class About:
    """A petition about the same."""

    petition: Dossier
    parts: list[str]
    """References of those in the group that are part of it or asked for it."""
    supporters: int
    before_hand_over: bool

    @property
    def own(self) -> bool:
        return bool(self.parts)


def about(organisation: Organisation, group: Group) -> list[About]:
    """Those that the group's dossiers are part of first, then those that are alike most of them."""
    parts = _parts(organisation, group)
    found = {petition.id: petition for petition, _ in parts}
    refs: dict[int, list[str]] = {}
    for petition, ref in parts:
        refs.setdefault(petition.id, []).append(ref)
    for petition in _alike(organisation, group):
        found.setdefault(petition.id, petition)
    chosen = list(found.values())[: MOST + len(refs)]
    counts = supporters_of(petition.id for petition in chosen)
    return [About(p, refs.get(p.id, []), counts[p.id], _gathers(p)) for p in chosen]


def _gathers(petition: Dossier) -> bool:
    return petition.state in {State.DRAFT, State.GATHERING}


def _parts(organisation: Organisation, group: Group) -> list[tuple[Dossier, str]]:
    """Petitions with the dossiers of the group that they ask; drafts only of this organisation."""
    refs = {dossier.id: str(dossier.ref) for dossier in group.dossiers}
    ours = db.and_(Dossier.organisation_id == organisation.id, Dossier.state == State.DRAFT)
    wanted = (
        db.select(Dossier, Lineage.dossier_id)
        .join(Lineage, Lineage.petition_id == Dossier.id)
        .where(Lineage.dossier_id.in_(refs), Lineage.consent.in_(SHOWN), db.or_(SEEN, ours))
        .order_by(Dossier.id, Lineage.dossier_id)
        .options(joinedload(Dossier.organisation))
    )
    return [(petition, refs[number]) for petition, number in db.session.execute(wanted)]


def _alike(organisation: Organisation, group: Group) -> list[Dossier]:
    """Petitions from here that have the words of most of the group. Where and when does not count."""
    wanted = (
        db.select(Dossier, Indexed.title, Indexed.body, Indexed.marks)
        .join(Indexed, Indexed.dossier_id == Dossier.id)
        .where(SEEN, inside(organisation), Dossier.kind == Kind.PETITION, Dossier.state.in_(SIGNABLE))
        .order_by(Dossier.opened_at.desc(), Dossier.id.desc())
        .options(joinedload(Dossier.organisation))
    )
    rows = db.session.execute(wanted.limit(LOOKED_AT)).all()
    members = _sketches(group) if rows else []
    alike: list[tuple[int, Dossier]] = []
    for petition, title, body, marks in rows:
        one = _sketch(petition, f"{title} {body}", marks)
        number = sum(rules.topic(one, other) >= rules.AKIN for other in members)
        if members and number >= SHARE * len(members):
            alike.append((number, petition))
    return [petition for _, petition in sorted(alike, key=lambda row: (-row[0], row[1].id))][:MOST]


def _sketches(group: Group) -> list[Sketch]:
    wanted = db.select(Indexed.dossier_id, Indexed.title, Indexed.body, Indexed.marks)
    known = {dossier.id: dossier for dossier in group.dossiers}
    rows = db.session.execute(wanted.where(Indexed.dossier_id.in_(known)))
    return [_sketch(known[row.dossier_id], f"{row.title} {row.body}", row.marks) for row in rows]


def _sketch(dossier: Dossier, stems: str, marks: str) -> Sketch:
    things = (mark for mark in marks.split() if mark.startswith(THING))
    said = rules.terms(stems.split(), things, dossier.place_name)
    return Sketch(dossier.id, 0, "", said, dossier.category_slug or "")
