"""What the neighbourhood carries: dossiers, whom they are put to, and their pictures."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    event,
    false,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models.breadth import Breadth
from portal.kernel.clock import now, today
from portal.kernel.db import Base, Numbered, one_of
from portal.kernel.states import Lifecycle
from portal.places import grid
from portal.places.models import Neighbourhood


class Kind(StrEnum):
    ISSUE = "issue"
    PLAN = "plan"
    PETITION = "petition"


class State(StrEnum):
    """Where a dossier stands. Issues and plans begin UNCONFIRMED or OPEN, petitions as DRAFT."""

    UNCONFIRMED = "unconfirmed"
    DRAFT = "draft"
    OPEN = "open"
    GATHERING = "gathering"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    DONE = "done"
    SOLVED = "solved"
    WITHDRAWN = "withdrawn"


class AddresseeState(StrEnum):
    NAMED = "named"
    WAITING = "waiting"
    ANSWERED = "answered"
    TRANSFERRED = "transferred"


HIDDEN_STATES = frozenset({State.UNCONFIRMED, State.DRAFT})
"""Not public yet: seen only by those who opened the dossier."""
SIGNABLE = frozenset({State.OPEN, State.GATHERING, State.HANDED_OVER, State.ANSWERED, State.DONE})
"""A neighbour can join until it is over."""
SETTLED = frozenset({State.ANSWERED, State.DONE, State.SOLVED, State.WITHDRAWN})
"""It is answered or over: what is not needed any more can be forgotten after a while."""
_BEFORE = {State.UNCONFIRMED, State.DRAFT, State.OPEN, State.GATHERING}
_WITH_AUTHORITY = {State.HANDED_OVER, State.ANSWERED, State.DONE}

# `solve` and `reopen` are the word of its own people, `settle` and `contest` that of the supporters, who are
# asked after `finish`. What they contest is with the authority again: it has a new clock, and can answer.
LIFECYCLE = Lifecycle(
    confirm=({State.UNCONFIRMED}, State.OPEN),
    publish=({State.DRAFT}, State.GATHERING),
    hand_over=({State.OPEN, State.GATHERING, *_WITH_AUTHORITY}, State.HANDED_OVER),
    answer=(_WITH_AUTHORITY, State.ANSWERED),
    finish=(_WITH_AUTHORITY, State.DONE),
    solve=({State.OPEN, State.GATHERING, *_WITH_AUTHORITY}, State.SOLVED),
    reopen=({State.DONE, State.SOLVED, State.ANSWERED, State.WITHDRAWN}, State.OPEN),
    regather=({State.DONE, State.SOLVED, State.ANSWERED}, State.GATHERING),
    contest=({State.DONE, State.SOLVED}, State.HANDED_OVER),
    settle=({State.DONE, State.SOLVED}, State.SOLVED),
    withdraw=(_BEFORE | _WITH_AUTHORITY, State.WITHDRAWN),
)


class Category(Base):
    """What a dossier is about, and within how many days an answer to a single report is due."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    main: Mapped[str]
    main_name_nl: Mapped[str]
    main_name_en: Mapped[str]
    name_nl: Mapped[str]
    name_en: Mapped[str]
    icon: Mapped[str]
    days: Mapped[int]
    calendar_days: Mapped[bool]
    position: Mapped[int]

    def name(self, language: str) -> str:
        return self.name_nl if language == "nl" else self.name_en

    def main_name(self, language: str) -> str:
        return self.main_name_nl if language == "nl" else self.main_name_en


MAPPED = ("cell", "kind", "state", "category_slug", "neighbourhood_code", "lat", "lon")
"""What the map counts by, all in one index: no row has to be read for it."""
ON_MAP = (
    "cell IS NULL OR (lat IS NOT NULL AND hidden_at IS NULL AND NOT stayed_private"
    f" AND state NOT IN ({', '.join(repr(str(state)) for state in sorted(HIDDEN_STATES))}))"
)
"""What the database itself guards: nothing that is private or hidden has a cell on the map."""


