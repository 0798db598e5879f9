"""What can be seen of printing."""

from typing import Any

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.dossiers.queries import dossier as dossier_of
from portal.kernel.clock import now
from portal.kernel.db import db, find
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.policy import allowed, require
from portal.places.queries import as_residents_say, buildings_in
from portal.printing.models import PrintJob
from portal.printing.policy import Do
from portal.sheets.models import Sheet
from portal.sheets.queries import issuers

RECENT = 5


def dossier(actor: Any, ref: str) -> Dossier:
    """What is to be printed."""
    found = dossier_of(actor, ref)
    require(actor, Do.PRINT, found)
    return found


def pictured(actor: Any, ref: str, do: Do) -> Dossier:
    """What a picture is to be of: where there is none, a page for signing in would be no picture either."""
    try:
        found = dossier_of(actor, ref)
        require(actor, do, found)
    except NotAllowed as error:
        raise NotFound(ref) from error
    return found


def names(actor: Any, dossier: Dossier) -> list[Organisation]:
    """In whose name the actor may print sheets; empty for who may not."""
    return issuers(actor, dossier) if allowed(actor, Do.ORDER, dossier) else []


def flats(dossier: Dossier) -> list[str]:
    """The flats and courts of the neighbourhood, as residents draw it; of a dossier without one: all."""
    return sorted(buildings_in(as_residents_say(dossier.neighbourhood)))


def jobs_of(actor: Any, dossier: Dossier) -> list[PrintJob]:
    """What the actor ordered of this dossier and can still fetch, the newest first."""
    if not actor.is_authenticated:
        return []
    wanted = db.select(PrintJob).filter_by(dossier_id=dossier.id, person_id=actor.id)
    fresh = wanted.where(PrintJob.expires_at > now()).order_by(PrintJob.id.desc())
    return list(db.session.scalars(fresh.limit(RECENT)))


def job(actor: Any, print_id: int) -> PrintJob:
    """What was ordered, for who ordered it; after a day there is none."""
    found = find(PrintJob, print_id)
    require(actor, Do.FETCH, found)
    if found.expires_at <= now():
        raise NotFound(f"print {print_id}")
    return found


def waiting(print_id: int) -> PrintJob | None:
    """What the worker has to make, unless it is made or forgotten already."""
    found = db.session.get(PrintJob, print_id)
    return found if found is not None and found.key is None else None


def sheets_of(job: PrintJob) -> list[Sheet]:
    """In the order in which they are printed."""
    return list(db.session.scalars(db.select(Sheet).where(Sheet.id.in_(job.sheet_ids)).order_by(Sheet.id)))
