"""Reports that somebody began and did not send: part of their own data."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.dossiers.pictures import described, forget
from portal.issues.models import Draft
from portal.kernel.db import db


def _drafts(person: Person) -> list[Draft]:
    return list(db.session.scalars(db.select(Draft).filter_by(person_id=person.id).order_by(Draft.id)))


def _begun(person: Person) -> list[Draft]:
    """The newest first."""
    return sorted(_drafts(person), key=lambda draft: draft.changed_at, reverse=True)


def _export(person: Person) -> list[dict[str, Any]]:
    return [
        {**draft.values, "photos": described(draft.photos), "changed_at": draft.changed_at.isoformat()}
        for draft in _drafts(person)
    ]


def _erase(person: Person) -> None:
    for draft in _drafts(person):
        forget_draft(draft)


def forget_draft(draft: Draft) -> None:
    """Remove a draft and its photos. For use inside a command."""
    for photo in list(draft.photos):
        forget(photo)
    db.session.flush()
    db.session.expire(draft, ["photos"])
    db.session.delete(draft)


PARTS.append(Part("drafts", _export, _erase, "issues/own_drafts.html", _begun))
