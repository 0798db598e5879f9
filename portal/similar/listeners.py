"""Whatever changes a dossier, the index says the same: in the same transaction, just before it ends."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.dossiers.models import Dossier
from portal.dossiers.queries import SAYS
from portal.kernel.db import db
from portal.similar.commands import catch_up
from portal.similar.queries import UNDERSTOOD, condition

SAYS.append(condition)

FOLLOWED = (
    "ref",
    "kind",
    "state",
    "title",
    "body",
    "language",
    "category_slug",
    "place_name",
    "lat",
    "lon",
    "neighbourhood_code",
    "opened_at",
    "hidden_at",
    "stayed_private",
    "forgotten_at",
)
CHANGED = "similar.changed"
"""Where a session keeps the numbers of the dossiers that it changed and the index does not follow yet."""


@event.listens_for(db.session, "after_flush")
def note(session: Session, _context: Any) -> None:
    changed = [d for d in session.new if isinstance(d, Dossier)]
    changed += [d for d in session.dirty if isinstance(d, Dossier) and _followed(d)]
    gone = [d for d in session.deleted if isinstance(d, Dossier)]
    if changed or gone:
        session.info.setdefault(CHANGED, set()).update(d.id for d in (*changed, *gone))


def _followed(dossier: Dossier) -> bool:
    attributes = inspect(dossier).attrs
    return any(attributes[name].history.has_changes() for name in FOLLOWED)


@event.listens_for(db.session, "before_commit")
def follow(session: Session) -> None:
    session.flush()
    changed = session.info.pop(CHANGED, None)
    if changed:
        catch_up(changed)


@event.listens_for(db.session, "after_rollback")
def forget(session: Session) -> None:
    session.info.pop(CHANGED, None)
    session.info.pop(UNDERSTOOD, None)


@event.listens_for(db.session, "after_commit")
def read_anew(session: Session) -> None:
    session.info.pop(UNDERSTOOD, None)
