"""Ordering sheets, and the worker's way through them."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.kernel import jobs, storage
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.printing.models import PrintJob, PrintState
from portal.printing.policy import Do
from portal.sheets.commands import issue


@command(Do.ORDER, alone=False)
def order(actor: Any, dossier: Dossier, *, language: str, **asked: Any) -> PrintJob:
    """Make the sheets that are asked for (`sheets.commands.issue`); the worker makes one file of them all."""
    ids = [sheet.id for sheet in issue(actor, dossier, language=language, **asked)]
    made = PrintJob(
        dossier_id=dossier.id, person_id=actor.id, language=language, sheet_ids=ids, total=len(ids)
    )
    db.session.add(made)
    db.session.flush()
    jobs.later("printing.make", print_id=made.id)
    return made


@command(Do.ADVANCE)
def advance(actor: Any, job: PrintJob, *, done: int) -> None:
    """So many sheets are drawn."""
    job.state, job.done = PrintState.MAKING, done


@command(Do.FINISH)
def finish(actor: Any, job: PrintJob, *, key: str) -> None:
    job.state, job.done, job.key = PrintState.READY, job.total, key


@command(Do.PURGE)
def purge(actor: Any, _: None) -> None:
    """After a day the file is gone; the sheets that were printed from it stay what they are."""
    for job in db.session.scalars(db.select(PrintJob).where(PrintJob.expires_at <= now())).all():
        key = job.key
        db.session.delete(job)
        db.session.flush()
        if key and not db.session.scalar(db.select(PrintJob.id).filter_by(key=key).limit(1)):
            storage.remove(key)
