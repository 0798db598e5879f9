"""What can be seen of sheets."""

from typing import Any

from portal.accounts.models import Organisation, Role
from portal.dossiers.models import Dossier
from portal.dossiers.policy import reaches
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.policy import require
from portal.sheets.models import Sheet, read_code
from portal.sheets.policy import Do


def sheets_of(actor: Any, dossier: Dossier) -> list[Sheet]:
    """The sheets of this petition, the newest first."""
    require(actor, Do.LIST, dossier)
    wanted = db.select(Sheet).filter_by(dossier_id=dossier.id)
    return list(db.session.scalars(wanted.order_by(Sheet.issued_at.desc(), Sheet.id.desc())))


def known(code: str) -> Sheet:
    """The sheet with this code, however it is typed; NotFound when there is none."""
    written = read_code(code)
    found = db.session.scalar(db.select(Sheet).filter_by(code=written)) if written else None
    if found is None:
        raise NotFound(code)
    return found


def by_code(actor: Any, code: str) -> Sheet:
    """The same, for who may look at it."""
    found = known(code)
    require(actor, Do.READ, found)
    return found


def issuers(actor: Any, dossier: Dossier) -> list[Organisation]:
    """In whose name the actor may print sheets for this dossier: that of the dossier itself first."""
    organised = actor.organisations(Role.ORGANISER) if actor.is_authenticated else []
    own = [one for one in organised if one.id == dossier.organisation_id]
    return own + [one for one in organised if one not in own and reaches(one, dossier.neighbourhood_code)]
