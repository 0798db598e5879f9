"""What a person says in rounds that are not over: taken along, erased. Afterwards nobody knows it."""

from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.verdicts.models import Round, Verdict


def _export(person: Person) -> list[dict[str, Any]]:
    wanted = db.select(Verdict).filter_by(person_id=person.id).order_by(Verdict.id)
    whole = joinedload(Verdict.round).joinedload(Round.dossier)
    return [
        {"dossier": v.round.dossier.ref, "says": v.says, "at": v.at.isoformat()}
        for v in db.session.scalars(wanted.options(whole))
    ]


def _erase(person: Person) -> None:
    db.session.execute(db.delete(Verdict).where(Verdict.person_id == person.id))


PARTS.append(Part("verdicts", _export, _erase))
