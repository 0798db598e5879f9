"""Who supports a dossier, and every move of the count."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models.dossier import Dossier
from portal.kernel.clock import now
from portal.kernel.db import Numbered, one_of
from portal.kernel.language import spoken


class SignatureState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    ANONYMISED = "anonymised"


COUNTED = frozenset({SignatureState.CONFIRMED, SignatureState.ANONYMISED})
"""Signatures that make the count: their owner confirmed them, and may have been forgotten since."""


class Way(StrEnum):
    """How a signature came."""

    ONLINE = "online"
    PAPER = "paper"
    ASSISTED = "assisted"


class Held(StrEnum):
    """Why a signature waits for a look before it can count: more came in this way than one expects."""

    DEVICE = "device"
    NETWORK = "network"
    STAND = "stand"


NOT_ONLINE = "way <> 'online'"
TOLD = "state = 'confirmed' AND via_id IS NULL AND (shown OR reason <> '')"
"""Parts of the table with an index of their own: few of a million rows. Written out: so the database sees
that a query asks for just these."""


class Signature(Numbered):
    """One person's support for one dossier. `via_id`: carried there from this joined dossier (bundling)."""

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("dossier_id", "person_id"),
        CheckConstraint(one_of("state", SignatureState), name="state"),
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_when"),
        CheckConstraint("state <> 'confirmed' OR held IS NULL", name="held_does_not_count"),
        Index(None, "dossier_id", "state"),
        Index(None, "person_id"),
        Index(None, "dossier_id", "building", "name_key"),
        Index(None, "network", "signed_at"),
        Index(None, "device", "signed_at"),
        Index(
            "ix_signatures_not_online",
            "dossier_id",
            "way",
            "state",
            sqlite_where=text(NOT_ONLINE),
            postgresql_where=text(NOT_ONLINE),
        ),
        Index(
            "ix_signatures_told",
            "dossier_id",
            "confirmed_at",
            sqlite_where=text(TOLD),
            postgresql_where=text(TOLD),
        ),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Empty for whoever signed on paper without a mail address, and for whoever was forgotten."""
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="", server_default="")
    """The name in the form in which two spellings of it are equal."""
    building: Mapped[str] = mapped_column(default="", server_default="")
    """The flat or court they live in, as `places.loading.buildings` calls it: counted, never shown."""
    unit: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """The number of their home, from paper."""
    way: Mapped[str] = mapped_column(String(8), default=Way.ONLINE, server_default=Way.ONLINE)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who entered it for them; seen by moderators only."""
    shown: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(8), default=spoken, server_default="nl")
    """In which the reason was written."""
    joins_bundle: Mapped[bool] = mapped_column(default=False)
    """ "Count me too if this is bundled"; never ticked beforehand."""
    state: Mapped[str] = mapped_column(default=SignatureState.PENDING)
    held: Mapped[str | None] = mapped_column(String(12))
    """Why it waits for a look, if it does."""
    why_invalid: Mapped[str | None]
    strike_id: Mapped[int | None] = mapped_column(ForeignKey("strikes.id"))
    """With which others it was struck out."""
    via_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id"))
    stand_id: Mapped[int | None] = mapped_column(ForeignKey("stands.id"))
    network: Mapped[str | None] = mapped_column(String(16))
    device: Mapped[str | None] = mapped_column(String(16))
    """Keyed digests: whether two came from the same one can be told, from which one cannot."""
    mail_domain: Mapped[str | None] = mapped_column(String(120))
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its owner wants no mails about what happens to the dossier."""
    mails: Mapped[int] = mapped_column(default=0)
    """How often a confirmation was mailed."""
    signed_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]
    """When its owner confirmed it while it was held."""
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    dossier: Mapped[Dossier] = relationship(foreign_keys=[dossier_id])
    via: Mapped[Dossier | None] = relationship(foreign_keys=[via_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    def forget_owner(self) -> None:
        """Remove whatever tells who gave it; that it was given, when, how and in which building stays."""
        self.name = self.name_key = self.reason = self.unit = ""
        self.person_id = self.network = self.device = self.mail_domain = None
        self.shown = False


PERSONAL = or_(
    Signature.person_id.is_not(None),
    Signature.helper_id.is_not(None),
    Signature.network.is_not(None),
    Signature.device.is_not(None),
    Signature.mail_domain.is_not(None),
    Signature.why_invalid.is_not(None),
    Signature.name != "",
    Signature.name_key != "",
    Signature.reason != "",
    Signature.unit != "",
)
"""Signatures that still say something about somebody."""


class Movement(Numbered):
    """One change of one signature, and by how much it moved the count. Never changed but by being counted.

    Who signs waits for nobody: they add a row here, and the worker adds the rows up and writes them into the
    dossier's timeline together (`commands.add_up`). Nothing in it is personal.
    """

    __tablename__ = "movements"
    __table_args__ = (
        Index(None, "dossier_id", "counted_in"),
        Index(
            "ix_movements_open",
            "dossier_id",
            "delta",
            sqlite_where=mapped_column("counted_in").column.is_(None),
            postgresql_where=mapped_column("counted_in").column.is_(None),
        ),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    signature_id: Mapped[int | None]
    """Empty where it sums up what was counted before there were movements."""
    verb: Mapped[str] = mapped_column(String(24))
    delta: Mapped[int]
    via: Mapped[str | None] = mapped_column(String(16))
    """Reference of the joined dossier that brought or took them along."""
    at: Mapped[datetime] = mapped_column(default=now)
    counted_in: Mapped[int | None]
    """Number of the entry of the timeline in which it is written down."""


def _moved_since() -> Any:
    open_ones = select(func.coalesce(func.sum(Movement.delta), 0))
    return open_ones.where(Movement.dossier_id == Dossier.id, Movement.counted_in.is_(None))


SUPPORTERS = Dossier.counted + _moved_since().correlate(Dossier).scalar_subquery()
"""How many support a dossier at this moment, as a column of a query on dossiers."""


class Stand(Numbered):
    """A table at the metro: for some hours many may sign there, with one device, on one network."""

    __tablename__ = "stands"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="hours"), Index(None, "dossier_id"))

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    place_name: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime]
    most: Mapped[int]
    """So many signatures count without a look."""
    closed_at: Mapped[datetime | None]
    """When what came of it was written down."""

    dossier: Mapped[Dossier] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def open(self) -> bool:
        return self.closed_at is None and self.starts_at <= now() < self.ends_at


class Strike(Numbered):
    """Signatures that were struck out together, by what they have in common; it can be undone."""

    __tablename__ = "strikes"
    __table_args__ = (Index(None, "dossier_id"),)

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    number: Mapped[int]
    before: Mapped[int]
    after: Mapped[int]
    """The count before and after it."""
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]

    dossier: Mapped[Dossier] = relationship()
