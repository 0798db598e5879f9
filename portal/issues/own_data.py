"""Reports that somebody began and did not send: part of their own data."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.dossiers import pictures
from portal.dossiers.models import Attachment
from portal.issues.models import Draft
from portal.kernel.db import db


def _drafts(person: Person) -> list[Draft]:
    return list(db.session.scalars(db.select(Draft).filter_by(person_id=person.id).order_by(Draft.id)))


def _export(person: Person) -> list[dict[str, Any]]:
    return [{**draft.values, "changed_at": draft.changed_at.isoformat()} for draft in _drafts(person)]


def _erase(person: Person) -> None:
    for draft in _drafts(person):
        forget_draft(draft)


def forget_draft(draft: Draft) -> None:
    """Remove a draft and its picture. For use inside a command."""
    replace_picture(draft, None)
    db.session.delete(draft)


def replace_picture(draft: Draft, picture: Attachment | None) -> None:
    """Put another picture, or none, in the place of what was there. For use inside a command."""
    old, draft.attachment = draft.attachment, picture
    db.session.flush()
    if old is not None:
        pictures.forget(old)


PARTS.append(Part("drafts", _export, _erase))
