"""From a motion to its execution, step by step; and what was said on the way, to be heard again."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.dossiers.models.dossier import one_of
from portal.dossiers.timeline import Entry
from portal.kernel.db import Numbered
from portal.promises.models.promise import Level, Promise


class Step(StrEnum):
    """In the order in which they are taken."""

    MOTION = "motion"
    ANSWER = "answer"
    PAPER = "paper"
    COMMITTEE = "committee"
    COUNCIL = "council"
    EXECUTION = "execution"


class DecisionStep(Numbered):
    """A step that was taken, with the paper in which one can read that."""

    __tablename__ = "decision_steps"
    __table_args__ = (
        CheckConstraint(one_of("step", Step), name="step"),
        UniqueConstraint("entry_id"),
        Index(None, "dossier_id"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    """Its day and its words."""
    step: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    """Of the document: "Motion 1254"."""
    url: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))

    dossier: Mapped[Dossier] = relationship()
    entry: Mapped[Entry] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class Citation(Numbered):
    """Words from a recording. The words and our comment stand in the entry; here is where to hear them."""

    __tablename__ = "citations"
    __table_args__ = (
        CheckConstraint(f"level IS NULL OR {one_of('level', Level)}", name="level"),
        CheckConstraint("at_seconds >= 0", name="at_seconds"),
        UniqueConstraint("entry_id"),
        Index(None, "dossier_id"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    role: Mapped[str] = mapped_column(String(80))
    """Of the speaker: alderman, councillor, resident. Never a name."""
    level: Mapped[str | None] = mapped_column(String(20))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """For which they spoke."""
    recording: Mapped[str]
    url: Mapped[str]
    """Of the whole recording."""
    at_seconds: Mapped[int] = mapped_column(default=0)
    comment: Mapped[str] = mapped_column(default="")
    """Of the one who cites: shown apart and marked as such."""
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id"))
    """What was promised with these words, if it was."""

    dossier: Mapped[Dossier] = relationship()
    entry: Mapped[Entry] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    promise: Mapped[Promise | None] = relationship()

    @property
    def moment(self) -> str:
        """The address at which the recording begins with these words."""
        if "youtu" in self.url:
            return f"{self.url}{'&' if '?' in self.url else '?'}t={self.at_seconds}"
        return f"{self.url}#t={self.at_seconds}"

    @property
    def at(self) -> str:
        minutes, seconds = divmod(self.at_seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
