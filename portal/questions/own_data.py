"""What somebody was asked by officials: taken along, erased."""

from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.questions.models import Asked, Question


def _export(person: Person) -> list[dict[str, Any]]:
    wanted = db.select(Asked).filter_by(person_id=person.id).order_by(Asked.id)
    whole = joinedload(Asked.question).joinedload(Question.dossier)
    return [
        {
            "dossier": asked.question.dossier.ref,
            "number": asked.question.seq,
            "until": asked.question.ends_on.isoformat(),
            "state": asked.question.state,
        }
        for asked in db.session.scalars(wanted.options(whole))
    ]


def _erase(person: Person) -> None:
    db.session.execute(db.delete(Asked).where(Asked.person_id == person.id))


PARTS.append(Part("questions", _export, _erase))
