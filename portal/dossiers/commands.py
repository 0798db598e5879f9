"""Everything that changes a dossier, whatever its kind."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.accounts.commands import person_for
from portal.accounts.models import Organisation, Person, Role
from portal.dossiers import words
from portal.dossiers.models import (
    COUNTED,
    LIFECYCLE,
    Addressee,
    AddresseeState,
    Category,
    Dossier,
    Kind,
    Signature,
    SignatureState,
)
from portal.dossiers.policy import Do, reopening
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs, workdays
from portal.kernel.clock import now, today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone
from portal.kernel.language import spoken

PETITION_DAYS = 30
"""Working days in which a petition is answered: the six weeks of petities.nl and of the ombudsman's term."""
PLAIN_DAYS = 15
"""Working days for a dossier without a category."""
CONFIRMATIONS = 5
"""How often one signature's confirmation is mailed."""
MILESTONES = frozenset({10, 25, 50, 100, 200, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000})


def in_whose_name(actor: Any, dossier: Dossier) -> dict[str, Any]:
    """Organisation and role under which this person acts on this dossier, as record() wants them."""
    if not actor.is_authenticated:
        return {}
    for membership in actor.current_memberships:
        if membership.organisation_id == dossier.organisation_id:
            return {"organisation": membership.organisation, "role": membership.role}
    if dossier.opener_id == actor.id:
        return {}
    for role in (Role.ORGANISER, Role.CONTACT, Role.MODERATOR):
        for membership in actor.current_memberships:
            if membership.role == role:
                return {"organisation": membership.organisation, "role": membership.role}
    return {}


def establish(actor: Any, *, told_on: date | None = None, precision: str = "day", **given: Any) -> Dossier:
    """Make a dossier and the first entry of its timeline. For use inside a feature's own command.

    `given` are columns of Dossier; its stems are made here.
    """
    dossier = Dossier(opened_at=now(), changed_at=now(), entry_count=0, head="", **given)
    db.session.add(dossier)
    db.session.flush()
    make_searchable(dossier)
    record(
        dossier,
        "opened",
        by=actor,
        told_on=told_on,
        precision=precision,
        kind=dossier.kind,
        **in_whose_name(actor, dossier),
    )
    return dossier


def make_searchable(dossier: Dossier) -> None:
    dossier.search = words.searchable(dossier.title, dossier.body, dossier.place_name)


@command(Do.LOAD_CATEGORIES)
def load_categories(actor: Any, _: None, *, rows: list[dict[str, Any]]) -> None:
    """Write down what a dossier can be about; those that are there already are brought up to date."""
    for row in rows:
        db.session.merge(Category(**row))


@command(Do.SIGN)
def sign(
    actor: Any,
    dossier: Dossier,
    *,
    name: str = "",
    email: str = "",
    shown: bool = False,
    reason: str = "",
    joins_bundle: bool = False,
    locale: str = "nl",
) -> Signature:
    """Support a dossier. Signed in, it counts at once; else it waits for the mail to be confirmed.

    One person counts once. Somebody who signed before gets the same answer and, unless signed in, a mail: so
    nobody can find out or change with another's address what that person signed.
    """
    person = actor if actor.is_authenticated else person_for(email, name=name, locale=locale)
    signature = db.session.scalar(
        db.select(Signature).filter_by(dossier_id=dossier.id, person_id=person.id).with_for_update()
    )
    if signature is not None and signature.state in {SignatureState.CONFIRMED, SignatureState.INVALID}:
        if person is actor:
            _make_own(signature)
        else:
            _mail(signature)
        return signature
    if signature is None:
        signature = Signature(dossier=dossier, person=person, mails=0)
        db.session.add(signature)
    signature.name, signature.shown, signature.reason = name.strip(), shown, reason.strip()
    signature.language = spoken()
    signature.joins_bundle, signature.state, signature.via = joins_bundle, SignatureState.PENDING, None
    signature.signed_at = now()
    db.session.flush()
    record(dossier, "signed", by=person, signature=signature.id)
    if person is actor:
        count(signature)
    else:
        _mail(signature)
    return signature


def _mail(signature: Signature) -> None:
    if signature.mails < CONFIRMATIONS:
        signature.mails += 1
        jobs.later("notices.signature", signature_id=signature.id, number=signature.mails)


