"""Opening a dossier, telling about it, handing it over, and every other move of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from portal.accounts.models import Organisation, Person, Role
from portal.dossiers.models import (
    LIFECYCLE,
    Addressee,
    AddresseeState,
    Category,
    Dossier,
    Kind,
)
from portal.dossiers.policy import Do, reopening
from portal.dossiers.queries import forget_categories
from portal.dossiers.timeline import Entry, record
from portal.kernel import workdays
from portal.kernel.clock import now, today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone
from portal.kernel.language import spoken

PETITION_DAYS = 30
"""Working days in which a petition is answered: the six weeks of petities.nl and of the ombudsman's term."""
PLAIN_DAYS = 15
"""Working days for a dossier without a category."""
Agreed = Callable[[Dossier, Organisation], tuple[int, bool] | None]
TERMS: list[Agreed] = []
"""What an authority set for itself, asked before the term of the category; a feature adds this."""


def in_whose_name(actor: Any, dossier: Dossier) -> dict[str, Any]:
    """Organisation and role under which this person acts on this dossier, as record() wants them."""
    if not actor.is_authenticated or (dossier.organisation_id is None and dossier.opener_id == actor.id):
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


@command(Do.LOAD_CATEGORIES)
def load_categories(actor: Any, _: None, *, rows: list[dict[str, Any]]) -> None:
    """Write down what a dossier can be about; those that are there already are brought up to date."""
    for row in rows:
        db.session.merge(Category(**row))
    forget_categories()


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
    A letter that asks for an answer has a due date from its own day on, as a dossier that is handed over.
    """
    if about is not None:
        facts["about"] = {"key": about.key, "name": about.name}
    if to is not None:
        facts["to"] = {"key": to.key, "name": to.name}
    if awaits_answer:
        due, term = counted(dossier, to, told_on or today(), precision)
        facts |= {"awaits_answer": True, "due_on": due.isoformat(), "term": term}
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


def term_for(dossier: Dossier, organisation: Organisation | None = None) -> tuple[int, bool]:
    """In how many days an answer is due, and whether those are calendar days."""
    own = (agreed(dossier, organisation) for agreed in TERMS) if organisation is not None else ()
    if (found := next((term for term in own if term is not None), None)) is not None:
        return found
    if dossier.kind == Kind.PETITION:
        return PETITION_DAYS, False
    if dossier.category is not None:
        return dossier.category.days, dossier.category.calendar_days
    return PLAIN_DAYS, False


def counted(
    dossier: Dossier, organisation: Organisation | None, start: date, precision: str = "day"
) -> tuple[date, dict[str, Any]]:
    """The day by which an answer is due, and the sum as plain JSON values; of a month, from its last day."""
    if precision == "month":
        start = workdays.last_of_month(start)
    days, calendar = term_for(dossier, organisation)
    term = workdays.term(start, days, calendar=calendar)
    skipped = [day.isoformat() for day in term.skipped]
    known = {"start": start.isoformat(), "days": days, "calendar": calendar, "skipped": skipped}
    return term.due, known | {"precision": precision}


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
    """From this day on an answer is awaited; of a month, from its last day. For use inside a command.

    A clock that runs from that day already, or to a later one, runs on: what was put off stays put off.
    """
    due, term = counted(addressee.dossier, addressee.organisation, start, precision)
    begins, runs_from, runs_to = date.fromisoformat(term["start"]), addressee.handed_over_on, addressee.due_on
    waits = addressee.state == AddresseeState.WAITING
    if waits and runs_from and runs_to and (runs_from >= begins or runs_to >= due):
        return
    addressee.state, addressee.answered_on = AddresseeState.WAITING, None
    addressee.handed_over_on, addressee.due_on = begins, due
    addressee.term = term


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
