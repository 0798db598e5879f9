"""Whatever happens on a timeline, the worker looks at the dossier: noted in the transaction of the deed."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from portal.clusters.commands import note
from portal.dossiers.timeline import QUIET, Entry
from portal.kernel.db import db


@event.listens_for(db.session, "after_flush")
def told(session: Session, _context: Any) -> None:
    new = [e.dossier_id for e in session.new if isinstance(e, Entry) and e.verb not in QUIET]
    note(session.connection(), new)


@event.listens_for(db.session, "do_orm_execute")
def imported(state: ORMExecuteState) -> None:
    """Entries of many dossiers at once pass no session."""
    if state.is_insert and state.bind_mapper is not None and state.bind_mapper.class_ is Entry:
        given: Any = state.parameters or []
        rows = [given] if isinstance(given, dict) else given
        note(state.session.connection(), [row["dossier_id"] for row in rows])
