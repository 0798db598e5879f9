"""What somebody said to doing it together: taken along, erased."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.together.models import Partner, Party


def _said_by(person: Person) -> list[Party]:
    return list(db.session.scalars(db.select(Party).filter_by(person_id=person.id).order_by(Party.id)))


def _export(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "dossier": party.dossier.ref,
            "with": party.other.ref,
            "said": party.says,
            "named": party.name,
            "note": party.note,
            "at": party.answered_at.isoformat() if party.answered_at else None,
        }
        for party in _said_by(person)
    ]


def _erase(person: Person) -> None:
    """The answer stays, so that nobody is asked again; the name and the words go."""
    for party in _said_by(person):
        named = db.update(Partner).where(Partner.dossier_id == party.dossier_id)
        db.session.execute(named.values(name="", note=""))
        party.name, party.note, party.person_id = "", "", None


def _hide(person: Person, words: bool) -> None:
    """Not named any more among those who do it together; with `words` their note to the others goes, too."""
    for party in _said_by(person):
        gone = {"name": ""} | ({"note": ""} if words else {})
        db.session.execute(db.update(Partner).where(Partner.dossier_id == party.dossier_id).values(**gone))
        for field, nothing in gone.items():
            setattr(party, field, nothing)


PARTS.append(Part("together", _export, _erase, hide=_hide))
