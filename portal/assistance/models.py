"""Helping somebody who has no mail or phone: who may, what was done with it, and the code that they keep."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models import Dossier, Signature
from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered

MOST_PER_DAY = 10
LINK_WORKS = timedelta(days=1)


class Mandate(Numbered):
    """A platform or core trusts a resident to help others, for a term; it works to its last minute."""

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="term"),
        CheckConstraint("most_per_day > 0", name="some_per_day"),
        CheckConstraint("withdrawn_at IS NOT NULL OR withdrawn_reason = ''", name="reason_when_withdrawn"),
        Index(None, "person_id"),
        Index(None, "organisation_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(default="")
    """What the organisation calls its helper: it need not be the name of the account."""
    starts_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    most_per_day: Mapped[int] = mapped_column(default=MOST_PER_DAY)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    @property
    def over(self) -> bool:
        """Whether it ended or was withdrawn."""
        return self.withdrawn_at is not None or self.ends_at <= now()

    @property
    def works(self) -> bool:
        """Whether one may help with it at this very moment."""
        return self.starts_at <= now() and not self.over


class Receipt(Numbered):
    """What somebody was helped with. Who has its code can look at it, change it, withdraw it or take it over.

    The code itself is kept nowhere: what stands here is a keyed digest of it.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        Index(None, "mandate_id", "made_at"),
        Index(None, "helper_id"),
        Index(None, "person_id"),
        Index(None, "signature_id"),
    )

    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Empty once the one who was helped took it over, or the helper was forgotten."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The one who was helped: whose signature it is."""
    signature_id: Mapped[int] = mapped_column(ForeignKey("signatures.id"))
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id"))
    """What was reported with help; empty where something was signed that was there already."""
    consent_text_version: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))
    """In which it was read aloud."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    taken_over_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    mandate: Mapped[Mandate] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    signature: Mapped[Signature] = relationship()
    reported: Mapped[Dossier | None] = relationship()

    @property
    def in_force(self) -> bool:
        """Whether its code still changes something."""
        return self.taken_over_at is None and self.withdrawn_at is None


class TakeOver(Numbered):
    """Somebody with a code asked for a link to go on with a mail address of their own: once, for a day."""

    __tablename__ = "take_overs"
    __table_args__ = (Index(None, "receipt_id", "asked_at"), Index(None, "email_key", "asked_at"))

    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"))
    email: Mapped[str]
    """Empty, as is its key, once the link was used."""
    email_key: Mapped[str]
    locale: Mapped[str] = mapped_column(String(8), default="nl")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]

    receipt: Mapped[Receipt] = relationship()

    @property
    def works(self) -> bool:
        return self.used_at is None and now() < self.asked_at + LINK_WORKS


class Tries(Base):
    """How many wrong codes came from one network, or in all, in the hour that began then."""

    __tablename__ = "tries"

    origin: Mapped[str] = mapped_column(String(16), primary_key=True)
    """A keyed digest of the network, or ALL."""
    began_at: Mapped[datetime]
    number: Mapped[int]