def _make_own(signature: Signature) -> None:
    """Somebody whom a bundle carried here signs themselves: from now on the signature is not the bundle's."""
    if signature.state == SignatureState.CONFIRMED and signature.via_id is not None:
        signature.via_id = None
        record(signature.dossier, "signed", by=signature.person, signature=signature.id)


def count(signature: Signature) -> None:
    """Let a signature count; a round number is told on the timeline. For use inside a command."""
    signature.state, signature.confirmed_at, signature.withdrawn_at = SignatureState.CONFIRMED, now(), None
    db.session.flush()
    record(signature.dossier, "confirmed", by=signature.person, signature=signature.id)
    reach(signature.dossier)


def reach(dossier: Dossier, more: int = 1) -> None:
    """Tell the highest round number among the last `more` supporters, once. For use inside a command."""
    total = supporters(dossier)
    passed = {mark for mark in MILESTONES if total - more < mark <= total}
    if passed and max(passed) not in _reached(dossier):
        record(dossier, "reached", supporters=max(passed))


def _reached(dossier: Dossier) -> set[int]:
    """The round numbers that were told before: somebody may have stepped out since."""
    earlier = db.select(Entry).filter_by(dossier_id=dossier.id, verb="reached")
    return {entry.data["supporters"] for entry in db.session.scalars(earlier)}


def supporters(dossier: Dossier) -> int:
    """How many people support a dossier: its confirmed signatures, and nothing else."""
    wanted = db.select(db.func.count(Signature.id)).filter_by(dossier_id=dossier.id)
    wanted = wanted.where(Signature.state.in_(COUNTED))
    return db.session.scalar(wanted) or 0


@command(Do.CONFIRM)
def confirm(actor: Person, signature: Signature) -> Signature:
    """The mail was read: the signature counts. A second tap changes nothing."""
    actor.confirmed_at = actor.confirmed_at or now()
    if signature.state == SignatureState.PENDING:
        count(signature)
    else:
        _make_own(signature)
    return signature


@command(Do.WITHDRAW_SIGNATURE)
def withdraw_signature(actor: Person, signature: Signature) -> Signature:
    """Step out, in one tap, also out of a bundle. A second tap changes nothing."""
    if signature.state != SignatureState.WITHDRAWN or signature.withdrawn_at is None:
        signature.state, signature.withdrawn_at = SignatureState.WITHDRAWN, now()
        signature.shown, signature.reason = False, ""
        record(signature.dossier, "signature_withdrawn", by=actor, signature=signature.id)
    return signature


@command(Do.INVALIDATE)
def invalidate(actor: Person, signature: Signature, *, why: str) -> None:
    """A moderator takes a signature out of the count, with the reason on the timeline."""
    signature.state, signature.why_invalid, signature.shown = SignatureState.INVALID, why, False
    whose = in_whose_name(actor, signature.dossier)
    record(signature.dossier, "signature_invalidated", by=actor, why=why, signature=signature.id, **whose)


@command(Do.TELL)
def tell(
    actor: Any,
    dossier: Dossier,
    *,
    text: str,
    what: str = "news",
    told_on: date | None = None,
    precision: str = "day",
    about: Organisation | None = None,
    to: Organisation | None = None,
    awaits_answer: bool = False,
    **facts: Any,
) -> Entry:
    """Add to the timeline what happened: news, a call, a document, a letter that asks for an answer.

    `about`: whose deed or words these are, if not of the one who writes it down; `to`: to whom a letter went.
    """
    if about is not None:
        facts["about"] = {"key": about.key, "name": about.name}
    if to is not None:
        facts["to"] = {"key": to.key, "name": to.name}
    if awaits_answer:
        facts["awaits_answer"] = True
    return record(
        dossier,
        "told",
        by=actor,
        text=text,
        told_on=told_on,
        precision=precision,
        what=what,
        **facts,
        **in_whose_name(actor, dossier),
    )


def term_for(dossier: Dossier) -> tuple[int, bool]:
    """In how many days an answer is due, and whether those are calendar days."""
    if dossier.kind == Kind.PETITION:
        return PETITION_DAYS, False
    if dossier.category is not None:
        return dossier.category.days, dossier.category.calendar_days
    return PLAIN_DAYS, False


