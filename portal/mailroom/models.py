"""Where authorities get their mail, and the mails that came back from them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation
from portal.dossiers.models import Addressee
from portal.dossiers.models.dossier import one_of
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now
from portal.kernel.db import Numbered


class MailState(StrEnum):
    PLACED = "placed"
    """It stands on the timeline."""
    WAITING = "waiting"
    LET_IN = "let_in"
    THROWN_AWAY = "thrown_away"
    AUTOMATIC = "automatic"
    """Nobody wrote it: it is known again, and nothing of it is kept."""
    RETURNED = "returned"
    """Ours came back: it did not reach the authority."""


class Why(StrEnum):
    """Why a mail waits for somebody to look at it."""

    NO_SENDER = "no_sender"
    OTHER_DOMAIN = "other_domain"
    NO_DOMAIN = "no_domain"
    NOT_SURE = "not_sure"
    NO_KEY = "no_key"
    NO_WORDS = "no_words"
    PASSED_ON = "passed_on"
    OVER = "over"
    MANY = "many"


class Mailbox(Numbered):
    """Where an authority is told of what is put to it."""

    __tablename__ = "mailboxes"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), unique=True)
    address: Mapped[str]
    locale: Mapped[str] = mapped_column(String(8), default="nl")

    organisation: Mapped[Organisation] = relationship()


class Mail(Numbered):
    """A mail that came in for an authority's place at a dossier. Its words stay only as long as it waits."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state"),
        Index(None, "addressee_id", "state"),
        Index(None, "state", "arrived_at"),
        Index(None, "settled_by_id"),
        Index(None, "entry_id"),
    )

    number: Mapped[str] = mapped_column(String(80), unique=True)
    """Of the mail, for this addressee: what comes twice is one."""
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressees.id"))
    state: Mapped[str] = mapped_column(String(12))
    why: Mapped[str | None] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(default="")
    """Whom to write back, or whom it says it is from; gone when that is done."""
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="nl")
    left_out: Mapped[int] = mapped_column(default=0)
    """How many attachments were of a kind that is not kept."""
    arrived_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    """What it became on the timeline."""
    named_at: Mapped[datetime | None]
    """When its sender said what kind of answer it is."""

    addressee: Mapped[Addressee] = relationship()
    entry: Mapped[Entry | None] = relationship()
    files: Mapped[list["MailFile"]] = relationship(order_by="MailFile.id", cascade="all, delete-orphan")


class MailFile(Numbered):
    """A picture or a document that came with a mail."""

    __tablename__ = "mail_files"
    __table_args__ = (Index(None, "mail_id"), Index(None, "key"))

    mail_id: Mapped[int] = mapped_column(ForeignKey("mails.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(5))
    size: Mapped[int]
