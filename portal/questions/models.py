"""What an official asks the neighbours: to whom it went, until when, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models import Dossier
from portal.kernel.clock import today
from portal.kernel.db import Numbered


class QuestionState(StrEnum):
    OPEN = "open"
    REPLIED = "replied"
    NO_REPLY = "no_reply"
    """Nobody replied in time; a reply is still welcome."""
    DROPPED = "dropped"
    """There was an answer without it, or the dossier is over."""


WELCOME = frozenset({QuestionState.OPEN, QuestionState.NO_REPLY})
"""As long as it stands like this one can reply."""
_STATES = ", ".join(repr(str(state)) for state in QuestionState)


class Question(Numbered):
    """Its words are the entry of the timeline with number `seq`."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index(None, "dossier_id"),
        Index(None, "state", "ends_on"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The authority that asks."""
    seq: Mapped[int]
    asked_on: Mapped[date] = mapped_column(default=today)
    remind_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day of the term."""
    reminded_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12), default=QuestionState.OPEN)

    dossier: Mapped[Dossier] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    asked: Mapped[list["Asked"]] = relationship(back_populates="question", order_by="Asked.id")


class Asked(Numbered):
    """Somebody to whom a question went: the number in the link of their mail."""

    __tablename__ = "asked"
    __table_args__ = (UniqueConstraint("question_id", "person_id"), Index(None, "person_id"))

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    question: Mapped[Question] = relationship(back_populates="asked")
    person: Mapped[Person] = relationship()
