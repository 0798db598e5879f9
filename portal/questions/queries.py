"""Questions of officials, and to whom they go."""

from portal.accounts.models import Person
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import db, find, one
from portal.kernel.errors import NotFound
from portal.kernel.tickets import For, read
from portal.petitions.queries import speakers
from portal.questions.models import WELCOME, Asked, Question, QuestionState


def whom_to_ask(dossier: Dossier) -> list[Person]:
    """Who opened it, and those who speak for the organisation in whose name it is, each once."""
    found = {dossier.opener.id: dossier.opener} if dossier.opener is not None else {}
    if dossier.organisation is not None:
        found |= {person.id: person for person in speakers(dossier.organisation)}
    return list(found.values())


def question(ref: str, question_id: int) -> Question:
    found = find(Question, question_id)
    if found.dossier.ref != ref.upper():
        raise NotFound(ref)
    return found


def by_ticket(ticket: str) -> Asked:
    """Whom a link in a mail asks, and what."""
    return find(Asked, read(For.QUESTION, ticket))


def words_of(question: Question) -> Entry:
    return one(Entry, dossier_id=question.dossier_id, seq=question.seq)


def welcome(dossier: Dossier) -> list[Question]:
    """Those about this dossier to which one can reply, the oldest first."""
    wanted = db.select(Question).filter_by(dossier_id=dossier.id).where(Question.state.in_(WELCOME))
    return list(db.session.scalars(wanted.order_by(Question.id)))


def unanswered(dossier: Dossier) -> list[Question]:
    """The same, held until the end of the transaction."""
    wanted = db.select(Question).filter_by(dossier_id=dossier.id).where(Question.state.in_(WELCOME))
    return list(db.session.scalars(wanted.order_by(Question.id).with_for_update(of=Question)))


def to_remind() -> list[Question]:
    """Open ones of which half the term has passed and nobody was reminded."""
    wanted = db.select(Question).filter_by(state=QuestionState.OPEN, reminded_at=None)
    due = wanted.where(Question.remind_on <= today(), Question.ends_on >= today())
    return list(db.session.scalars(due.order_by(Question.id)))


def to_end() -> list[Question]:
    """Open ones of which the term has passed."""
    wanted = db.select(Question).filter_by(state=QuestionState.OPEN).where(Question.ends_on < today())
    return list(db.session.scalars(wanted.order_by(Question.ends_on, Question.id)))
