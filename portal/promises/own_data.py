"""What a person said about promises: taken along, erased. In public it only counts."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.dossiers.models import Signature
from portal.kernel.db import db
from portal.promises.models import Voice


def _theirs(person: Person) -> Any:
    return db.select(Voice).join(Voice.signature).where(Signature.person_id == person.id).order_by(Voice.id)


def _export(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "dossier": voice.dossier.ref,
            "promise": voice.promise.entry.seq,
            "said": voice.said,
            "said_at": voice.said_at.isoformat() if voice.said_at else None,
        }
        for voice in db.session.scalars(_theirs(person))
    ]


def _erase(person: Person) -> None:
    """What was said stays counted; nobody can see any more who said it."""
    for voice in db.session.scalars(_theirs(person)).all():
        if voice.said is None:
            db.session.delete(voice)
        else:
            voice.signature_id = voice.said_at = None
    db.session.flush()


PARTS.append(Part("promises", _export, _erase))
