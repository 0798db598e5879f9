"""Everything that can be seen of doing it together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Organisation, Person
from portal.dossiers.models import Dossier
from portal.dossiers.queries import dossier, supporters_of
from portal.kernel.clock import now
from portal.kernel.db import db, find
from portal.kernel.errors import Invalid, NotAllowed, NotFound
from portal.kernel.policy import NOBODY, allowed, require
from portal.kernel.tickets import For, read
from portal.petitions import queries as petitions
from portal.petitions.queries import speakers, succession_of
from portal.together.models import Partner, Party, Problem, Proposal, ProposalState, Says
from portal.together.overlaps import Overlap, overlapping
from portal.together.policy import Do, can_go_together, goes_on, same_people

LATER_STAYS = timedelta(days=30)
GROWN, GROWN_BY = 1.5, 10
"""It has clearly grown: by half, and by ten people at least."""
MOST_OPEN = 3
"""So many questions may wait for the people of one dossier before the portal asks them no more by itself."""
SHOWN = 30


def pair(one: Dossier, other: Dossier) -> str:
    """What names two dossiers, whichever is first."""
    return "-".join(str(number) for number in sorted((one.id, other.id)))


def partners(dossier: Dossier) -> list[Partner]:
    """All who carry this dossier, or the one that it goes on as: the host first. Empty: it is alone."""
    if not dossier.shared:
        return []
    mine = db.select(Partner.host_id).filter_by(dossier_id=dossier.id).scalar_subquery()
    wanted = db.select(Partner).where(Partner.host_id == mine)
    whole = joinedload(Partner.dossier).joinedload(Dossier.organisation), joinedload(Partner.host)
    ordered = wanted.order_by(Partner.dossier_id != Partner.host_id, Partner.joined_at, Partner.id)
    return list(db.session.scalars(ordered.options(*whole)))


def root(dossier: Dossier) -> Dossier:
    """What it goes on as: itself, or its host."""
    return partner_of(dossier).host if dossier.shared else dossier


def partner_of(dossier: Dossier) -> Partner:
    """Its row among the partners; NotFound when it is alone."""
    known = db.session.scalar(db.select(Partner).filter_by(dossier_id=dossier.id))
    if known is None:
        raise NotFound(f"partner {dossier.ref}")
    return known


def members(host: Dossier) -> list[Dossier]:
    """The dossiers whose people have a say about this one: its own, and those of its partners."""
    return [partner.dossier for partner in partners(host)] or [host]


def people_of(dossier: Dossier) -> list[Person]:
    """Who may answer for it: who opened it, or all who speak for its organisation today."""
    if dossier.organisation is not None:
        return speakers(dossier.organisation)
    return [dossier.opener] if dossier.opener is not None else []


def proposal_between(one: Dossier, other: Dossier) -> Proposal | None:
    return db.session.scalar(db.select(Proposal).filter_by(pair=pair(one, other)))


def refused(some: Sequence[Dossier], others: Sequence[Dossier]) -> bool:
    """Whether somebody on one side once said no to somebody on the other."""
    pairs = [pair(one, other) for one in some for other in others]
    known = db.select(Proposal.id).where(Proposal.pair.in_(pairs), Proposal.state == ProposalState.REFUSED)
    return db.session.scalar(known.limit(1)) is not None


def obstacle(one: Dossier, other: Dossier) -> Problem | None:
    """Why these two, each what its people go on as, cannot be asked; None when they can."""
    if one.kind != other.kind or one.id == other.id:
        return Problem.NOT_ALIKE
    if not all(can_go_together(side) and succession_of(side.id) is None for side in (one, other)):
        return Problem.OVER
    sides = members(one), members(other)
    if any(same_people(a, b) for a in sides[0] for b in sides[1]):
        return Problem.SAME_PEOPLE
    if min(len(side) for side in sides) > 1:
        return Problem.NOT_ALIKE
    return Problem.ASKED_BEFORE if refused(*sides) else None


def possible(dossier: Dossier) -> list[Overlap]:
    """What this dossier could be done together with: of those that go on as one, the likeliest."""
    found: dict[int, Overlap] = {}
    for overlap in overlapping(dossier):
        whole = root(overlap.dossier)
        if whole.id not in found and obstacle(root(dossier), whole) is None:
            found[whole.id] = overlap
    return list(found.values())


def open_questions(dossier: Dossier) -> int:
    """How many questions wait for the people of this dossier."""
    wanted = db.select(db.func.count(Party.id)).join(Party.proposal).filter(Party.dossier_id == dossier.id)
    waits = Proposal.state == ProposalState.OPEN, Party.says == Says.ASKED
    return db.session.scalar(wanted.where(*waits)) or 0


def by_reference(ref: str) -> Dossier:
    """The dossier that somebody names; Invalid when everybody can see none of this name."""
    try:
        return dossier(NOBODY, ref.strip())
    except (NotFound, NotAllowed) as error:
        raise Invalid("other", Problem.NOT_FOUND) from error


def _parties() -> Any:
    whole = contains_eager(Party.proposal)
    both = whole.joinedload(Proposal.host), whole.joinedload(Proposal.guest)
    return db.select(Party).join(Party.proposal).options(*both, joinedload(Party.dossier))


def asked(dossier: Dossier) -> list[Party]:
    """What the people of this dossier are asked, the newest first."""
    wanted = _parties().where(Party.dossier_id == dossier.id, Proposal.state == ProposalState.OPEN)
    return _going_on(wanted.order_by(Proposal.made_at.desc(), Party.id.desc()).limit(SHOWN))


def asked_of(organisation: Organisation) -> list[Party]:
    """What an organisation is asked and did not say yes to yet, the newest first: for its desk."""
    waits = Proposal.state == ProposalState.OPEN, Party.says != Says.YES
    wanted = _parties().where(*waits, Party.dossier.has(organisation_id=organisation.id))
    newest = wanted.order_by(Proposal.made_at.desc(), Party.id.desc()).limit(SHOWN)
    return _going_on(newest)


def _going_on(wanted: Any) -> list[Party]:
    found = db.session.scalars(wanted)
    return [party for party in found if goes_on(party.proposal.host) and goes_on(party.proposal.guest)]


def party(actor: Any, ref: str, party_id: int) -> Party:
    """What those who carry the dossier with this reference are asked."""
    found = find(Party, party_id)
    if found.dossier.ref != ref.upper():
        raise NotFound(ref)
    require(actor, Do.SEE, found)
    return found


def party_by_ticket(ticket: str) -> Party:
    return find(Party, read(For.TOGETHER, ticket))


def own_party(actor: Any, proposal: Proposal) -> Party:
    """The side for which the actor answers."""
    return next(side for side in proposal.parties if allowed(actor, Do.SEE, side))


def demands(dossier: Dossier) -> list[str]:
    return [demand.text for demand in petitions.demands(dossier)]


def support(proposal: Proposal) -> int:
    """How many support one of the two, as far as they are counted there."""
    return sum(supporters_of([proposal.host_id, proposal.guest_id]).values())


def later() -> list[Party]:
    """Those who said "later" once, and whose month is over or whose dossiers have clearly grown."""
    wanted = _parties().where(
        Party.says == Says.LATER, Party.again_at.is_(None), Proposal.state == ProposalState.OPEN
    )
    waiting = list(db.session.scalars(wanted.order_by(Party.id)))
    numbers = supporters_of({n for p in waiting for n in (p.proposal.host_id, p.proposal.guest_id)})
    return [p for p in waiting if _is_time(p, numbers)]


def _is_time(party: Party, numbers: dict[int, int]) -> bool:
    if party.answered_at is not None and party.answered_at <= now() - LATER_STAYS:
        return True
    count = numbers[party.proposal.host_id] + numbers[party.proposal.guest_id]
    return count >= max(party.supporters * GROWN, party.supporters + GROWN_BY)


def others_open(dossier_ids: Collection[int], but: Proposal) -> list[Proposal]:
    """Open proposals about one of these dossiers, without this one; locked."""
    about = db.or_(Proposal.host_id.in_(dossier_ids), Proposal.guest_id.in_(dossier_ids))
    wanted = db.select(Proposal).where(about, Proposal.state == ProposalState.OPEN, Proposal.id != but.id)
    return list(db.session.scalars(wanted.order_by(Proposal.id).with_for_update()))


def agreed_between(dossier: Dossier, others: Iterable[Dossier]) -> list[Proposal]:
    """The proposals by which this dossier came to be with these."""
    pairs = [pair(dossier, other) for other in others]
    wanted = db.select(Proposal).where(Proposal.pair.in_(pairs), Proposal.state == ProposalState.AGREED)
    return list(db.session.scalars(wanted.order_by(Proposal.id)))
