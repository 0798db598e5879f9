"""What is kept about a helper: shown to them, taken along, erased. Never whom they helped."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.assistance.models import Mandate, Receipt, TakeOver
from portal.dossiers.models import Signature
from portal.kernel.clock import now
from portal.kernel.db import db


def mandates_of(person: Any) -> list[Mandate]:
    """This person's mandates that are not over, the one that ends first before the others."""
    if not person.is_authenticated:
        return []
    wanted = db.select(Mandate).filter_by(person_id=person.id).order_by(Mandate.ends_at, Mandate.id)
    return [mandate for mandate in db.session.scalars(wanted) if not mandate.over]


def helped_by(person: Person) -> dict[int, int]:
    """Mandate id -> how many this person helped with it."""
    wanted = db.select(Receipt.mandate_id, db.func.count(Receipt.id)).join(Receipt.mandate)
    wanted = wanted.where(Mandate.person_id == person.id).group_by(Receipt.mandate_id)
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _export(person: Person) -> list[dict[str, Any]]:
    helped = helped_by(person)
    wanted = db.select(Mandate).filter_by(person_id=person.id).order_by(Mandate.id)
    return [
        {
            "organisation": mandate.organisation.name,
            "from": mandate.starts_at.isoformat(),
            "until": mandate.ends_at.isoformat(),
            "withdrawn_at": mandate.withdrawn_at.isoformat() if mandate.withdrawn_at else None,
            "most_per_day": mandate.most_per_day,
            "helped": helped.get(mandate.id, 0),
        }
        for mandate in db.session.scalars(wanted)
    ]


def _erase(person: Person) -> None:
    """Nobody can see any more whom they helped; their mandates end. What they helped with stays."""
    for column in (Signature.helper_id, Receipt.helper_id, Receipt.person_id, Mandate.given_by_id):
        rows = db.update(column.class_).where(column == person.id)
        db.session.execute(rows.values({column.key: None}))
    for mandate in db.session.scalars(db.select(Mandate).filter_by(person_id=person.id)).all():
        mandate.withdrawn_at, mandate.name = mandate.withdrawn_at or now(), ""
    if person.email_key is not None:
        asked = db.delete(TakeOver).where(TakeOver.email_key == person.email_key)
        db.session.execute(asked)


def _shown(person: Person) -> dict[str, Any]:
    mandates = mandates_of(person)
    return {"mandates": mandates, "helped": helped_by(person) if mandates else {}}


PARTS.append(Part("helping", _export, _erase, "assistance/own_mandates.html", _shown))
