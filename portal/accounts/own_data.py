"""What a person can see, take along and have erased: each package that keeps something adds its part here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Person


def nothing(person: Person) -> None:
    """For parts that are erased with the account itself."""


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


PARTS: list[Part] = []
OWNERS: list[Any] = []
"""Columns that name a person: whom one of their rows names is known here, and is not removed."""


def export(person: Person) -> dict[str, Any]:
    """All that the portal keeps about this person, as plain JSON values."""
    own = {
        "email": person.email,
        "name": person.name,
        "language": person.locale,
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


PARTS.append(Part("memberships", _memberships))
