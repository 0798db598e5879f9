"""What officials have at hand while they write an answer: drafts, templates, files, and who else is there."""

from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models import Dossier
from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered

HERE = timedelta(seconds=75)
"""Who was seen so short a time ago has the page open: it tells so three times a minute."""
AROUND = timedelta(minutes=5)
"""Who was seen so short a time ago is still shown, with how long ago that was."""
DRAFTS_STAY = timedelta(days=60)
"""How long a draft stays that nobody goes on with."""
LONGEST_NAME = 100
LONGEST_DRAFT = 10_000
"""Most characters of one field of a draft: more than an answer may have, so that nothing typed is lost."""


def new_version() -> str:
    return token_hex(8)


class AnswerDraft(Numbered):
    """An answer that is being written for an authority; its officials share it."""

    __tablename__ = "answer_drafts"
    __table_args__ = (
        UniqueConstraint("dossier_id", "organisation_id"),
        Index(None, "changed_at"),
        Index(None, "person_id"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who wrote last."""
    values: Mapped[dict[str, Any]] = mapped_column("filled_in", JSON, default=dict)
    """Field -> what was typed, as it was typed."""
    version: Mapped[str] = mapped_column(String(16), default=new_version)
    """Another one after every change, never one that was there before."""
    form: Mapped[str] = mapped_column(String(64), default="")
    """The key of the form that wrote last: it may go on without having heard of its own version."""
    changed_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person | None] = relationship(lazy="joined")


class AnswerTemplate(Numbered):
    """Words that an authority uses often, with fields such as {title}."""

    __tablename__ = "answer_templates"
    __table_args__ = (Index(None, "organisation_id"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(40), default="")
    """The kind of answer it is for; empty: for any."""
    text: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]
    """Since when it cannot be chosen any more."""

    organisation: Mapped[Organisation] = relationship()


class FileKind(StrEnum):
    PICTURE = "picture"
    PDF = "pdf"


class AnswerFile(Numbered):
    """A document or a photo with an answer: with the draft, or once it was sent with its entry."""

    __tablename__ = "answer_files"
    __table_args__ = (
        CheckConstraint("kind IN ('picture', 'pdf')", name="kind"),
        Index(None, "dossier_id"),
        Index(None, "large"),
        Index(None, "small"),
        Index(None, "large_avif"),
        Index(None, "small_avif"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    """Where it stands on the timeline; empty as long as it is with a draft."""
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    """What it is, in the words of who sent it."""
    size: Mapped[int]
    large: Mapped[str]
    small: Mapped[str] = mapped_column(default="")
    large_avif: Mapped[str] = mapped_column(default="")
    small_avif: Mapped[str] = mapped_column(default="")
    """Keys in the storage; a document has the first alone."""
    small_width: Mapped[int] = mapped_column(default=0)
    small_height: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)

    FILES = ("large", "small", "large_avif", "small_avif")

    @property
    def keys(self) -> list[str]:
        return [key for key in (getattr(self, name) for name in self.FILES) if key]

    @classmethod
    def has(cls, key: str) -> ColumnElement[bool]:
        """Those that are kept under this key."""
        return or_(*(getattr(cls, name) == key for name in cls.FILES))

    def fact(self) -> dict[str, Any]:
        """What the entry says of it: its key is the hash of its content, so it cannot be swapped."""
        known = {"key": self.large, "kind": self.kind, "name": self.name, "size": self.size}
        if self.kind == FileKind.PDF:
            return known
        return known | {"small": self.small, "width": self.small_width, "height": self.small_height}


class Presence(Base):
    """An official has this dossier before them, or had it a moment ago."""

    __tablename__ = "presences"
    __table_args__ = (Index(None, "seen_at"), Index(None, "person_id"))

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    seen_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    dossier: Mapped[Dossier] = relationship()
