"""What a person can see, take along and have erased: each package that keeps something adds its part here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Factor, Identity, Look, Passkey, Person, Session
from portal.kernel.db import db


def nothing(person: Person) -> None:
    """For parts that are erased with the account itself."""


def nothing_public(person: Person, words: bool) -> None:
    """For parts of which others see nothing that tells who it is."""


@dataclass(frozen=True)
class Part:
    name: str
    """Its key in the file that a person downloads."""
    export: Callable[[Person], list[dict[str, Any]]]
    """Plain JSON values."""
    erase: Callable[[Person], None] = nothing
    """Run inside the command that erases the account."""
    template: str = ""
    """Shown on the account page with `part` = what `load` returns; empty: not shown."""
    load: Callable[[Person], Any] = nothing
    hide: Callable[[Person, bool], None] = nothing_public
    """Take the name from what everybody sees of this person; if True, what they wrote, too."""


PARTS: list[Part] = []


def export(person: Person) -> dict[str, Any]:
    """All that the portal keeps about this person, as plain JSON values."""
    own = {
        "email": person.email,
        "name": person.name,
        "language": person.locale,
        "building": person.building,
        "since": person.created_at.isoformat(),
    }
    return {"account": own} | {part.name: part.export(person) for part in PARTS}


def shown(person: Person) -> list[tuple[str, Any]]:
    """Template and what it needs, for each part of the account page."""
    return [(part.template, part.load(person)) for part in PARTS if part.template]


def _memberships(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "organisation": m.organisation.name,
            "role": m.role,
            "from": m.starts_on.isoformat(),
            "until": m.ends_on.isoformat() if m.ends_on else None,
        }
        for m in person.memberships
    ]


def _sessions(person: Person) -> list[dict[str, Any]]:
    return [
        {"device": s.device, "since": s.began_at.isoformat(), "last_seen": s.seen_on.isoformat()}
        for s in db.session.scalars(db.select(Session).filter_by(person_id=person.id).order_by(Session.id))
    ]


def _factor(person: Person) -> list[dict[str, Any]]:
    """That there is one; what it is made of is a secret of theirs, and would be worth stealing."""
    factor = db.session.get(Factor, person.id)
    return [{"set_at": factor.set_at.isoformat()}] if factor is not None else []


def _passkeys(person: Person) -> list[dict[str, Any]]:
    mine = db.select(Passkey).filter_by(person_id=person.id).order_by(Passkey.id)
    return [
        {
            "name": one.name,
            "added_on": one.added_on.isoformat(),
            "used_on": one.used_on.isoformat() if one.used_on else None,
        }
        for one in db.session.scalars(mine)
    ]


def _identity(person: Person) -> list[dict[str, Any]]:
    """That they signed in with the provider of their organisation."""
    mine = db.select(Identity.since).where(Identity.person_id == person.id)
    return [{"since": since.isoformat()} for since in db.session.scalars(mine)]


def _looks(person: Person) -> list[dict[str, Any]]:
    """What they looked into as who works here. It stays when they are forgotten, without their name."""
    mine = db.select(Look).filter_by(person_id=person.id).order_by(Look.id)
    return [{"what": x.what, "about": x.about, "at": x.at.isoformat()} for x in db.session.scalars(mine)]


PARTS.append(Part("looks", _looks))
PARTS.append(Part("memberships", _memberships))
PARTS.append(Part("sessions", _sessions))
PARTS.append(Part("second_factor", _factor))
PARTS.append(Part("passkeys", _passkeys))
PARTS.append(Part("provider", _identity))
