"""What is printed, and what is being made for somebody to print."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.dossiers.models import Dossier
from portal.kernel.clock import now
from portal.kernel.db import Numbered

KEPT = timedelta(days=1)
"""How long what was made stays to be fetched."""


class Piece(StrEnum):
    POSTER_A3 = "poster-a3"
    POSTER_A4 = "poster-a4"
    FLYER_A5 = "flyer-a5"
    BANNER = "banner"
    DOOR_CARD = "door-card"
    SHEETS = "sheets"


SINGLE = tuple(piece for piece in Piece if piece != Piece.SHEETS)
"""Made at once, when somebody asks for it: each is one page, the same for everybody."""


class PrintState(StrEnum):
    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"


class PrintJob(Numbered):
    """Sheets that the worker makes into one file, and how far it is."""

    __tablename__ = "print_jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'making', 'ready')", name="state"),
        CheckConstraint("(state = 'ready') = (key IS NOT NULL)", name="ready_with_key"),
        Index(None, "person_id"),
        Index(None, "expires_at"),
        Index(None, "key"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """For whom it is made."""
    language: Mapped[str] = mapped_column(String(8))
    sheet_ids: Mapped[list[int]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default=PrintState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    key: Mapped[str | None]
    """In the storage."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(default=lambda: now() + KEPT)

    dossier: Mapped[Dossier] = relationship()
    person: Mapped[Person] = relationship()