@command(Do.HAND_OVER)
def hand_over(
    actor: Any,
    dossier: Dossier,
    *,
    to: Sequence[Organisation] = (),
    text: str = "",
    told_on: date | None = None,
    precision: str = "day",
) -> Entry:
    """Put a dossier to authorities: the clock of each starts. Without `to`: those the petition names.

    A clock that runs there runs on. AlreadyDone when that holds for all of them.
    """
    with_authority = LIFECYCLE.can(dossier, "answer")
    LIFECYCLE.make(dossier, "hand_over")
    known = {a.organisation_id: a for a in dossier.addressees}
    for organisation in to:
        if organisation.id not in known:
            known[organisation.id] = name_addressee(dossier, organisation)
    chosen = [known[o.id] for o in to] or [a for a in known.values() if a.state == AddresseeState.NAMED]
    if with_authority:
        chosen = _not_waiting(chosen)
    for addressee in chosen:
        start_clock(addressee, told_on or today(), precision)
    facts = [
        {"key": a.organisation.key, "name": a.organisation.name, "due_on": str(a.due_on)} for a in chosen
    ]
    return record(
        dossier,
        "handed_over",
        by=actor,
        text=text,
        told_on=told_on,
        precision=precision,
        to=facts,
        **in_whose_name(actor, dossier),
    )


def _not_waiting(chosen: list[Addressee]) -> list[Addressee]:
    found = [addressee for addressee in chosen if addressee.state != AddresseeState.WAITING]
    if chosen and not found:
        raise AlreadyDone("hand over")
    return found


def name_addressee(dossier: Dossier, organisation: Organisation) -> Addressee:
    """Name an authority; nothing is put to it yet. For use inside a command."""
    addressee = Addressee(dossier=dossier, organisation=organisation, state=AddresseeState.NAMED, term={})
    db.session.add(addressee)
    db.session.flush()
    return addressee


def start_clock(addressee: Addressee, start: date, precision: str = "day") -> None:
    """From this day on an answer is awaited; of a month, from its last day. For use inside a command."""
    if precision == "month":
        start = workdays.last_of_month(start)
    days, calendar = term_for(addressee.dossier)
    term = workdays.term(start, days, calendar=calendar)
    addressee.state, addressee.answered_on = AddresseeState.WAITING, None
    addressee.handed_over_on, addressee.due_on = start, term.due
    skipped = [day.isoformat() for day in term.skipped]
    addressee.term = {
        "start": start.isoformat(),
        "days": days,
        "calendar": calendar,
        "skipped": skipped,
        "precision": precision,
    }


@command(Do.WITHDRAW)
def withdraw(actor: Any, dossier: Dossier, *, text: str = "") -> None:
    """The dossier's own people stop; the page stays."""
    stop(dossier)
    record(dossier, "withdrawn", by=actor, text=text, **in_whose_name(actor, dossier))


def stop(dossier: Dossier) -> None:
    """Withdraw it; what nobody could see stays unseen. For use inside a command."""
    dossier.stayed_private = not dossier.public
    LIFECYCLE.make(dossier, "withdraw")


@command(Do.SOLVE)
def solve(actor: Any, dossier: Dossier, *, text: str = "") -> None:
    """The dossier's own people say that it is solved."""
    LIFECYCLE.make(dossier, "solve")
    record(dossier, "solved", by=actor, text=text, **in_whose_name(actor, dossier))


@command(Do.REOPEN)
def reopen(actor: Any, dossier: Dossier, *, text: str) -> None:
    """The dossier's own people say that it is not solved."""
    LIFECYCLE.make(dossier, reopening(dossier))
    record(dossier, "reopened", by=actor, text=text, **in_whose_name(actor, dossier))


@command(Do.HIDE)
def hide(actor: Person, dossier: Dossier, *, reason: str) -> None:
    """Take the words and pictures away from the public, with the reason on the page and the timeline."""
    dossier.hidden_at, dossier.hidden_reason, dossier.hidden_language = now(), reason, spoken()
    record(dossier, "hidden", by=actor, reason=reason, **in_whose_name(actor, dossier))


@command(Do.UNHIDE)
def unhide(actor: Person, dossier: Dossier, *, reason: str) -> None:
    dossier.hidden_at = dossier.hidden_reason = dossier.hidden_language = None
    record(dossier, "unhidden", by=actor, reason=reason, **in_whose_name(actor, dossier))
