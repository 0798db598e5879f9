"""Asking two sides to do it together, their answers, going on as one, and parting again."""

from collections.abc import Sequence
from typing import Any

from portal.dossiers.commands import in_whose_name
from portal.dossiers.models import Dossier, SignatureState
from portal.dossiers.queries import signature_of
from portal.dossiers.timeline import record
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.petitions import commands as petitions
from portal.petitions.commands import BODY, DEMANDS
from portal.together import queries
from portal.together.models import Partner, Party, Problem, Proposal, ProposalState, Says
from portal.together.policy import Do
from portal.together.words import joint_body, joint_demands

Words = tuple[str, str, list[str]]
"""Title, text and demands."""


@command(Do.PROPOSE)
def propose(actor: Any, dossier: Dossier, *, other: Dossier, why: dict[str, Any] | None = None) -> Proposal:
    """Ask the people of both whether they do it together. Who was asked already is not asked again."""
    sides = sorted((queries.root(dossier), queries.root(other)), key=lambda side: side.id)
    for side in sides:
        lock(side)
    if (wrong := queries.obstacle(*sides)) is not None:
        raise Invalid("other", wrong)
    known = queries.proposal_between(*sides)
    if known is not None and known.state != ProposalState.ENDED:
        return known
    host, guest = _host_first(sides)
    proposal = known or Proposal(pair=queries.pair(host, guest))
    proposal.host, proposal.guest, proposal.state = host, guest, ProposalState.OPEN
    proposal.why, proposal.made_at, proposal.version = why or {}, now(), (proposal.version or 0) + 1
    proposal.title, proposal.body, proposal.demands = _draft(host, guest)
    db.session.add(proposal)
    db.session.flush()
    for asked in _seats(proposal, [*queries.members(host), guest]):
        _ask(asked, but=actor)
    return proposal


@command(Do.ANSWER)
def answer(
    actor: Any,
    party: Party,
    *,
    says: Says,
    version: int,
    name: str = "",
    note: str = "",
    words: Words | None = None,
) -> Party:
    """Yes, later or no; ASKED only keeps other words for the draft (`words`), which a yes does too.

    Who said yes to words that changed is asked again. With the yes of all they go on as one.
    """
    proposal = party.proposal
    lock(proposal)
    require(actor, Do.ANSWER, party)
    if says in {Says.YES, Says.ASKED}:
        _redraft(proposal, party, version, words)
    if says == Says.ASKED:
        return party
    neighbour = party.dossier.organisation_id is None
    if says == Says.YES and neighbour and not name:
        raise Invalid("name", Problem.NO_NAME)
    party.says, party.answered_at, party.person_id = says, now(), actor.id
    party.name, party.note = name if neighbour else "", note
    if says == Says.LATER:
        party.supporters = queries.support(proposal)
    db.session.flush()
    if says == Says.NO:
        proposal.state = ProposalState.REFUSED
        _tell(proposal, "refused", [side for side in proposal.parties if side.says == Says.YES])
    elif all(side.says == Says.YES for side in _newest(proposal)):
        _unite(actor, party)
    return party


@command(Do.PART)
def part(actor: Any, partner: Partner) -> Dossier:
    """Go on by oneself again. When the host does, or one is left, everything is as it was before."""
    host, leaving = partner.host, partner.dossier
    lock(host)
    require(actor, Do.PART, partner)
    separate(actor, host, leaving)
    return leaving


def separate(actor: Any, host: Dossier, leaving: Dossier) -> None:
    """Let one leave, or all when it is the host. For use inside a command that holds the host's lock."""
    all_ = queries.partners(host)
    guests = [one for one in all_ if one.dossier_id != host.id]
    gone = guests if leaving.id == host.id else [one for one in guests if one.dossier_id == leaving.id]
    rest = [one for one in all_ if one not in gone]
    others = [one.dossier for one in all_ if one.dossier_id != leaving.id]
    for one in gone:
        _leaves(actor, host, one, [other.dossier for other in rest])
    if len(rest) == 1:
        _as_before(rest[0])
    for dossier in others:
        for person in queries.people_of(dossier):
            jobs.later("notices.parted", dossier_id=dossier.id, left_id=leaving.id, person_id=person.id)


@command(Do.LOOK)
def look(actor: Any, dossier: Dossier) -> Proposal | None:
    """Ask about the likeliest overlap, if there is one and nobody is asked too much already."""
    own = queries.root(dossier)
    if queries.open_questions(own) >= queries.MOST_OPEN:
        return None
    for overlap in queries.possible(dossier):
        other = queries.root(overlap.dossier)
        if queries.open_questions(other) < queries.MOST_OPEN:
            asked: Proposal = propose(actor, own, other=other, why=overlap.why)
            return asked
    return None


@command(Do.ASK_AGAIN)
def ask_again(actor: Any, party: Party) -> None:
    """ "Later" is over: the same question, once."""
    lock(party.proposal)
    waits = party.says == Says.LATER and party.again_at is None
    if waits and party.proposal.state == ProposalState.OPEN:
        party.says, party.again_at = Says.ASKED, now()
        _ask(party, again=True)


def _host_first(sides: Sequence[Dossier]) -> tuple[Dossier, Dossier]:
    """The one with partners goes on, else the one with most supporters: so the fewest are asked to move."""
    counts = queries.supporters_of([side.id for side in sides])
    shared = {side.id: len(queries.members(side)) > 1 for side in sides}
    host, guest = sorted(sides, key=lambda side: (not shared[side.id], -counts[side.id], side.id))
    return host, guest


def _draft(host: Dossier, guest: Dossier) -> Words:
    asks = joint_demands(queries.demands(host), queries.demands(guest), DEMANDS)
    return host.title, joint_body(host.body, guest.body, BODY), asks


