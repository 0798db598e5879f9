"""Who somebody is, and which organisations there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import joinedload

from portal.accounts import addresses
from portal.accounts.models import (
    Factor,
    Here,
    Household,
    Identity,
    Look,
    Organisation,
    OrganisationKind,
    Passkey,
    Person,
    Session,
    SignIn,
    Waits,
)
from portal.kernel.clock import now, today
from portal.kernel.db import HIGHEST, Base, db, find, one
from portal.kernel.digests import keyed
from portal.kernel.settings import setting
from portal.kernel.tickets import For, read
from portal.places.loading import buildings as on_the_map


def person(person_id: int) -> Person | None:
    """The person with this number; somebody erased is nobody."""
    found = db.session.get(Person, person_id)
    return found if found is not None and found.erased_at is None else None


def session_key(token: str) -> str:
    """What is stored of a session's token."""
    return keyed("session", token).hex()


def by_session(token: str) -> Person | None:
    """Who is here with this token, in one statement; nobody when it ended, or who it was is erased."""
    wanted = db.select(Person, Session, Factor.person_id).join(Session, Session.person_id == Person.id)
    wanted = wanted.outerjoin(Factor, Factor.person_id == Person.id)
    idle = today() - timedelta(days=setting("SESSION_IDLE_DAYS"))
    lives = (Session.ends_at > now(), Session.seen_on >= idle, Person.erased_at.is_(None))
    found = db.session.execute(wanted.where(Session.key == session_key(token), *lives)).one_or_none()
    if found is None:
        return None
    person, session, factor = found
    waits = Waits.NOTHING
    if session.factor_at is None and (factor is not None or setting("STAFF_FACTOR")):
        waits = Waits.CODE if factor is not None else Waits.FACTOR
    person.here = Here(session.id, token, waits, session.proven_at, session.seen_on)
    known: Person = person
    return known


def sessions_of(person: Person) -> list[Session]:
    """Where this person is signed in, the newest first."""
    wanted = db.select(Session).where(Session.person_id == person.id, Session.ends_at > now())
    return list(db.session.scalars(wanted.order_by(Session.id.desc())))


LOOKS_A_PAGE = 50


@dataclass(frozen=True)
class Looks:
    """A page of looks, the newest first."""

    rows: list[Look]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def looks(number: int) -> Looks:
    """Who looked into what, and when."""
    number = min(max(number, 1), HIGHEST // LOOKS_A_PAGE)
    wanted = db.select(Look).options(joinedload(Look.person)).order_by(Look.at.desc(), Look.id.desc())
    found = list(db.session.scalars(wanted.offset((number - 1) * LOOKS_A_PAGE).limit(LOOKS_A_PAGE + 1)))
    return Looks(found[:LOOKS_A_PAGE], number, len(found) > LOOKS_A_PAGE)


def session(session_id: int) -> Session:
    return find(Session, session_id)


def factor_of(person: Person) -> Factor | None:
    return db.session.get(Factor, person.id)


def passkeys_of(person: Person) -> list[Passkey]:
    """The oldest first."""
    return list(db.session.scalars(db.select(Passkey).filter_by(person_id=person.id).order_by(Passkey.id)))


def passkey(passkey_id: int) -> Passkey:
    return find(Passkey, passkey_id)


def identity_of(person: Person) -> Identity | None:
    return db.session.scalar(db.select(Identity).filter_by(person_id=person.id))


def person_with(email: str) -> Person | None:
    return db.session.scalar(db.select(Person).filter_by(email_key=addresses.key(email)))


def of_household(person: Person) -> Person | None:
    """The second person who uses this one's mail address, if there is one."""
    wanted = db.select(Person).join(Household, Household.second_id == Person.id)
    return db.session.scalar(wanted.where(Household.first_id == person.id))


def known_among(numbers: Collection[int], *, but: Any = None) -> set[int]:
    """Those of these people to whom any row of any table refers, but by the column `but`."""
    skipped = but.property.columns[0] if but is not None else None
    people = Base.metadata.tables["people"]
    columns = (column for table in Base.metadata.tables.values() for column in table.columns)
    found: set[int] = set()
    for column in columns:
        if column is not skipped and any(key.references(people) for key in column.foreign_keys):
            found |= set(db.session.scalars(db.select(column).where(column.in_(numbers)).distinct()))
    return found


def sign_in_of(ticket: str) -> SignIn:
    return find(SignIn, read(For.SIGN_IN, ticket))


def organisation(key: str) -> Organisation:
    return one(Organisation, key=key)


def organisations(*kinds: OrganisationKind) -> list[Organisation]:
    """Those of these kinds by name."""
    wanted = db.select(Organisation).where(Organisation.kind.in_(kinds))
    return list(db.session.scalars(wanted.order_by(Organisation.name)))


@dataclass(frozen=True)
class Homes:
    """The buildings that people can live in, and the cores that are made of those."""

    buildings: dict[str, str]
    """Name -> the neighbourhood it stands in."""
    cores: dict[str, list[str]]
    """Name -> its buildings."""


_homes: dict[str, tuple[float, Homes]] = {}
"""Database address -> until when this holds, and what is in it."""
HOMES_HOLD = 60.0
"""Seconds after which what another process changed is seen here, too."""


def homes() -> Homes:
    """What the map knows, and what cores say is theirs. In memory: each page of a dossier asks."""
    key, at = str(db.engine.url), monotonic()
    until, found = _homes.get(key, (0.0, None))
    if found is None or at > until:
        found = _read_homes()
        _homes[key] = at + HOMES_HOLD, found
    return found


@event.listens_for(Organisation, "after_insert")
@event.listens_for(Organisation, "after_update")
def forget_homes(*_: Any) -> None:
    """Read them again the next time."""
    _homes.clear()


def _read_homes() -> Homes:
    wanted = db.select(Organisation.name, Organisation.neighbourhood_code, Organisation.buildings)
    rows = db.session.execute(wanted.filter_by(kind=OrganisationKind.CORE).order_by(Organisation.name)).all()
    named = {name: code for _, code, names in rows if code is not None for name in names}
    cores = {core: list(names) for core, _, names in rows if names}
    return Homes(dict(sorted({**named, **on_the_map()}.items())), cores)
