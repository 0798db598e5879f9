"""Within how many days an authority answers, what was not answered, and who has a calendar of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.dossiers.models import Addressee, Dossier, Kind
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now
from portal.kernel.db import Numbered

PETITION, OTHER = str(Kind.PETITION), "other"
"""What a term can be about, beside a category: petitions, and what no other term is about."""
LONGEST = {True: 56, False: 40}
"""Eight weeks in calendar days and in working days: the reasonable term of the Awb, article 4:13."""
LONGEST_EXTENSION = 28
"""Calendar days by which an authority can put off its answer, once: four weeks (Awb, article 9:11)."""
LONGEST_REASON = 1000
NEVER = "never"
"""Instead of the week of a digest: a replay of the past is told to nobody."""


class Problem(StrEnum):
    """Why a term, or a later day, cannot be so."""

    NO_SUBJECT = "no_subject"
    NO_LENGTH = "no_length"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    NOT_LATER = "not_later"
    TOO_LATE = "too_late"
    FREE_DAY = "free_day"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"
    NO_AUTHORITY = "no_authority"


class AgreedTerm(Numbered):
    """What an authority set for itself, from a moment on. Never changed: a newer row holds instead."""

    __tablename__ = "agreed_terms"
    __table_args__ = (
        CheckConstraint("days IS NULL OR days > 0", name="days"),
        Index(None, "organisation_id", "about"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    about: Mapped[str] = mapped_column(String(80))
    """PETITION, OTHER, or the slug of a category."""
    days: Mapped[int | None]
    """Empty: from then on the term that holds for everybody."""
    calendar: Mapped[bool] = mapped_column(default=False)
    set_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation] = relationship()


class Silence(Numbered):
    """An entry that says that a day passed without an answer: at the due date, and at twice the term.

    The row is what keeps it from being written down twice, whoever looks at the same moment.
    """

    __tablename__ = "silences"
    __table_args__ = (
        UniqueConstraint("addressee_id", "due_on", "times"),
        UniqueConstraint("letter_id", "times"),
        CheckConstraint("(addressee_id IS NULL) <> (letter_id IS NULL)", name="of_one"),
        CheckConstraint("times IN (1, 2)", name="times"),
        Index(None, "digest"),
        Index(None, "dossier_id"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("addressees.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    due_on: Mapped[date]
    """Of the clock that ran out; one that is started again has another."""
    times: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    digest: Mapped[str | None] = mapped_column(String(10))
    """The week in whose mail supporters read of it; empty until then."""

    dossier: Mapped[Dossier] = relationship()
    addressee: Mapped[Addressee | None] = relationship()
    letter: Mapped[Entry | None] = relationship(foreign_keys=[letter_id])
    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])


class Feed(Numbered):
    """The calendar of an organisation. Its address is a ticket with the number of this row: a new row is a
    new address, and the old one leads nowhere.
    """

    __tablename__ = "feeds"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), unique=True)
    locale: Mapped[str] = mapped_column(String(8))
    """Its language: that of who made the address."""
    made_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation] = relationship()
