"""Doing it together: what two sides are asked, what each says, and who carries one dossier with others."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models import Dossier
from portal.kernel.clock import now
from portal.kernel.db import Numbered, one_of


class Says(StrEnum):
    """What somebody who carries a dossier says to it. Silence (ASKED) and LATER join nothing."""

    ASKED = "asked"
    YES = "yes"
    LATER = "later"
    NO = "no"


class ProposalState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    """Somebody said no: these two are never asked again, by nobody."""
    ENDED = "ended"
    """One of the two goes on with others meanwhile, or is over. They may be asked anew."""


class Problem(StrEnum):
    """Why two dossiers cannot be asked, or an answer cannot be taken, like this."""

    NOT_FOUND = "not_found"
    NOT_ALIKE = "not_alike"
    SAME_PEOPLE = "same_people"
    OVER = "over"
    ASKED_BEFORE = "asked_before"
    CHANGED = "changed"
    NO_NAME = "no_name"
    NO_CHOICE = "no_choice"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_DEMAND = "no_demand"
    TOO_MANY = "too_many"


class Proposal(Numbered):
    """Two dossiers are asked to go on as one: once for each pair, whoever asks."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint(one_of("state", ProposalState), name="state"),
        CheckConstraint("host_id <> guest_id", name="two"),
        Index(None, "host_id"),
        Index(None, "guest_id"),
    )

    pair: Mapped[str] = mapped_column(String(40), unique=True)
    """The two numbers, the lower one first: the same whoever is the host."""
    host_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    """The one that goes on for both: the one with others already, or with the most supporters."""
    guest_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    state: Mapped[str] = mapped_column(String(12), default=ProposalState.OPEN)
    why: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Why they are alike: metres, days, words. Empty when somebody asked by hand."""
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    demands: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The draft that both can change: what the host will say when all say yes."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts on with every change of the draft, so that nobody says yes to words that they did not see."""
    made_at: Mapped[datetime] = mapped_column(default=now)

    host: Mapped[Dossier] = relationship(foreign_keys=[host_id])
    guest: Mapped[Dossier] = relationship(foreign_keys=[guest_id])
    parties: Mapped[list["Party"]] = relationship(back_populates="proposal", order_by="Party.id")


class Party(Numbered):
    """One dossier whose people are asked, and what they say. A host with partners has one for each."""

    __tablename__ = "parties"
    __table_args__ = (
        UniqueConstraint("proposal_id", "dossier_id"),
        CheckConstraint(one_of("says", Says), name="says"),
        Index(None, "dossier_id"),
        Index(None, "person_id"),
        Index(None, "says", "answered_at"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    says: Mapped[str] = mapped_column(String(12), default=Says.ASKED)
    name: Mapped[str] = mapped_column(default="")
    """Under which name a neighbour wants to be named; empty for an organisation, which has one."""
    note: Mapped[str] = mapped_column(default="")
    """What the others read once all said yes, such as how to reach them."""
    answered_at: Mapped[datetime | None]
    supporters: Mapped[int] = mapped_column(default=0)
    """How many both had when this side said "later"."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who answered."""
    again_at: Mapped[datetime | None]
    """When "later" came back. It does so once."""

    proposal: Mapped[Proposal] = relationship(back_populates="parties")
    dossier: Mapped[Dossier] = relationship()

    @property
    def other(self) -> Dossier:
        """What they are asked to go on together with: the host, or for who carries that the guest."""
        asked = self.proposal
        return asked.host if self.dossier_id == asked.guest_id else asked.guest


class Partner(Numbered):
    """A dossier that goes on together with others as one of them, the host. The host has a row too."""

    __tablename__ = "partners"
    __table_args__ = (Index(None, "host_id"),)

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), unique=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """Read by the other partners, and nobody else."""
    joined_at: Mapped[datetime] = mapped_column(default=now)
    former: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of the host: what it said before, for when it is alone again."""

    dossier: Mapped[Dossier] = relationship(foreign_keys=[dossier_id])
    host: Mapped[Dossier] = relationship(foreign_keys=[host_id])
