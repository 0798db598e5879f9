"""Everything that changes a petition before it is handed over: from the first words to taking it apart."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind, Person
from portal.dossiers.commands import count, establish, in_whose_name, name_addressee, stop
from portal.dossiers.models import (
    LIFECYCLE,
    AddresseeState,
    Dossier,
    Kind,
    Signature,
    SignatureState,
    State,
)
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.timeline import record
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone, Invalid, NotFound
from portal.kernel.policy import require
from portal.petitions import carrying
from portal.petitions.models import Consent, Demand, Lineage, Problem, Succession
from portal.petitions.policy import Do, can_be_bundled, fits
from portal.petitions.queries import asked as asked_people
from portal.petitions.queries import succession_of, successors
from portal.ties.commands import Said
from portal.ties.commands import keep as keep_said

TITLE = 120
BODY = 5000
DEMAND = 300
DEMANDS = 10
ANSWERS = frozenset({Consent.JOINED, Consent.APART, Consent.LATER})
VERBS = {
    Consent.JOINED: ("joined", "bundled"),
    Consent.APART: ("kept_apart", "kept_apart"),
    Consent.LATER: ("postponed", "postponed"),
}
"""What an answer is called on the timeline of the petition, and on that of the dossier."""


@command(Do.DRAFT)
def draft(
    actor: Any,
    organisation: Organisation,
    *,
    title: str,
    body: str,
    demands: Sequence[str],
    to: Sequence[Organisation],
    dossiers: Sequence[Dossier] = (),
    said: Said | None = None,
    told_on: date | None = None,
    precision: str = "day",
    **given: Any,
) -> Dossier:
    """Write a petition in the organisation's name, and ask those who opened the dossiers it is made from.

    `said`: of what it belongs with or differs from. `given`: what else a dossier has (category_slug,
    place_name, neighbourhood_code, lat, lon, language).
    """
    given.setdefault("neighbourhood_code", organisation.neighbourhood_code)
    petition = establish(
        actor,
        told_on=told_on,
        precision=precision,
        kind=Kind.PETITION,
        state=State.DRAFT,
        title=_filled("title", title, TITLE),
        body=_filled("body", body, BODY),
        opener_id=actor.id,
        organisation_id=organisation.id,
        **given,
    )
    _demand(petition, _checked(demands))
    _address(petition, to)
    _ask(actor, petition, dossiers)
    keep_said(actor, petition, said or {})
    return petition


@command(Do.EDIT)
def edit(
    actor: Any,
    petition: Dossier,
    *,
    title: str,
    body: str,
    demands: Sequence[str],
    to: Sequence[Organisation],
    **given: Any,
) -> Dossier:
    """Change a draft. Those who joined said yes to other words: they are asked again."""
    before = _words(petition)
    petition.title, petition.body = _filled("title", title, TITLE), _filled("body", body, BODY)
    for name, value in given.items():
        setattr(petition, name, value)
    _demand(petition, _checked(demands))
    _address(petition, to)
    again = _ask_again(petition) if _words(petition) != before else []
    record(petition, "edited", by=actor, asked_again=again, **in_whose_name(actor, petition))
    return petition


@command(Do.INVITE)
def invite(actor: Any, petition: Dossier, *, dossiers: Sequence[Dossier]) -> Dossier:
    """Ask those who opened these dossiers whether they may join. Who was asked already is not asked again."""
    _ask(actor, petition, dossiers)
    return petition


@command(Do.DROP)
def drop(actor: Any, lineage: Lineage) -> Lineage:
    """Take back an invitation that was not answered with "join"."""
    petition, dossier = lineage.petition, lineage.dossier
    lock(petition)
    require(actor, Do.DROP, lineage)
    lock(dossier)
    lineage.consent = Consent.RELEASED
    whose = in_whose_name(actor, petition)
    record(petition, "dropped", by=actor, ref=dossier.ref, **whose)
    record(dossier, "released", by=actor, petition=petition.ref, **whose)
    return lineage


@command(Do.PUBLISH)
def publish(actor: Any, petition: Dossier, *, told_on: date | None = None, precision: str = "day") -> Dossier:
    """Begin to gather: from now on the petition is public, and who joined counts."""
    LIFECYCLE.make(petition, "publish")
    petition.opened_at = now()
    parts = carrying.joined_ids(petition)
    for part in _lineages(petition, Consent.JOINED):
        lock(part.dossier)
    carried = carrying.carry(petition, carrying.brought_by(parts))
    told = {"told_on": told_on, "precision": precision, **in_whose_name(actor, petition)}
    record(petition, "published", by=actor, joined=len(parts), carried=len(carried), **told)
    carrying.tell(petition, carried, but=actor.id)
    return petition


@command(Do.CONSENT)
def consent(actor: Any, lineage: Lineage, *, answer: Consent) -> Lineage:
    """Join, keep apart or later. It can be changed until the petition is handed over."""
    petition, dossier = lineage.petition, lineage.dossier
    lock(petition)
    require(actor, Do.CONSENT, lineage)
    lock(dossier)
    if answer not in ANSWERS:
        raise Invalid("answer", Problem.NO_ANSWER)
    if answer == Consent.JOINED and not can_be_bundled(dossier):
        raise Invalid("answer", Problem.OVER)
    if lineage.consent == answer:
        return lineage
    was = lineage.consent
    lineage.consent, lineage.answered_at = answer, now()
    db.session.flush()
    if answer == Consent.JOINED:
        _joins(actor, petition, dossier)
    else:
        gone = carrying.release(petition, [dossier.id]) if was == Consent.JOINED else 0
        whose = in_whose_name(actor, dossier)
        on_petition, on_dossier = VERBS[answer]
        record(petition, on_petition, by=actor, ref=dossier.ref, gone=gone, **whose)
        record(dossier, on_dossier, by=actor, petition=petition.ref, **whose)
    return lineage


@command(Do.TAKE_APART)
def take_apart(actor: Any, petition: Dossier, *, text: str = "") -> Dossier:
    """End the petition before anybody got it: everything is as it was before."""
    stop(petition)
    gone = release_all(actor, petition)
    record(petition, "taken_apart", by=actor, text=text, gone=gone, **in_whose_name(actor, petition))
    return petition


def release_all(actor: Any, petition: Dossier) -> int:
    """Let go of every dossier; return how many signatures went with them. For use inside a command."""
    asked = [part for part in _lineages(petition) if part.consent != Consent.RELEASED]
    for part in asked:
        lock(part.dossier)
        part.consent = Consent.RELEASED
    db.session.flush()
    gone = carrying.release(petition, [part.dossier_id for part in asked])
    for part in asked:
        record(part.dossier, "released", by=actor, petition=petition.ref, **in_whose_name(actor, petition))
    return gone


@command(Do.SUCCEED)
def succeed(actor: Any, petition: Dossier, *, successor: Dossier) -> Succession:
    """Say that this petition goes on as another one. Each supporter is asked once whether they move along."""
    lock(successor)
    if succession_of(petition.id) is not None:
        raise AlreadyDone("succeed")
    if successor.id not in {possible.id for possible in successors(actor, petition)}:
        raise Invalid("successor", Problem.NO_SUCCESSOR)
    made = Succession(petition_id=petition.id, successor_id=successor.id)
    db.session.add(made)
    db.session.flush()
    record(petition, "succeeded", by=actor, successor=successor.ref, **in_whose_name(actor, petition))
    record(successor, "continued", by=actor, petition=petition.ref, **in_whose_name(actor, successor))
    jobs.later("notices.moving", succession_id=made.id)
    return made


@command(Do.MOVE_ALONG)
def move_along(actor: Person, signature: Signature) -> Signature:
    """Somebody's own yes: they sign what their petition goes on as, too. What they signed before stays.

    They hold the link from the mail, so it counts at once; their name and reason are shown nowhere anew.
    """
    succession = succession_of(signature.dossier_id)
    if succession is None:
        raise NotFound("succession")
    require(actor, DossierDo.SIGN, succession.successor)
    wanted = db.select(Signature).filter_by(dossier_id=succession.successor_id, person_id=actor.id)
    known = db.session.scalar(wanted.with_for_update())
    if known is not None and (known.state == SignatureState.INVALID or counts_itself(known)):
        return known
    counted = known is not None and known.state == SignatureState.CONFIRMED
    moved = known or Signature(dossier_id=succession.successor_id, person_id=actor.id, mails=0)
    db.session.add(moved)
    for name in ("name", "name_key", "building", "unit", "mail_domain"):
        setattr(moved, name, getattr(signature, name))
    moved.via_id = succession.petition_id if succession.together else None
    moved.signed_at, moved.withdrawn_at = now(), None
    db.session.flush()
    if not counted:
        count(moved)
    return moved


def counts_itself(signature: Signature) -> bool:
    """Whether it counts, and no bundle brought it."""
    return signature.state == SignatureState.CONFIRMED and signature.via_id is None


def moved_along(signature: Signature | None, succession: Succession) -> bool:
    """Whether this signature under the successor counts by its owner's own yes."""
    if signature is None:
        return False
    carried = signature.state == SignatureState.CONFIRMED and signature.via_id == succession.petition_id
    return counts_itself(signature) or (succession.together and carried)


