"""People, organisations, and who belongs where for how long."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.clock import now, today
from portal.kernel.db import Base, Numbered, one_of
from portal.places.models import Neighbourhood


class OrganisationKind(StrEnum):
    CORE = "core"
    PLATFORM = "platform"
    COALITION = "coalition"
    AUTHORITY = "authority"
    COMMITTEE = "committee"
    SUPPORT = "support"


class Role(StrEnum):
    """What a person is in an organisation; RESIDENT is everybody with a confirmed contact."""

    RESIDENT = "resident"
    CONTACT = "contact"
    ORGANISER = "organiser"
    OFFICIAL = "official"
    MEMBER = "member"
    MODERATOR = "moderator"


STAFF = frozenset({Role.OFFICIAL, Role.MEMBER, Role.MODERATOR})
"""Roles that see or decide what others entrusted to the portal."""


class Waits(StrEnum):
    """What a signed-in person must do before their work in organisations begins."""

    NOTHING = ""
    CODE = "code"
    """They have a second factor, and gave no code in this session."""
    FACTOR = "factor"
    """They have none, and this portal wants one of who has a role in STAFF."""


@dataclass(frozen=True)
class Here:
    """By which session a person is here. Everybody who was not loaded for a request is here by none."""

    session_id: int = 0
    token: str = ""
    waits: Waits = Waits.NOTHING
    proven_at: datetime = datetime.min.replace(tzinfo=UTC)
    """When they last showed that it is them: by a link, a password with a code, or a code alone."""
    seen_on: date = date.max


class Person(UserMixin, Numbered):
    """A human with a contact; `confirmed_at` is empty until they showed that the mail address is theirs."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("(email IS NULL) = (email_key IS NULL)", name="email_with_key"),)

    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(unique=True)
    """The address in the form in which two spellings of one mailbox are equal."""
    name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(String(8), default="nl")
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    """When they first opened the account with a link, if they did: they have it on purpose, and it stays."""
    erased_at: Mapped[datetime | None]
    building: Mapped[str] = mapped_column(default="", server_default="")
    """Their home building, as `places.loading.buildings` calls it: asked once, optional, never public."""

    household_of: Mapped["Person | None"] = relationship(
        secondary="households",
        primaryjoin="Person.id == Household.second_id",
        secondaryjoin="Person.id == Household.first_id",
        viewonly=True,
    )
    """Whose mail address they use."""
    here = Here()
    """Set by who loads them for a request; no column."""
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", lazy="select")

    @property
    def mailbox(self) -> str | None:
        """Where a mail to this person goes."""
        return self.household_of.email if self.household_of is not None else self.email

    @property
    def mailbox_key(self) -> str | None:
        """The same, as `email_key`. Who has an address of their own shares none."""
        return self.email_key or (self.household_of.email_key if self.household_of is not None else None)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({str(Role.RESIDENT)} | {m.role for m in self.current_memberships})

    @property
    def current_memberships(self) -> list["Membership"]:
        """Those that give rights: none as long as the second factor is not shown."""
        return [] if self.waits_for else self.all_memberships

    @property
    def all_memberships(self) -> list["Membership"]:
        """Those of today, also when they do not give rights yet."""
        return [m for m in self.memberships if m.current]

    @property
    def waits_for(self) -> Waits:
        """What is to be done before the memberships give rights."""
        waits = self.here.waits
        if waits == Waits.FACTOR and not any(m.role in STAFF for m in self.all_memberships):
            return Waits.NOTHING
        return waits

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the token of the session, never a number."""
        return self.here.token

    def organisations(self, role: Role) -> list["Organisation"]:
        """The organisations in which this person has this role today."""
        return [m.organisation for m in self.current_memberships if m.role == role]

    def organisation_ids(self, *roles: Role) -> frozenset[int]:
        return frozenset(m.organisation_id for m in self.current_memberships if m.role in roles)


class Household(Base):
    """Two people who share a mail address: the first one's. There is no third."""

    __tablename__ = "households"

    second_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    first_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)


