"""What an authority keeps for itself: its cases, teams, saved filters, and the rules that sort its cases."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Membership, Organisation
from portal.dossiers.models import Addressee, Dossier
from portal.dossiers.models.dossier import one_of
from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered

LONGEST_NAME = 80
NARROWED_BY = ("kind", "category_slug", "neighbourhood_code", "membership_id", "team_id")
"""What a queue is narrowed by stands in the index that it is read from."""


class Part(StrEnum):
    """Where a case lies in the queue; in this order."""

    OPEN = "open"
    """An answer is awaited, and still wanted."""
    OVER = "over"
    """None was given, and none is wanted any more: solved, withdrawn, opened again."""
    SAID = "said"
    """Answered, or passed on."""


class Problem(StrEnum):
    """Why something cannot be kept like this."""

    NO_NAME = "no_name"
    NAME_TAKEN = "name_taken"
    NO_COLLEAGUE = "no_colleague"
    NO_TEAM = "no_team"
    NO_FALLBACK = "no_fallback"
    NO_RULE = "no_rule"
    NOT_TRIED = "not_tried"
    TOO_MANY = "too_many"


class Case(Base):
    """A dossier as it lies with one authority. What it is put in order by stands here a second time.

    `portal.staff.listeners` keeps it equal to addressee and dossier, in the transaction that changes those:
    so that a page of a hundred thousand cases is read from one index.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(one_of("part", Part), name="part"),
        Index("ix_cases_due", "organisation_id", "part", "due_on", "dossier_id", *NARROWED_BY),
        Index(None, "organisation_id", "part", "handed_over_on", "dossier_id"),
        Index(None, "organisation_id", "part", "answered_on", "dossier_id"),
        Index(None, "organisation_id", "part", "touched", "due_on", "dossier_id"),
        Index(None, "organisation_id", "part", "asked_on"),
        Index(
            "ix_cases_whose", "organisation_id", "part", "membership_id", "team_id", "due_on", "dossier_id"
        ),
        Index(None, "organisation_id", "part", "team_id", "due_on"),
        Index(None, "organisation_id", "handed_over_on"),
        Index(None, "organisation_id", "answered_on"),
        Index(None, "dossier_id"),
        Index(None, "membership_id"),
    )

    addressee_id: Mapped[int] = mapped_column(
        ForeignKey("addressees.id"), primary_key=True, autoincrement=False
    )
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    part: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str]
    category_slug: Mapped[str | None]
    neighbourhood_code: Mapped[str | None]
    handed_over_on: Mapped[date | None]
    due_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    touched: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the authority reacted in any way: answered, asked, noted."""
    asked_on: Mapped[date | None]
    """Since when it waits for what others say to its question; empty when it does not."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    """Whose it is. Of somebody who works there no more it is nobody's, without a word being changed here."""

    addressee: Mapped[Addressee] = relationship()
    dossier: Mapped[Dossier] = relationship()


class Team(Numbered):
    """Some colleagues of an authority who share work. One that was closed stays, for what it had."""

    __tablename__ = "teams"
    __table_args__ = (Index(None, "organisation_id"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    closed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    members: Mapped[list["TeamMember"]] = relationship(
        back_populates="team", order_by="TeamMember.membership_id", cascade="all, delete-orphan"
    )


class TeamMember(Base):
    """By membership, so that who leaves the authority leaves its teams."""

    __tablename__ = "team_members"
    __table_args__ = (Index(None, "membership_id"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, autoincrement=False)
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("memberships.id"), primary_key=True, autoincrement=False
    )

    team: Mapped[Team] = relationship(back_populates="members")
    membership: Mapped[Membership] = relationship(lazy="joined")


class RoutingState(StrEnum):
    DRAFT = "draft"
    ON = "on"
    PAST = "past"


_IN_USE = text("state <> 'past'")
ONE_IN_USE: dict[str, Any] = {"sqlite_where": _IN_USE, "postgresql_where": _IN_USE}
"""An authority writes at one list at a time, and one of them works."""


class Routing(Numbered):
    """A list of rules of an authority: one that is written at, the one that works, those from before."""

    __tablename__ = "routings"
    __table_args__ = (
        CheckConstraint(one_of("state", RoutingState), name="state"),
        Index("uq_routings_in_use", "organisation_id", "state", unique=True, **ONE_IN_USE),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(8), default=RoutingState.DRAFT)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """In order, as `portal.staff.rules.Rule` writes them; the first that fits decides."""
    fallback_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    """With whom lands what no rule fits."""
    changed_at: Mapped[datetime] = mapped_column(default=now)
    tried_at: Mapped[datetime | None]
    """When somebody last looked at what it would have done."""
    on_at: Mapped[datetime | None]
    off_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    fallback: Mapped[Membership | None] = relationship()

    @property
    def tried(self) -> bool:
        """Whether it was tried out as it stands now."""
        return self.tried_at is not None and self.tried_at >= self.changed_at


class SavedFilter(Numbered):
    """What somebody narrows the queue of an authority to, under a name of their own."""

    __tablename__ = "saved_filters"
    __table_args__ = (Index(None, "person_id", "organisation_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    given: Mapped[dict[str, str]] = mapped_column(JSON)
    """As the address of the queue has it."""