class Dossier(Numbered):
    __tablename__ = "dossiers"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_reason IS NULL)", name="hidden_with_reason"),
        UniqueConstraint("source", "source_id"),
        Index(None, "state", "opened_at"),
        Index(None, "kind", "opened_at"),
        Index(None, "opened_at"),
        Index(None, "changed_at"),
        Index(None, "neighbourhood_code", "opened_at"),
        Index(None, "lat", "lon"),
        Index(None, "opener_id"),
        CheckConstraint(ON_MAP, name="on_map"),
        Index("ix_dossiers_map", *MAPPED),
    )

    ref: Mapped[str | None] = mapped_column(String(16), unique=True)
    kind: Mapped[str]
    state: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(8), default="nl")
    category_slug: Mapped[str | None] = mapped_column(ForeignKey("categories.slug"))
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """What was asked about its category: key of the question -> answer. Words of people, so not hashed."""
    place_name: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    cell: Mapped[int | None] = mapped_column(BigInteger, default=lambda context: cell_of(_given(context)))
    """Where it is counted on the map; empty as long as it is not to be seen there."""
    neighbourhood_code: Mapped[str | None] = mapped_column(ForeignKey("neighbourhoods.code"))
    opener_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """On whose behalf, if not for oneself."""
    opened_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str | None]
    hidden_language: Mapped[str | None] = mapped_column(String(8))
    """In which the reason was written."""
    stayed_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was withdrawn before it was public, and is not made public by that."""
    contested: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An authority said that it is done, its supporters that it is not; until the next answer."""
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(120))
    """Where an imported report came from, and its number there."""
    counted: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many supported it when the worker counted last; `supporters` adds what moved since."""
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    """Since when it is answered or over; empty as long as it goes on."""
    begins_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    """When a plan is held, if it has a day."""
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its people carry it together with others: only then a page looks for them."""
    proposed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they were ever asked to."""
    tied: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody said that it belongs with another one."""
    forgotten_at: Mapped[datetime | None]
    """When the personal data of its supporters was removed: from then on nobody can join."""
    buildings_reached: Mapped[int] = mapped_column(default=0, server_default="0")
    buildings_there: Mapped[int] = mapped_column(default=0, server_default="0")
    """Breadth in short: in so many of so many buildings live supporters of it. For lists."""
    entry_count: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
    """Number of entries on the timeline, and the hash of the last one."""

    category: Mapped[Category | None] = relationship(lazy="select")
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="select")
    opener: Mapped[Person | None] = relationship(lazy="select")
    organisation: Mapped[Organisation | None] = relationship(lazy="select")
    breadth: Mapped[Breadth | None] = relationship(viewonly=True, lazy="select")
    addressees: Mapped[list["Addressee"]] = relationship(back_populates="dossier", order_by="Addressee.id")
    attachments: Mapped[list["Attachment"]] = relationship(order_by="(Attachment.position, Attachment.id)")

    @property
    def public(self) -> bool:
        return self.state not in HIDDEN_STATES and not self.stayed_private


PLACING = ("lat", "lon", "state", "stayed_private", "hidden_at")
"""What its place on the map follows from."""


def cell_of(row: Mapping[str, Any]) -> int | None:
    """Where a dossier with these columns is counted on the map: if it has a point and is there for all."""
    lat, lon = row.get("lat"), row.get("lon")
    private = row.get("state") in HIDDEN_STATES or row.get("stayed_private") or row.get("hidden_at")
    return None if lat is None or lon is None or private else grid.cell(lat, lon)


def _given(context: Any) -> Mapping[str, Any]:
    """The columns of the row that is being written, also when many are."""
    found: Mapping[str, Any] = context.get_current_parameters()
    return found


@event.listens_for(Dossier, "before_update")
def _follow_state(_mapper: Any, _connection: Any, dossier: Dossier) -> None:
    """Whatever happens to it: its cell follows from its state and point, and so does since when it rests."""
    cell = cell_of({name: getattr(dossier, name) for name in PLACING})
    if cell != dossier.cell:
        dossier.cell = cell
    if (dossier.state in SETTLED) != (dossier.settled_at is not None):
        dossier.settled_at = now() if dossier.state in SETTLED else None


PUBLIC = and_(*(Dossier.state != state for state in sorted(HIDDEN_STATES)), ~Dossier.stayed_private)
"""The same as Dossier.public, as a condition."""


class Addressee(Numbered):
    """An authority that a dossier is put to; once handed over it has a due date."""

    __tablename__ = "addressees"
    __table_args__ = (
        UniqueConstraint("dossier_id", "organisation_id"),
        CheckConstraint(one_of("state", AddresseeState), name="state"),
        CheckConstraint("(state = 'named') = (due_on IS NULL)", name="due_when_handed_over"),
        Index(None, "organisation_id", "state", "due_on"),
        Index(None, "state", "due_on"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(default=AddresseeState.NAMED)
    handed_over_on: Mapped[date | None]
    due_on: Mapped[date | None]
    term: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The sum that led to the due date: start, days, calendar, skipped (days as ISO text)."""
    answered_on: Mapped[date | None]

    dossier: Mapped[Dossier] = relationship(back_populates="addressees")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def days_left(self) -> int | None:
        """Days until the due date; negative when it has passed; None when no answer is awaited."""
        waiting = self.state == AddresseeState.WAITING and self.due_on is not None
        return (self.due_on - today()).days if waiting and self.due_on else None


class Attachment(Numbered):
    """A picture, stored re-encoded and without metadata, large and small, in two ways of writing each."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("dossier_id IS NULL OR draft_id IS NULL", name="of_one"),
        Index(None, "dossier_id"),
        Index(None, "draft_id"),
        Index(None, "large"),
        Index(None, "small"),
        Index(None, "large_avif"),
        Index(None, "small_avif"),
    )

    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    """What it belongs to: a report is a draft until it is sent."""
    position: Mapped[int] = mapped_column(default=0)
    """Where it stands among the others."""
    large: Mapped[str]
    small: Mapped[str]
    """Keys in the storage: WebP, which every browser of 2020 and later shows."""
    large_avif: Mapped[str] = mapped_column(default="")
    small_avif: Mapped[str] = mapped_column(default="")
    """The same in fewer bytes, for browsers that know it; empty for pictures from before we wrote it."""
    width: Mapped[int]
    height: Mapped[int]
    small_width: Mapped[int]
    small_height: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    """What can be seen, in the words of who sent it."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    FILES = ("large", "small", "large_avif", "small_avif")

    @property
    def keys(self) -> list[str]:
        """Every file of it in the storage."""
        return [key for key in (getattr(self, name) for name in self.FILES) if key]

    @classmethod
    def has(cls, key: str) -> ColumnElement[bool]:
        """Those that are kept under this key."""
        return or_(*(getattr(cls, name) == key for name in cls.FILES))
