"""Something tried for a while, at one place or more; and what came of it."""

from datetime import date
from enum import StrEnum
from typing import TypedDict

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.dossiers.models.dossier import one_of
from portal.dossiers.timeline import Entry
from portal.kernel.db import Numbered


class Decision(StrEnum):
    """What was decided after a trial."""

    STAYS = "stays"
    CHANGED = "changed"
    STOPS = "stops"
    NONE_YET = "none_yet"


class Spot(TypedDict):
    """A place of a trial; without a point the dossier's own counts."""

    name: str
    lat: float | None
    lon: float | None


class Trial(Numbered):
    """Over once it has an outcome and a decision, be it that there is none yet; the table holds that."""

    __tablename__ = "trials"
    __table_args__ = (
        CheckConstraint(f"decision IS NULL OR {one_of('decision', Decision)}", name="decision"),
        CheckConstraint(
            "(closed_on IS NULL AND decision IS NULL) OR"
            " (closed_on IS NOT NULL AND decision IS NOT NULL AND outcome <> '')",
            name="closed_with_outcome_and_decision",
        ),
        CheckConstraint("until_on IS NULL OR from_on IS NULL OR until_on >= from_on", name="period"),
        UniqueConstraint("entry_id"),
        Index(None, "dossier_id"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    """Where it was announced or told of."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """Who holds it; empty for neighbours on their own."""
    places: Mapped[list[Spot]] = mapped_column(JSON, default=list)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    precision: Mapped[str] = mapped_column(String(8), default="day")
    """`month` when only the month is known: then whole months are compared."""
    with_whom: Mapped[str] = mapped_column(default="")
    cost: Mapped[str] = mapped_column(default="")
    radius: Mapped[int] = mapped_column(default=150)
    """Reports within so many metres are counted."""
    outcome: Mapped[str] = mapped_column(default="")
    decision: Mapped[str | None] = mapped_column(String(20))
    decision_text: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    """When it was written down that it is over."""
    closed_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))

    dossier: Mapped[Dossier] = relationship()
    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
