"""Asking supporters whether it is solved: a round begins, each says something, the worker closes it."""

from datetime import timedelta
from typing import Any

from portal.accounts.models import Person
from portal.dossiers.commands import start_clock
from portal.dossiers.models import LIFECYCLE, Addressee, Dossier, Signature, State
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs
from portal.kernel.clock import now, today
from portal.kernel.commands import command, lock
from portal.kernel.db import db, find
from portal.kernel.errors import AlreadyDone, Invalid
from portal.kernel.policy import SYSTEM
from portal.verdicts import queries
from portal.verdicts.models import ASKING, Ballot, Outcome, Round, Says, Verdict
from portal.verdicts.policy import Do


def ask(entry: Entry, *, days: int, share: int, least: int) -> Round | None:
    """Begin a round about an answer "done", unless one is under way. For use inside a command."""
    dossier = entry.dossier
    if dossier.state != State.DONE or dossier.forgotten_at is not None:
        return None
    if queries.open_round(dossier.id) is not None:
        return None
    asked = Round(dossier=dossier, seq=entry.seq, ends_on=today() + timedelta(days=days), share=share)
    asked.least = least
    db.session.add(asked)
    db.session.flush()
    return asked


@command(Do.VOTE)
def vote(actor: Person, ballot: Ballot, *, says: str) -> Verdict:
    """Say whether it is solved, or say something else than before."""
    if says not in set(Says):
        raise Invalid("says", "Choose one.")
    asked = ballot.round
    lock(asked)
    if asked is None or not asked.open:
        raise AlreadyDone("round")
    known = db.session.scalar(db.select(Verdict).filter_by(round_id=asked.id, person_id=actor.id))
    said = known or Verdict(round_id=asked.id, person_id=actor.id)
    said.says, said.at = says, now()
    db.session.add(said)
    db.session.flush()
    return said


@command(Do.CLOSE)
def close(actor: Any, dossier: Dossier) -> Round | None:
    """Count what was said until the last day; under the share the dossier is opened again."""
    asked = queries.open_round(dossier.id)
    if asked is None or asked.ends_on >= today():
        return None
    counts = queries.tally(asked)
    asked.solved, asked.not_solved = counts[Says.SOLVED], counts[Says.NOT_SOLVED]
    asked.cannot_tell, asked.supporters = counts[Says.CANNOT_TELL], queries.people_asked(asked)
    outcome = asked.came_to(asked.solved, asked.not_solved) if dossier.state in ASKING else Outcome.OVERTAKEN
    _end(asked, outcome)
    if outcome != Outcome.OVERTAKEN:
        _tell(asked)
    return asked


def _tell(asked: Round) -> None:
    """The entry is of the last day; a new clock begins when it is told, so that no day of it is lost."""
    dossier, whose = asked.dossier, queries.who_said_done(asked)
    authorities = [a for a in dossier.addressees if a.organisation_id in whose]
    if asked.outcome == Outcome.NOT_SOLVED:
        LIFECYCLE.make(dossier, "contest")
        for addressee in authorities:
            start_clock(addressee, today())
            addressee.term = {**addressee.term, "contested": asked.seq}
    elif asked.outcome == Outcome.SOLVED:
        LIFECYCLE.make(dossier, "settle")
    numbers = {name: getattr(asked, name) for name in ("solved", "not_solved", "cannot_tell", "supporters")}
    facts: dict[str, Any] = {
        "outcome": str(asked.outcome),
        "answer": asked.seq,
        "to": [_named(a) for a in authorities],
    }
    facts |= {"share": asked.share, "least": asked.least, **numbers}
    entry = record(dossier, "judged", told_on=asked.ends_on, **facts)
    if asked.outcome != Outcome.TOO_FEW:
        jobs.later("notices.judged", entry_id=entry.id)


def _named(addressee: Addressee) -> dict[str, Any]:
    named = {"key": addressee.organisation.key, "name": addressee.organisation.name}
    return named | {"due_on": str(addressee.due_on)} if addressee.days_left is not None else named


def _end(asked: Round, outcome: Outcome) -> None:
    """The numbers stay; who said what is known no more."""
    asked.outcome, asked.closed_at = outcome, now()
    db.session.execute(db.delete(Verdict).where(Verdict.round_id == asked.id))
    db.session.flush()


def overtake(dossier: Dossier) -> None:
    """End a round without a word: nobody can say any more what it asks. For use inside a command."""
    asked = queries.open_round(dossier.id)
    if asked is not None:
        _end(asked, Outcome.OVERTAKEN)


def forget(signature: Signature) -> None:
    """What somebody said goes with their signature, unless another one gives them a say.

    For use inside a command.
    """
    if signature.person_id is None:
        return
    for number in queries.rounds_of(signature):
        asked = find(Round, number)
        wanted = db.select(Signature.id).where(queries.backing(asked.dossier_id))
        others = wanted.where(Signature.person_id == signature.person_id, Signature.id != signature.id)
        if db.session.scalar(others.limit(1)) is None:
            theirs = db.delete(Verdict).where(Verdict.round_id == number)
            db.session.execute(theirs.where(Verdict.person_id == signature.person_id))


@jobs.each_round
def close_all() -> int:
    """Close the rounds that are over, also those that ended while nobody was looking."""
    found = queries.over()
    for dossier_id in found:
        close(SYSTEM, find(Dossier, dossier_id))
    return len(found)


@command(Do.LINK)
def link(actor: Any, new: Dossier) -> Entry | None:
    """Say on both pages that a report seems to be about what was done before. Said once."""
    known = db.select(Entry.id).filter_by(dossier_id=new.id, verb="returned")
    earlier = queries.came_back(new) if new.state == State.OPEN else None
    if earlier is None or db.session.scalar(known.limit(1)) is not None:
        return None
    facts: dict[str, Any] = {"metres": earlier.metres, "days": earlier.days}
    record(earlier.dossier, "came_back", ref=new.ref, **facts)
    made: Entry = record(new, "returned", ref=earlier.dossier.ref, **facts)
    return made
