"""Signature sheets: paper lists with a code of their own, and the rows that were typed in from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models import Dossier, Signature
from portal.kernel.clock import now
from portal.kernel.codes import Codes
from portal.kernel.db import Numbered, one_of

CODES = Codes("23456789ABCDEFGHJKMNPQRTVWXYZ", groups=(4, 4), last=8)
LEASE = timedelta(minutes=30)
"""So long a sheet is for who types it, counted from the last row."""


class SheetState(StrEnum):
    PRINTED = "printed"
    ENTERING = "entering"
    """Somebody is typing it in at this moment."""
    PAUSED = "paused"
    """Somebody began, and let go of it."""
    ENTERED = "entered"


class RowState(StrEnum):
    COUNTED = "counted"
    DOUBLE = "double"
    """They count already: online, or on another sheet."""
    UNREADABLE = "unreadable"
    CROSSED = "crossed"
    REMOVED = "removed"
    """The one who signed wanted that, or stepped out themselves."""


class Checked(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"


class Mark(StrEnum):
    """What there is to say of a line of the paper."""

    READABLE = ""
    UNREADABLE = "unreadable"
    CROSSED = "crossed"


@dataclass(frozen=True)
class Typed:
    """One line of the paper, as somebody read it."""

    name: str = ""
    unit: str = ""
    building: str = ""
    email: str = ""
    mark: Mark = Mark.READABLE


class Problem(StrEnum):
    """Why something cannot be done with a sheet, or a row cannot be written, like this."""

    TOO_MANY = "too_many"
    NO_BUILDING = "no_building"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    FULL = "full"
    NO_ROWS = "no_rows"
    NO_REASON = "no_reason"
    NO_VERDICT = "no_verdict"
    WRONG_CODE = "wrong_code"
    UNKNOWN_CODE = "unknown_code"
    SOMEBODY_ELSE = "somebody_else"
    UNDECIDED = "undecided"


class Sheet(Numbered):
    """One sheet of paper. It is entered once, by one person at a time."""

    __tablename__ = "sheets"
    __table_args__ = (Index(None, "dossier_id"), Index(None, "organisation_id"))

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """Which printed it, goes round with it, and keeps it."""
    code: Mapped[str] = mapped_column(String(9), unique=True)
    building: Mapped[str] = mapped_column(default="")
    """As `places.loading.buildings` calls it; empty for a sheet for everywhere."""
    stairwell: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8))
    """In which it is printed."""
    rows: Mapped[int]
    """How many people can sign on it."""
    issued_at: Mapped[datetime] = mapped_column(default=now)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    entering_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who types it in, or did so last."""
    entering_since: Mapped[datetime | None]
    entering_until: Mapped[datetime | None]
    """Until then nobody else may type; each row moves it on."""
    entered_at: Mapped[datetime | None]
    photo: Mapped[str | None] = mapped_column(index=True)
    """Key in the storage."""

    dossier: Mapped[Dossier] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    entering_by: Mapped[Person | None] = relationship(foreign_keys=[entering_by_id])

    @property
    def being_entered(self) -> bool:
        return self.entered_at is None and self.entering_until is not None and self.entering_until > now()

    @property
    def state(self) -> SheetState:
        if self.entered_at is not None:
            return SheetState.ENTERED
        if self.entering_since is None:
            return SheetState.PRINTED
        return SheetState.ENTERING if self.being_entered else SheetState.PAUSED


class SheetRow(Numbered):
    """One line of a sheet as it was typed in. What tells who it is stands on the signature alone."""

    __tablename__ = "sheet_rows"
    __table_args__ = (
        UniqueConstraint("sheet_id", "number"),
        CheckConstraint(one_of("state", RowState), name="state"),
        CheckConstraint(f"checked IS NULL OR {one_of('checked', Checked)}", name="checked"),
        Index(None, "signature_id"),
        Index(None, "doubles_id"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    number: Mapped[int]
    state: Mapped[str]
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signatures.id"))
    doubles_id: Mapped[int | None] = mapped_column(ForeignKey("signatures.id"))
    """Which signature counts in its place, or will once its owner confirms it."""
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    typed_at: Mapped[datetime] = mapped_column(default=now)
    sampled: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is one of those that are compared with the photo."""
    checked: Mapped[str | None] = mapped_column(String(8))
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    sheet: Mapped[Sheet] = relationship()
    signature: Mapped[Signature | None] = relationship(foreign_keys=[signature_id])
    doubles: Mapped[Signature | None] = relationship(foreign_keys=[doubles_id])
