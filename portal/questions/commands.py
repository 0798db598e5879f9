"""An official asks the neighbours something: it goes to those whose dossier it is; the clock runs on."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.dossiers.commands import in_whose_name
from portal.dossiers.models import Addressee, Dossier
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs
from portal.kernel.clock import now, today
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.policy import SYSTEM
from portal.questions import queries
from portal.questions.models import Asked, Question, QuestionState
from portal.questions.policy import Do

LONGEST = 5000
NO_TEXT, TOO_LONG = "no_text", "too_long"
"""Why a reply cannot be given like this: codes, worded in texts.py."""


def ask(entry: Entry, *, days: int, remind_after: int) -> Question | None:
    """Put the question of this entry to them; None where nobody can be asked. For use inside a command."""
    dossier, people = entry.dossier, queries.whom_to_ask(entry.dossier)
    if not people or entry.organisation_id is None:
        return None
    made = Question(dossier=dossier, organisation_id=entry.organisation_id, seq=entry.seq)
    made.remind_on = today() + timedelta(days=remind_after)
    made.ends_on = today() + timedelta(days=days)
    made.asked = [Asked(person=person) for person in people]
    db.session.add(made)
    db.session.flush()
    for addressee in _asking(made):
        known = addressee.term.get("questions", [])
        addressee.term = {**addressee.term, "questions": [*known, {"from": today().isoformat()}]}
    _mail(made.asked)
    return made


def _mail(people: Iterable[Asked], *, again: bool = False) -> None:
    for asked in people:
        jobs.later("notices.question", asked_id=asked.id, again=again)


def _asking(question: Question) -> list[Addressee]:
    """The authority that asks, as one to whom the dossier was put."""
    theirs = question.organisation_id
    return [a for a in question.dossier.addressees if a.organisation_id == theirs and a.handed_over_on]


def _note_end(question: Question, on: date) -> None:
    """Write down beside the clock until when it was open. What was written down before stays."""
    for addressee in _asking(question):
        known = [dict(one) for one in addressee.term.get("questions", [])]
        for one in known:
            if one["from"] == question.asked_on.isoformat():
                one.setdefault("until", on.isoformat())
        addressee.term = {**addressee.term, "questions": known} if known else addressee.term


@command(Do.REPLY)
def reply(actor: Person, question: Question, *, text: str) -> Entry:
    """Reply, on the page or by mail; it stands on the timeline. Also welcome after the term."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid("text", TOO_LONG if text else NO_TEXT)
    lock(question.dossier)
    question.state = QuestionState.REPLIED
    _note_end(question, today())
    whose = in_whose_name(actor, question.dossier)
    made: Entry = record(question.dossier, "replied", by=actor, text=text, **_facts(question), **whose)
    return made


def _facts(question: Question) -> dict[str, Any]:
    to = {"key": question.organisation.key, "name": question.organisation.name}
    return {"question": question.seq, "to": to}


@command(Do.REMIND)
def remind(actor: Any, question: Question) -> Question:
    """A second mail, once."""
    if question.reminded_at is None and question.state == QuestionState.OPEN:
        question.reminded_at = now()
        _mail(question.asked, again=True)
    return question


@command(Do.END)
def end(actor: Any, question: Question) -> Question:
    """Nobody replied in time: that is written down, with the last day of the term."""
    if question.state == QuestionState.OPEN and question.ends_on < today():
        lock(question.dossier)
        question.state = QuestionState.NO_REPLY
        _note_end(question, question.ends_on)
        days = (question.ends_on - question.asked_on).days
        record(question.dossier, "not_replied", told_on=question.ends_on, days=days, **_facts(question))
    return question


def drop(dossier: Dossier, organisation_id: int | None = None) -> None:
    """Nobody waits for a reply any more: all of them, or this authority. For use inside a command."""
    for question in queries.unanswered(dossier):
        if organisation_id in {None, question.organisation_id}:
            question.state = QuestionState.DROPPED
            _note_end(question, today())


def forget(dossier: Dossier) -> None:
    """To whom the questions about a dossier went. For use inside a command."""
    numbers = db.select(Question.id).filter_by(dossier_id=dossier.id)
    db.session.execute(
        db.delete(Asked).where(Asked.question_id.in_(numbers)).execution_options(synchronize_session="fetch")
    )


@jobs.each_round
def look_after() -> int:
    """Remind those who did not reply; write down where nobody did, also if that was days ago."""
    late, over = queries.to_remind(), queries.to_end()
    for question in late:
        remind(SYSTEM, question)
    for question in over:
        end(SYSTEM, question)
    return len(late) + len(over)
