"""What a petition has beside being a dossier: its demands, and the dossiers it was made from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models import Dossier
from portal.kernel.clock import now
from portal.kernel.db import Numbered


class Consent(StrEnum):
    """What the one who opened a dossier says to bundling it. Silence (ASKED) and LATER join nothing."""

    ASKED = "asked"
    JOINED = "joined"
    APART = "apart"
    LATER = "later"
    RELEASED = "released"
    """The bundle was taken apart."""


class Problem(StrEnum):
    """Why a petition cannot be written, or a dossier cannot join, like this."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_DEMAND = "no_demand"
    TOO_MANY = "too_many"
    NO_AUTHORITY = "no_authority"
    NOT_INVITABLE = "not_invitable"
    NO_ANSWER = "no_answer"
    OVER = "over"
    NO_SUCCESSOR = "no_successor"


class Succession(Numbered):
    """A petition goes on as another one, visible both ways. Each supporter is asked once to move along.

    So does a plan that is done together with another one.
    """

    __tablename__ = "successions"
    __table_args__ = (
        CheckConstraint("petition_id <> successor_id", name="another"),
        Index(None, "successor_id"),
    )

    petition_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), unique=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    named_at: Mapped[datetime] = mapped_column(default=now)
    together: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The people of both do it together, and may part again: whoever moved along goes back then."""

    petition: Mapped[Dossier] = relationship(foreign_keys=[petition_id])
    successor: Mapped[Dossier] = relationship(foreign_keys=[successor_id])


class Demand(Numbered):
    __tablename__ = "demands"
    __table_args__ = (UniqueConstraint("petition_id", "position"),)

    petition_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    position: Mapped[int]
    text: Mapped[str]


class Lineage(Numbered):
    """A petition asks a dossier to join it. Visible both ways."""

    __tablename__ = "lineages"
    __table_args__ = (
        UniqueConstraint("petition_id", "dossier_id"),
        CheckConstraint(f"consent IN ({', '.join(repr(str(c)) for c in Consent)})", name="consent"),
        Index(None, "dossier_id"),
    )

    petition_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    consent: Mapped[str] = mapped_column(default=Consent.ASKED)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]

    petition: Mapped[Dossier] = relationship(foreign_keys=[petition_id])
    dossier: Mapped[Dossier] = relationship(foreign_keys=[dossier_id])