def _seats(proposal: Proposal, dossiers: Sequence[Dossier]) -> list[Party]:
    """One side for each dossier; when they were asked before, what was said then is said no more."""
    known = {side.dossier_id: side for side in proposal.parties}
    names = {partner.dossier_id: partner.name for partner in queries.partners(proposal.host)}
    made = []
    for dossier in dossiers:
        side = known.get(dossier.id) or Party(proposal=proposal, dossier=dossier)
        side.says, side.answered_at, side.again_at = Says.ASKED, None, None
        side.name, dossier.proposed = side.name or names.get(dossier.id, ""), True
        db.session.add(side)
        made.append(side)
    db.session.flush()
    return made


def _ask(party: Party, *, but: Any = None, again: bool = False) -> None:
    """One mail to each who may answer, without the one who asks."""
    for person in queries.people_of(party.dossier):
        if person.id != getattr(but, "id", None):
            what = "again" if again else "asked"
            jobs.later("notices.together", party_id=party.id, person_id=person.id, what=what)


def _tell(proposal: Proposal, what: str, sides: Sequence[Party]) -> None:
    for side in sides:
        for person in queries.people_of(side.dossier):
            jobs.later("notices.together", party_id=side.id, person_id=person.id, what=what)


def _redraft(proposal: Proposal, party: Party, version: int, words: Words | None) -> None:
    """Keep other words; whoever said yes before said so to the old ones."""
    if version != proposal.version:
        raise Invalid("title", Problem.CHANGED)
    if words is None:
        return
    title, body, demands = words
    new = petitions.in_order(proposal.host.kind, title=title, body=body, demands=demands)
    if new == (proposal.title, proposal.body, proposal.demands):
        return
    proposal.title, proposal.body, proposal.demands = new
    proposal.version += 1
    again = [side for side in _newest(proposal) if side.id != party.id and side.says == Says.YES]
    for side in again:
        side.says, side.answered_at = Says.ASKED, None
    _tell(proposal, "asked", again)


def _newest(proposal: Proposal) -> list[Party]:
    """What each says now: another one may have answered while this command waited for the lock."""
    wanted = db.select(Party).filter_by(proposal_id=proposal.id).order_by(Party.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def _unite(actor: Any, party: Party) -> None:
    """All said yes: the host goes on for all, its partners are named, the guest's supporters are asked."""
    proposal = party.proposal
    host, guest = proposal.host, proposal.guest
    for side in sorted((host, guest), key=lambda side: side.id):
        lock(side)
    require(actor, Do.ANSWER, party)
    asks = queries.demands(host)
    before = {"title": host.title, "body": host.body, "demands": asks}
    former = "\n\n".join(filter(None, (host.title, host.body, *asks)))
    _name_partners(proposal, before)
    said = (proposal.title, proposal.body, proposal.demands)
    changed = said != (host.title, host.body, asks)
    if changed:
        petitions.reword(host, title=proposal.title, body=proposal.body, demands=proposal.demands)
    proposal.state = ProposalState.AGREED
    petitions.go_on_together(guest, host)
    told = former if changed else None
    entry = record(host, "united", organisation=host.organisation, ref=guest.ref, text=told)
    entry.language = host.language
    record(guest, "united", organisation=guest.organisation, host=host.ref)
    _move_opener(guest)
    _tell(proposal, "agreed", proposal.parties)
    if changed:
        jobs.later("notices.rewording", entry_id=entry.id)
    _end_others(proposal)


def _name_partners(proposal: Proposal, before: dict[str, Any]) -> None:
    known = {partner.dossier_id: partner for partner in queries.partners(proposal.host)}
    for side in proposal.parties:
        partner = known.get(side.dossier_id)
        if partner is None:
            partner = Partner(dossier_id=side.dossier_id, host_id=proposal.host_id, joined_at=now())
            partner.former = before if side.dossier_id == proposal.host_id else None
        partner.name, partner.note = side.name, side.note
        side.dossier.shared = True
        db.session.add(partner)
    db.session.flush()


def _move_opener(guest: Dossier) -> None:
    """A neighbour who said yes for their own dossier said so for their own signature, too."""
    opener = guest.opener
    if guest.organisation_id is None and opener is not None:
        own = signature_of(opener, guest)
        if own is not None and own.state == SignatureState.CONFIRMED:
            petitions.move_along(opener, own)


def _end_others(proposal: Proposal) -> None:
    """Whoever was asked by only one of the two is asked anew, about both."""
    both = {proposal.host_id, proposal.guest_id}
    for other in queries.others_open(both, proposal):
        other.state = ProposalState.ENDED
        third = next(number for number in (other.guest_id, other.host_id) if number not in both)
        jobs.later("together.look", dossier_id=third)


def _leaves(actor: Any, host: Dossier, partner: Partner, stay: Sequence[Dossier]) -> None:
    """A guest goes on by itself; these two are not asked again."""
    leaving = partner.dossier
    lock(leaving)
    for agreed in queries.agreed_between(leaving, [host, *stay]):
        agreed.state = ProposalState.REFUSED
    leaving.shared = False
    db.session.delete(partner)
    db.session.flush()
    gone = petitions.go_on_alone(leaving, host)
    record(host, "parted", by=actor, ref=leaving.ref, gone=gone, **in_whose_name(actor, leaving))
    record(leaving, "parted", by=actor, host=host.ref, **in_whose_name(actor, leaving))


def _as_before(last: Partner) -> None:
    """Nobody is left beside the host: it says what it said before."""
    if last.former is not None:
        petitions.reword(last.host, **last.former)
    last.host.shared = False
    db.session.delete(last)
    db.session.flush()
