"""What supporters say when an authority says "done": a round of asking, and what each of them said in it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models import Dossier, Signature, State
from portal.kernel.clock import now, today
from portal.kernel.db import Numbered


class Says(StrEnum):
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    CANNOT_TELL = "cannot_tell"


class Outcome(StrEnum):
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    TOO_FEW = "too_few"
    """So few said solved or not solved that nothing is claimed."""
    OVERTAKEN = "overtaken"
    """Something else happened to the dossier meanwhile."""


ASKING = frozenset({State.DONE, State.SOLVED})
"""Where a dossier stands while its supporters are asked: its own people may say first that it is solved."""
_ONE_OF = ", ".join(repr(str(says)) for says in Says)
_OUTCOMES = ", ".join(repr(str(outcome)) for outcome in Outcome)


class Round(Numbered):
    """All supporters of a dossier are asked, for some days. Its rules are those of the day it began."""

    __tablename__ = "rounds"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_with_outcome"),
        Index(None, "dossier_id"),
        Index(None, "closed_at", "ends_on"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    seq: Mapped[int]
    """Number of the entry in which the authority said that it is done."""
    ends_on: Mapped[date]
    """The last day on which one can say something, or something else."""
    share: Mapped[int]
    """So many of a hundred who said solved or not solved must say solved."""
    least: Mapped[int]
    """So many must say one of the two."""
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    solved: Mapped[int] = mapped_column(default=0)
    not_solved: Mapped[int] = mapped_column(default=0)
    cannot_tell: Mapped[int] = mapped_column(default=0)
    supporters: Mapped[int] = mapped_column(default=0)
    """How many said each, and how many could, as it was at the end."""

    dossier: Mapped[Dossier] = relationship()

    @property
    def open(self) -> bool:
        return self.closed_at is None and self.ends_on >= today() and self.dossier.state in ASKING

    def came_to(self, solved: int, not_solved: int) -> Outcome:
        """What these numbers mean by the rules of this round."""
        said = solved + not_solved
        if said < self.least:
            return Outcome.TOO_FEW
        return Outcome.NOT_SOLVED if 100 * solved < self.share * said else Outcome.SOLVED


class Verdict(Numbered):
    """What one person says in a round; removed at its end, when the numbers are written down."""

    __tablename__ = "verdicts"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint(f"says IN ({_ONE_OF})", name="says"),
        Index(None, "person_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    says: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(default=now)

    round: Mapped[Round] = relationship()


@dataclass(frozen=True)
class Ballot:
    """A round, the signature by which somebody is asked in it, and what they said so far."""

    round: Round | None = None
    signature: Signature | None = None
    says: str | None = None
    said: int = 0
    """How many said something so far."""
