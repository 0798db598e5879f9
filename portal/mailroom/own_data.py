"""What is kept of who wrote by mail or looked at a mail: taken along, erased."""

from typing import Any

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.mailroom.models import Mail, MailState


def _export(person: Person) -> list[dict[str, Any]]:
    """Mails from their own address, and those that they let in or threw away."""
    own = db.func.lower(Mail.sender) == (person.email or "-").lower()
    wanted = db.select(Mail).where(db.or_(own, Mail.settled_by_id == person.id)).order_by(Mail.id)
    return [
        {
            "dossier": mail.addressee.dossier.ref,
            "arrived_at": mail.arrived_at.isoformat(),
            "state": mail.state,
            "text": mail.text if mail.settled_by_id != person.id else "",
            "looked_at": mail.settled_by_id == person.id,
        }
        for mail in db.session.scalars(wanted)
    ]


def _erase(person: Person) -> None:
    """Who looked is forgotten, and who wrote; what was said for an authority is the authority's."""
    looked = db.update(Mail).where(Mail.settled_by_id == person.id)
    db.session.execute(looked.values(settled_by_id=None))
    own = db.func.lower(Mail.sender) == (person.email or "-").lower()
    db.session.execute(db.update(Mail).where(own, Mail.state != MailState.WAITING).values(sender=""))


PARTS.append(Part("mails", _export, _erase))
