"""Setting a term, putting an answer off, writing down that there was none, and the address of a calendar."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Organisation, Person, Role
from portal.dossiers.commands import TERMS
from portal.dossiers.models import Addressee, Dossier
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs
from portal.kernel.clock import today
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.workdays import is_workday
from portal.terms import queries
from portal.terms.models import (
    LONGEST,
    LONGEST_EXTENSION,
    LONGEST_REASON,
    NEVER,
    OTHER,
    PETITION,
    AgreedTerm,
    Feed,
    Problem,
    Silence,
)
from portal.terms.policy import Do, extendable
from portal.terms.queries import Clock

TERMS.append(queries.agreed_term)


@command(Do.SET)
def set_term(
    actor: Any, organisation: Organisation, *, about: str, days: int | None, calendar: bool = False
) -> AgreedTerm:
    """From now on this authority answers within so many days; without `days` within those of everybody.

    Clocks that run already keep their day.
    """
    if about not in {PETITION, OTHER, *(category.slug for category in queries.subjects())}:
        raise Invalid("about", Problem.NO_SUBJECT)
    if days is not None and not 0 < days <= LONGEST[calendar]:
        raise Invalid("days", Problem.TOO_LONG if days > 0 else Problem.NO_LENGTH)
    made = AgreedTerm(organisation_id=organisation.id, about=about, days=days, calendar=calendar)
    db.session.add(made)
    db.session.flush()
    return made


@command(Do.EXTEND)
def extend(
    actor: Person, dossier: Dossier, *, organisation: Organisation | None, until: date | None, reason: str
) -> Entry:
    """The authority answers later, and says why: before its day, once, and by four weeks at most."""
    mine = (a for a in extendable(actor, dossier) if organisation and a.organisation_id == organisation.id)
    addressee = next(mine, None)
    if addressee is None or addressee.due_on is None:
        raise Invalid("organisation", Problem.NO_AUTHORITY)
    lock(addressee)
    day = _later_day(addressee.due_on, until)
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid("reason", Problem.LONG_REASON if words else Problem.NO_REASON)
    before, addressee.due_on = addressee.due_on, day
    addressee.term = addressee.term | {"extended": {"from": before.isoformat(), "on": today().isoformat()}}
    return record(
        dossier,
        "extended",
        by=actor,
        organisation=addressee.organisation,
        role=Role.OFFICIAL,
        text=words,
        due_on=day.isoformat(),
        was_due_on=before.isoformat(),
    )


def _later_day(due_on: date, until: date | None) -> date:
    wrong = None
    if until is None:
        wrong = Problem.NO_DAY
    elif until <= due_on:
        wrong = Problem.NOT_LATER
    elif until > latest(due_on):
        wrong = Problem.TOO_LATE
    elif not is_workday(until):
        wrong = Problem.FREE_DAY
    if wrong is not None or until is None:
        raise Invalid("until", str(wrong))
    return until


def latest(due_on: date) -> date:
    """The last day to which an answer that is due then can be put off."""
    return due_on + timedelta(days=LONGEST_EXTENSION)


@command(Do.LAPSE)
def lapse(actor: Any, dossier: Dossier) -> int:
    """Write down every day on which an answer to this dossier was due and did not come, each on its own day.

    Returns how many; done again, or by two at once, it writes nothing down that is there.
    """
    return write_down(queries.late_clocks(Dossier.id == dossier.id), today())


def write_down(clocks: Iterable[Clock], until: date) -> int:
    """The silences of these clocks before this day, in the order of their days. For use inside a command."""
    missing = [(on, times, clock) for clock in clocks for times, on in clock.silences(until)]
    for on, times, clock in sorted(missing, key=lambda found: found[:2]):
        _silence(clock, times, on)
    return len(missing)


def _silence(clock: Clock, times: int, on: date) -> None:
    facts: dict[str, Any] = {"due_on": clock.due_on.isoformat(), "times": times, "term": clock.term}
    addressee, letter = clock.addressee, clock.letter
    if addressee is not None:
        facts["to"] = {"key": addressee.organisation.key, "name": addressee.organisation.name}
    if letter is not None:
        facts |= {"letter": letter.seq, "what": letter.data.get("what", ""), "sent_on": letter.on.isoformat()}
        facts |= {"precision_sent": letter.precision, "to": letter.data.get("to")}
    entry = record(clock.of.dossier, "lapsed", told_on=on, **facts)
    db.session.add(
        Silence(
            dossier_id=clock.of.dossier_id,
            addressee_id=addressee and addressee.id,
            letter_id=letter and letter.id,
            due_on=clock.due_on,
            times=times,
            entry_id=entry.id,
            digest=None if jobs.queued() else NEVER,
        )
    )
    db.session.flush()


def answered_late(addressee: Addressee, until: date) -> None:
    """What was not written down before an answer came after its day. For use inside a command."""
    told = queries.told_of(addressee)
    clock = queries.of_addressee(addressee, told=1 in told)
    if clock is not None and 2 not in told:
        write_down([clock], until)


@command(Do.SUBSCRIBE)
def renew_feed(actor: Any, organisation: Organisation, *, locale: str) -> Feed:
    """A calendar under a new address; the old address, if there was one, leads nowhere from now on."""
    known = queries.feed_of(organisation)
    if known is not None:
        db.session.delete(known)
        db.session.flush()
    made = Feed(organisation_id=organisation.id, locale=locale)
    db.session.add(made)
    db.session.flush()
    return made