def go_on_together(dossier: Dossier, host: Dossier) -> Succession:
    """Ask every supporter of a dossier whether they move along to the one that its people carry with others.

    For use inside the command by which they all agreed.
    """
    made = Succession(petition_id=dossier.id, successor_id=host.id, together=True)
    db.session.add(made)
    db.session.flush()
    jobs.later("notices.moving", succession_id=made.id)
    return made


def go_on_alone(dossier: Dossier, host: Dossier) -> int:
    """Take that back: whoever moved along is counted as before. Return how many go.

    For use inside a command.
    """
    wanted = db.select(Succession).filter_by(petition_id=dossier.id, successor_id=host.id, together=True)
    for known in db.session.scalars(wanted):
        db.session.delete(known)
    db.session.flush()
    return carrying.release(host, [dossier.id])


def in_order(kind: str, *, title: str, body: str, demands: Sequence[str]) -> tuple[str, str, list[str]]:
    """The words of a petition, or of a plan, as they can be kept; Invalid when they cannot."""
    asks = kind == Kind.PETITION
    text = _filled("body", body, BODY) if asks or body.strip() else ""
    return _filled("title", title, TITLE), text, _checked(demands) if asks else []


def reword(dossier: Dossier, *, title: str, body: str, demands: Sequence[str]) -> None:
    """Other words, which are in order, for a petition or a plan. For use inside a command."""
    dossier.title, dossier.body = title, body
    if dossier.kind == Kind.PETITION:
        _demand(dossier, list(demands))