class Organisation(Numbered):
    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint(one_of("kind", OrganisationKind), name="kind"),)

    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    """A short name for addresses and files."""
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    neighbourhood_code: Mapped[str | None] = mapped_column(ForeignKey("neighbourhoods.code"))
    email_domain: Mapped[str | None]
    about: Mapped[str] = mapped_column(default="")
    buildings: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Of a core: the flats and courts whose residents it is."""
    recognised_on: Mapped[date | None]
    recognised_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")
    neighbourhood: Mapped[Neighbourhood | None] = relationship()

    @property
    def recognised(self) -> bool:
        """Whether the committee's recognition, a temporary status, holds today."""
        return self.recognised_on is not None and (
            self.recognised_until is None or self.recognised_until >= today()
        )


class Membership(Numbered):
    """A person's role in an organisation, with a term; it works from its first to its last day."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),
        Index(None, "person_id"),
        Index(None, "organisation_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str]
    starts_on: Mapped[date] = mapped_column(default=today)
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    @property
    def current(self) -> bool:
        return self.starts_on <= today() and (self.ends_on is None or self.ends_on >= today())


class SignIn(Numbered):
    """Somebody asked for a link to sign in with; it works once and for a quarter of an hour."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "email_key", "asked_at"),)

    email: Mapped[str]
    email_key: Mapped[str]
    locale: Mapped[str] = mapped_column(String(8), default="nl")
    next_path: Mapped[str] = mapped_column(default="/")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @property
    def works(self) -> bool:
        """Whether it was not used yet and is not too old."""
        return self.used_at is None and self.expires_at >= now()


class Session(Numbered):
    """Where somebody is signed in. Its cookie holds a token of which only the digest is here."""

    __tablename__ = "sessions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(60), default="")
    """The kind of browser and of device, as `words.device_of` names them; no address, no version."""
    began_at: Mapped[datetime] = mapped_column(default=now)
    seen_on: Mapped[date] = mapped_column(default=today)
    ends_at: Mapped[datetime]
    proven_at: Mapped[datetime] = mapped_column(default=now)
    factor_at: Mapped[datetime | None]
    """When the second factor was shown in this session."""
    asked_at: Mapped[datetime | None]
    """When a code was mailed that shows once more that it is them; empty when none works."""


class Factor(Base):
    """The password and the authenticator app of somebody who works here."""

    __tablename__ = "factors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    password: Mapped[str]
    """Argon2id."""
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """What the app counts with, under the portal's key."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute of the last code that was accepted: it, and those before it, work no more."""
    set_at: Mapped[datetime] = mapped_column(default=now)


class RecoveryCode(Base):
    """Gets somebody in once whose app is lost. Only its digest is here."""

    __tablename__ = "recovery_codes"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class Passkey(Numbered):
    """Shows who somebody is in the place of a code of their app: a key that a device or a stick holds."""

    __tablename__ = "passkeys"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """The digest of the name by which the device knows it."""
    known: Mapped[bytes] = mapped_column(LargeBinary)
    """That name, and the public key."""
    name: Mapped[str] = mapped_column(String(80))
    """What its owner calls it."""
    counter: Mapped[int] = mapped_column(BigInteger)
    """How often it was used, as it says itself; always 0 when it does not count."""
    last_tick: Mapped[int] = mapped_column(BigInteger)
    """When that was asked which it answered last: that, and what was asked before, it answers no more."""
    added_on: Mapped[date] = mapped_column(default=today)
    used_on: Mapped[date | None]


class Identity(Base):
    """Who somebody is at the provider of their organisation, since they first signed in with it."""

    __tablename__ = "identities"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A digest of the provider and of what it calls them, which stays when their address changes."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Seen(StrEnum):
    """What somebody who works here looked into."""

    SHEET = "sheet"
    PICTURE = "picture"
    EXAMPLES = "examples"
    HELD = "held"
    HELPERS = "helpers"
    MAILS = "mails"
    MAIL = "mail"
    FILE = "file"


class Look(Numbered):
    """Somebody looked into what neighbours entrusted to us. It holds numbers and codes alone."""

    __tablename__ = "looks"
    __table_args__ = (CheckConstraint(one_of("what", Seen), name="what"), Index(None, "at"))

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    """Who looked."""
    what: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(100))
    """Of which dossier, sheet or mail: what the address of the page says."""
    at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship()


class WrongTry(Numbered):
    """A password or a code that was wrong: for whom and from where, in digests that lead back to nobody."""

    __tablename__ = "wrong_tries"
    __table_args__ = (Index(None, "whose", "at"), Index(None, "origin", "at"))

    whose: Mapped[str] = mapped_column(String(32))
    origin: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=now)
