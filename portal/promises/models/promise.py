"""What somebody promised, what became of it, what shows that, and what the supporters say."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.dossiers.models import Attachment, Dossier, Signature
from portal.dossiers.models.dossier import one_of
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import Numbered
from portal.kernel.states import Lifecycle
from portal.promises.models.span import Span, days_between


class PromiseState(StrEnum):
    """What is known of it: facts. Nothing in here says whose fault something is."""

    OPEN = "open"
    LATE = "late"
    """The day passed, and nobody showed that it was kept."""
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    """By the one who promised it."""
    TAKEN_OVER = "taken_over"
    """Another body does it instead."""
    REVERSED = "reversed"
    """Another body decided that it is not done."""


class Level(StrEnum):
    """Where the one who promised or said it stands."""

    COUNCIL = "council"
    COMMITTEE = "committee"
    EXECUTIVE = "executive"
    CIVIL_SERVICE = "civil_service"
    CONTRACTOR = "contractor"


class Voiced(StrEnum):
    """What a supporter says to "was it kept?"."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


ASKED_DAYS = timedelta(days=14)
"""How long the supporters can answer."""
RUNNING = frozenset({PromiseState.OPEN, PromiseState.LATE})
SETTLED = frozenset(PromiseState) - RUNNING
BY_ANOTHER = frozenset({PromiseState.TAKEN_OVER, PromiseState.REVERSED})
"""What takes another body than the one that promised."""
_EVERY = frozenset(PromiseState)
MOVES = Lifecycle(
    pass_day=({PromiseState.OPEN}, PromiseState.LATE),
    begin_anew=({PromiseState.LATE}, PromiseState.OPEN),
    keep=(_EVERY - {PromiseState.KEPT}, PromiseState.KEPT),
    withdraw=(_EVERY - {PromiseState.WITHDRAWN}, PromiseState.WITHDRAWN),
    take_over=(_EVERY - {PromiseState.TAKEN_OVER}, PromiseState.TAKEN_OVER),
    reverse=(_EVERY - {PromiseState.REVERSED}, PromiseState.REVERSED),
)
"""What was kept may be reversed later, and what was reversed may be kept after all: each is an entry."""


class Promise(Numbered):
    """One entry of a timeline in which an authority promised something, and what became of it since."""

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint(one_of("state", PromiseState), name="state"),
        CheckConstraint(f"level IS NULL OR {one_of('level', Level)}", name="level"),
        CheckConstraint("(state IN ('open', 'late')) = (settled_on IS NULL)", name="settled_on_a_day"),
        CheckConstraint("(settled_on IS NULL) = (settled_entry_id IS NULL)", name="settled_with_entry"),
        CheckConstraint("(asked_on IS NULL) = (asked_for IS NULL)", name="asked_about_a_day"),
        UniqueConstraint("entry_id"),
        Index(None, "dossier_id"),
        Index(None, "organisation_id", "state"),
        Index(None, "state", "by_on"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    """Where it was said: words, day and who wrote it down stand there."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str] = mapped_column(String(80), default="")
    """Of the one who said it: alderman, district manager. Never a name."""
    level: Mapped[str | None] = mapped_column(String(20))
    by_on: Mapped[date | None]
    """The day before which it is ready; empty when none was named."""
    state: Mapped[str] = mapped_column(String(20), default=PromiseState.OPEN)
    settled_on: Mapped[date | None]
    settled_precision: Mapped[str] = mapped_column(String(8), default="day")
    settled_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """Who kept, withdrew, took over or reversed it."""
    reminded_for: Mapped[date | None]
    """The day of which its maker was reminded: another day is another reminder."""
    asked_for: Mapped[date | None]
    asked_on: Mapped[date | None]
    """The day about which the supporters were asked, and when that was."""

    dossier: Mapped[Dossier] = relationship()
    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], lazy="joined")
    settled_by: Mapped[Organisation | None] = relationship(foreign_keys=[settled_by_id], lazy="joined")
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.id")

    @property
    def gap(self) -> Span | None:
        """From saying to what became of it, in days."""
        said = self.entry
        if self.settled_on is None:
            return None
        return days_between(said.on, self.settled_on, said.precision, self.settled_precision)

    @property
    def after_its_day(self) -> int:
        """How many days after its day it was kept; 0 in time, or without a day."""
        late = (self.settled_on - self.by_on).days if self.settled_on and self.by_on else 0
        return max(0, late) if self.state == PromiseState.KEPT else 0


class Evidence(Numbered):
    """What shows what became of a promise: a page elsewhere, an entry of the timeline, or a photo."""

    __tablename__ = "promise_evidence"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN url IS NULL THEN 0 ELSE 1 END + CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN attachment_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_of_three",
        ),
        Index(None, "promise_id"),
    )

    promise_id: Mapped[int] = mapped_column(ForeignKey("promises.id"))
    on: Mapped[date]
    url: Mapped[str | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id", ondelete="CASCADE"))
    """Goes with the photo: a moderator can take that away."""

    entry: Mapped[Entry | None] = relationship()
    attachment: Mapped[Attachment | None] = relationship()


class Voice(Numbered):
    """A supporter who was asked whether a promise was kept, and what they said; in public only counted."""

    __tablename__ = "promise_voices"
    __table_args__ = (
        CheckConstraint(f"said IS NULL OR {one_of('said', Voiced)}", name="said"),
        UniqueConstraint("promise_id", "signature_id"),
        Index(None, "signature_id"),
    )

    promise_id: Mapped[int] = mapped_column(ForeignKey("promises.id"))
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signatures.id"))
    """Empty once its supporter was forgotten: then it only counts."""
    said: Mapped[str | None] = mapped_column(String(8))
    said_at: Mapped[datetime | None]
    told_on: Mapped[date | None]
    """The day of the mail that asked them last."""

    promise: Mapped[Promise] = relationship()
    signature: Mapped[Signature | None] = relationship()

    @property
    def dossier(self) -> Dossier:
        return self.promise.dossier

    @property
    def open(self) -> bool:
        """Whether it can still be said, or changed."""
        asked = self.promise.asked_on
        return asked is not None and today() <= asked + ASKED_DAYS

    @property
    def told(self) -> bool:
        """Whether the mail about the day that counts now went out."""
        asked = self.promise.asked_on
        return asked is not None and self.told_on is not None and self.told_on >= asked