def _joins(actor: Any, petition: Dossier, dossier: Dossier) -> None:
    """A draft counts nobody yet: who joins it is counted when it is published."""
    public = petition.state == State.GATHERING
    carried = carrying.carry(petition, carrying.brought_by([dossier.id])) if public else []
    whose = in_whose_name(actor, dossier)
    record(petition, "joined", by=actor, ref=dossier.ref, carried=len(carried), **whose)
    record(dossier, "bundled", by=actor, petition=petition.ref, **whose)
    carrying.tell(petition, carried, but=actor.id)


def _ask(actor: Any, petition: Dossier, dossiers: Iterable[Dossier]) -> None:
    """Ask for each dossier that was not asked yet, in the order of their numbers: locks never cross."""
    known = {part.dossier_id: part for part in _lineages(petition)}
    asked = []
    for dossier in sorted({d.id: d for d in dossiers}.values(), key=lambda d: d.id):
        part = known.get(dossier.id)
        if part is not None and (part.consent != Consent.RELEASED or part.answered_at is not None):
            continue  # asked already, or they gave an answer before: nobody is pressed
        lock(dossier)
        if not fits(petition.organisation, dossier):
            raise Invalid("dossiers", Problem.NOT_INVITABLE)
        part = part or Lineage(petition=petition, dossier=dossier)
        part.consent, part.asked_at = Consent.ASKED, now()
        db.session.add(part)
        asked.append(part)
    db.session.flush()
    whose = in_whose_name(actor, petition)
    if asked:
        record(petition, "invited", by=actor, refs=[part.dossier.ref for part in asked], **whose)
    for part in asked:
        record(part.dossier, "invited", by=actor, petition=petition.ref, **whose)
        _mail(part)


def _mail(part: Lineage) -> None:
    """One mail to each who may answer."""
    for person in asked_people(part):
        jobs.later("notices.consent", lineage_id=part.id, person_id=person.id)


def _ask_again(petition: Dossier) -> list[str]:
    joined = _lineages(petition, Consent.JOINED)
    for part in joined:
        part.consent, part.asked_at = Consent.ASKED, now()
        _mail(part)
    return [str(part.dossier.ref) for part in joined]


def _lineages(petition: Dossier, consent: Consent | None = None) -> list[Lineage]:
    """Locked, in the order of the dossiers' numbers."""
    wanted = db.select(Lineage).filter_by(petition_id=petition.id)
    if consent is not None:
        wanted = wanted.filter_by(consent=consent)
    return list(db.session.scalars(wanted.order_by(Lineage.dossier_id).with_for_update()))


def _words(petition: Dossier) -> tuple[Any, ...]:
    """What somebody says yes to."""
    wanted = db.select(Demand.text).filter_by(petition_id=petition.id).order_by(Demand.position)
    to = sorted(a.organisation_id for a in petition.addressees)
    return petition.title, petition.body, tuple(db.session.scalars(wanted)), tuple(to)


def _filled(field: str, text: str, longest: int) -> str:
    text = text.strip()
    if not text or len(text) > longest:
        raise Invalid(field, Problem.TOO_LONG if text else Problem.EMPTY)
    return text


def _checked(demands: Sequence[str]) -> list[str]:
    asked = [demand.strip() for demand in demands if demand.strip()]
    if not asked or len(asked) > DEMANDS:
        raise Invalid("demands", Problem.TOO_MANY if asked else Problem.NO_DEMAND)
    return [_filled("demands", demand, DEMAND) for demand in asked]


def _demand(petition: Dossier, demands: list[str]) -> None:
    db.session.execute(db.delete(Demand).where(Demand.petition_id == petition.id))
    rows = enumerate(demands, 1)
    db.session.add_all(Demand(petition_id=petition.id, position=n, text=text) for n, text in rows)
    db.session.flush()


def _address(petition: Dossier, to: Sequence[Organisation]) -> None:
    """Name these authorities and no other."""
    if not to or any(o.kind != OrganisationKind.AUTHORITY for o in to):
        raise Invalid("to", Problem.NO_AUTHORITY)
    wanted = {organisation.id: organisation for organisation in to}
    for addressee in list(petition.addressees):
        if addressee.organisation_id not in wanted and addressee.state == AddresseeState.NAMED:
            db.session.delete(addressee)
    db.session.flush()
    db.session.expire(petition, ["addressees"])
    known = {addressee.organisation_id for addressee in petition.addressees}
    for organisation_id in wanted.keys() - known:
        name_addressee(petition, wanted[organisation_id])
