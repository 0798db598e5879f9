"""Devices that want to hear of a dossier, and people who want no digest."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models import Dossier
from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered


class Subscription(Numbered):
    """A device, as its browser told it: where a message goes, and the keys that only this device can open.

    Whose it is is known only when they were signed in; without that it is an address and no person.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (Index(None, "person_id"),)

    endpoint: Mapped[str] = mapped_column(String(700), unique=True)
    """Knowing it is the proof that one is this device: it is shown nowhere."""
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(8), default="nl")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    follows: Mapped[list["Follow"]] = relationship(
        back_populates="subscription", cascade="all, delete-orphan", order_by="Follow.id"
    )


class Follow(Numbered):
    """This device hears of this dossier."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("subscription_id", "dossier_id"), Index(None, "dossier_id"))

    subscription_id: Mapped[int] = mapped_column(ForeignKey("push_subscriptions.id", ondelete="CASCADE"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=now)

    subscription: Mapped[Subscription] = relationship(back_populates="follows")
    dossier: Mapped[Dossier] = relationship()


class Bounce(Base):
    """Mail to this person's address comes back for good: they get what they ask for, and no notices."""

    __tablename__ = "bounces"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    """Whose address it is; somebody of the household who uses it too gets none either."""
    at: Mapped[datetime] = mapped_column(default=now)
    status: Mapped[str] = mapped_column(String(12))
    """What its server said, as a number: "5.1.1" is an address that is not there (RFC 3463)."""


class NoNews(Base):
    """This official wants no mail about what neighbours reply or contest, or about a promise that is due."""

    __tablename__ = "no_news"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=now)


class NoDigest(Base):
    """This person wants no mail that sums up what was not answered."""

    __tablename__ = "no_digests"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=now)
