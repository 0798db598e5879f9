"""What an official wrote and did not send: taken along. Who wrote it is forgotten; the draft stays."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.composer.models import AnswerDraft, Presence
from portal.dossiers.models import Dossier
from portal.kernel.db import db


def _export_drafts(person: Person) -> list[dict[str, Any]]:
    wanted = db.select(AnswerDraft, Dossier.ref).join(Dossier, Dossier.id == AnswerDraft.dossier_id)
    rows = db.session.execute(wanted.where(AnswerDraft.person_id == person.id).order_by(AnswerDraft.id))
    return [{"dossier": ref, "text": d.values, "changed_at": d.changed_at.isoformat()} for d, ref in rows]


def _export_presence(person: Person) -> list[dict[str, Any]]:
    wanted = db.select(Presence.seen_at, Dossier.ref).join(Dossier, Dossier.id == Presence.dossier_id)
    rows = db.session.execute(wanted.where(Presence.person_id == person.id).order_by(Presence.seen_at))
    return [{"dossier": ref, "seen_at": at.isoformat()} for at, ref in rows]


def _erase(person: Person) -> None:
    theirs = db.update(AnswerDraft).where(AnswerDraft.person_id == person.id)
    db.session.execute(theirs.values(person_id=None))
    db.session.execute(db.delete(Presence).where(Presence.person_id == person.id))


PARTS.append(Part("answer_drafts", _export_drafts, _erase))
PARTS.append(Part("presence", _export_presence))
