"""Who somebody is, and which organisations there are."""

from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy import event

from portal.accounts import addresses
from portal.accounts.models import Household, Organisation, OrganisationKind, Person, SignIn
from portal.kernel.db import Base, db, find, one
from portal.kernel.tickets import For, read
from portal.places.loading import buildings as on_the_map


def person(person_id: int) -> Person | None:
    """The person with this number, for the session; somebody erased is nobody."""
    found = db.session.get(Person, person_id)
    return found if found is not None and found.erased_at is None else None


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
