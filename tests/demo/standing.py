"""How a portal stands, to be compared with another one."""

from typing import Any

from portal.accounts.models import Organisation, Person
from portal.dossiers.commands import supporters
from portal.dossiers.models import Addressee, Attachment, Dossier, Signature
from portal.dossiers.timeline import Entry
from portal.kernel.commands import Submission
from portal.kernel.db import Base, db
from portal.petitions.models import Demand, Lineage
from portal.promises.models import Promise, Trial

KEPT: list[type[Base]] = [
    Dossier,
    Entry,
    Signature,
    Addressee,
    Promise,
    Trial,
    Lineage,
    Demand,
    Attachment,
    Person,
    Organisation,
    Submission,
]


def stands() -> tuple[dict[str, int], list[Any]]:
    """How much of everything there is, and how each dossier stands (PostgreSQL's numbers may skip some)."""
    numbers = {m.__name__: db.session.scalar(db.select(db.func.count()).select_from(m)) or 0 for m in KEPT}
    known = db.session.scalars(db.select(Dossier).order_by(Dossier.id))
    return numbers, [(d.title, d.state, d.entry_count, supporters(d)) for d in known]
