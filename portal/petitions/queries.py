"""Everything that can be seen of petitions and of what they are made from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation, OrganisationKind, Person, Role
from portal.accounts.queries import organisations
from portal.dossiers.limits import HELD_NUMBER
from portal.dossiers.models import Dossier, Kind, Signature, State
from portal.dossiers.queries import Filter, Page, lies_in, narrowed, paged
from portal.kernel.db import db, find
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.policy import allowed, require
from portal.kernel.tickets import For, read
from portal.petitions.models import Consent, Demand, Lineage, Succession
from portal.petitions.policy import BUNDLED_KINDS, BUNDLED_STATES, Do
from portal.ties.queries import tied_refs

SHOWN = [Consent.JOINED, Consent.ASKED, Consent.LATER, Consent.APART]
"""In this order on the page of the petition."""


@dataclass(frozen=True)
class Progress:
    """How far it is, for one petition: those asked, in the order of SHOWN, and its signatures."""

    joined: int = 0
    asked: int = 0
    later: int = 0
    apart: int = 0
    held: int = 0
    """Signatures that wait for a look."""

    @property
    def total(self) -> int:
        return self.joined + self.asked + self.later + self.apart


def demands(petition: Dossier) -> list[Demand]:
    wanted = db.select(Demand).filter_by(petition_id=petition.id)
    return list(db.session.scalars(wanted.order_by(Demand.position)))


def parts(petition: Dossier) -> list[Lineage]:
    """The dossiers that are asked to join: those that did first, those that stay apart last."""
    wanted = db.select(Lineage).filter_by(petition_id=petition.id).where(Lineage.consent.in_(SHOWN))
    found = db.session.scalars(wanted.options(joinedload(Lineage.dossier)).order_by(Lineage.dossier_id))
    return sorted(found, key=lambda part: SHOWN.index(Consent(part.consent)))


def lineages_of(dossier: Dossier) -> list[Lineage]:
    """The petitions that this dossier is part of or asked for, drafts among them."""
    wanted = db.select(Lineage).filter_by(dossier_id=dossier.id).where(Lineage.consent.in_(SHOWN))
    found = db.session.scalars(wanted.options(joinedload(Lineage.petition)).order_by(Lineage.petition_id))
    return list(found)


def lineage_by_ticket(ticket: str) -> Lineage:
    """What a link in a mail asks about."""
    return find(Lineage, read(For.CONSENT, ticket))


def lineage(actor: Any, ref: str, lineage_id: int) -> Lineage:
    """What the one who opened the dossier with this reference is asked."""
    found = _lineage(lineage_id)
    if found.dossier.ref != ref.upper():
        raise NotFound(ref)
    require(actor, Do.SEE_CONSENT, found)
    return found


def part(petition: Dossier, lineage_id: int) -> Lineage:
    """One dossier of this petition."""
    found = _lineage(lineage_id)
    if found.petition_id != petition.id:
        raise NotFound(f"lineage {lineage_id}")
    return found


def _lineage(lineage_id: int) -> Lineage:
    return find(Lineage, lineage_id)


def asked(lineage: Lineage) -> list[Person]:
    """Who may give the answer: who opened the dossier, or all who speak for its organisation today."""
    dossier = lineage.dossier
    if dossier.organisation is None:
        return [dossier.opener] if dossier.opener is not None else []
    return speakers(dossier.organisation)


def speakers(organisation: Organisation) -> list[Person]:
    """Its organisers and contacts of today."""
    members = Person.memberships.any(organisation_id=organisation.id)
    found = db.session.scalars(db.select(Person).where(members).order_by(Person.id))
    return [p for p in found if organisation.id in p.organisation_ids(Role.ORGANISER, Role.CONTACT)]


def authorities() -> list[Organisation]:
    return organisations(OrganisationKind.AUTHORITY)


def bundlers(actor: Any) -> list[Organisation]:
    """The platforms and coalitions in whose name the actor may write a petition."""
    own = actor.organisations(Role.ORGANISER) if actor.is_authenticated else []
    return [organisation for organisation in own if allowed(actor, Do.DRAFT, organisation)]


def bundler(actor: Any, key: str = "") -> Organisation:
    """The one with this key, or the first; NotAllowed for somebody who has none."""
    found = [organisation for organisation in bundlers(actor) if key in {"", organisation.key}]
    if not found:
        raise NotAllowed(Do.DRAFT)
    return found[0]


def _invitable(organisation: Organisation | None) -> Any:
    """The same as policy.fits, as a query."""
    query = db.select(Dossier).where(
        Dossier.kind.in_(BUNDLED_KINDS),
        Dossier.state.in_(BUNDLED_STATES),
        Dossier.hidden_at.is_(None),
        db.or_(Dossier.opener_id.is_not(None), Dossier.organisation_id.is_not(None)),
    )
    if organisation is not None and organisation.kind == OrganisationKind.COALITION:
        return query
    code = organisation.neighbourhood_code if organisation else None
    return query.where(lies_in(code) if code else db.false())


def successors(actor: Any, petition: Dossier) -> list[Dossier]:
    """What this petition can go on as: another one that is being signed and goes on as nothing else.

    It is in the same organisation's name, or in that of the coalition above or below it, and the actor's too.
    """
    ours = petition.organisation
    if ours is None:
        return []
    own = actor.organisations(Role.ORGANISER) if actor.is_authenticated else []
    kin = {other.id for other in own if other.id == ours.id or _coalesced(ours, other)}
    wanted = db.select(Dossier).where(
        Dossier.organisation_id.in_(kin),
        Dossier.kind == Kind.PETITION,
        Dossier.state == State.GATHERING,
        Dossier.hidden_at.is_(None),
        Dossier.forgotten_at.is_(None),
        Dossier.id != petition.id,
        Dossier.id.not_in(db.select(Succession.petition_id)),
    )
    return list(db.session.scalars(wanted.order_by(Dossier.opened_at.desc(), Dossier.id.desc())))


def _coalesced(one: Organisation, other: Organisation) -> bool:
    """Whether one of them is the coalition that the other belongs to."""
    pairs = ((one, other), (other, one))
    return any(a.kind == OrganisationKind.COALITION and b.parent_id == a.id for a, b in pairs)


def successions(petition: Dossier) -> list[Succession]:
    """What it goes on as, and what it continues."""
    wanted = db.select(Succession).where(
        db.or_(Succession.petition_id == petition.id, Succession.successor_id == petition.id)
    )
    both = joinedload(Succession.petition), joinedload(Succession.successor)
    return list(db.session.scalars(wanted.options(*both).order_by(Succession.id)))


def succession_of(petition_id: int) -> Succession | None:
    """What this petition goes on as."""
    return db.session.scalar(db.select(Succession).filter_by(petition_id=petition_id))


def moving_by_ticket(ticket: str) -> tuple[Signature, Succession]:
    """The signature that a link in a mail stands for, and what its petition goes on as."""
    signature = find(Signature, read(For.MOVE, ticket))
    succession = succession_of(signature.dossier_id)
    if succession is None:
        raise NotFound("succession")
    return signature, succession


def invitable(organisation: Organisation | None, refs: Sequence[str]) -> list[Dossier]:
    """Those of these dossiers that the organisation may invite, in the order of their numbers."""
    wanted = _invitable(organisation).where(Dossier.ref.in_([ref.upper() for ref in refs]))
    return list(db.session.scalars(wanted.order_by(Dossier.id)))


def with_what_belongs(organisation: Organisation | None, chosen: Sequence[Dossier]) -> list[Dossier]:
    """These, and what is said to belong with them and may be invited, too."""
    tied = tied_refs([dossier.id for dossier in chosen])
    more = {ref for refs in tied.values() for ref in refs} - {str(dossier.ref) for dossier in chosen}
    return [*chosen, *invitable(organisation, sorted(more))] if more else list(chosen)


def to_bundle(organisation: Organisation, given: Filter, number: int = 1) -> Page:
    """Dossiers that the organisation may invite, the newest first."""
    return paged(narrowed(_invitable(organisation), given), number)


def not_asked(petition: Dossier, given: Filter, number: int = 1) -> Page:
    """Dossiers that may be invited and were not asked for this petition, the newest first."""
    answered = db.or_(Lineage.consent != Consent.RELEASED, Lineage.answered_at.is_not(None))
    known = db.select(Lineage.dossier_id).filter_by(petition_id=petition.id).where(answered)
    query = narrowed(_invitable(petition.organisation), given)
    return paged(query.where(Dossier.id.not_in(known)), number)


def joined_refs(dossier_ids: Iterable[int]) -> dict[int, list[str]]:
    """Dossier id -> the references of the petitions it joined, in one query."""
    wanted = (
        db.select(Lineage.dossier_id, Dossier.ref)
        .join(Dossier, Dossier.id == Lineage.petition_id)
        .where(Lineage.dossier_id.in_(list(dossier_ids)), Lineage.consent == Consent.JOINED)
    )
    found: dict[int, list[str]] = {}
    for dossier_id, ref in db.session.execute(wanted.order_by(Dossier.id)):
        found.setdefault(dossier_id, []).append(ref)
    return found


def petitions_of(organisation: Organisation, most: int = 30) -> list[tuple[Dossier, Progress]]:
    """The organisation's petitions, drafts among them, the newest first; with how far the asking is."""
    numbers = [db.func.count(db.case((Lineage.consent == consent, 1))) for consent in SHOWN]
    wanted = (
        db.select(Dossier, *numbers, HELD_NUMBER)
        .outerjoin(Lineage, Lineage.petition_id == Dossier.id)
        .where(Dossier.organisation_id == organisation.id, Dossier.kind == Kind.PETITION)
        .group_by(Dossier.id)
        .order_by(Dossier.opened_at.desc(), Dossier.id.desc())
    )
    return [(row[0], Progress(*row[1:])) for row in db.session.execute(wanted.limit(most))]
