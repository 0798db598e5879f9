"""Looking how widely support is spread: by the worker, when enough people came or went."""

from datetime import timedelta
from typing import Any

from portal.accounts.queries import homes
from portal.dossiers.breadth import FEW, cells_of, picture, renewed
from portal.dossiers.models import Breadth, Dossier
from portal.dossiers.policy import Do
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db, find
from portal.kernel.policy import SYSTEM

BIG, PATIENCE = 1000, timedelta(hours=1)
"""Where many support it each look costs more and says less that is new: there once in so long."""
AT_ONCE = 50


def look_later(dossier: Dossier) -> None:
    """Its count moved: look at its breadth if enough people came or went. For use inside a command."""
    breadth = db.session.get(Breadth, dossier.id)
    if abs(dossier.counted - (breadth.supporters if breadth else 0)) < FEW:
        return
    if breadth is None:
        breadth = Breadth(dossier_id=dossier.id)
        db.session.add(breadth)
    if breadth.due_at is None:
        wait = PATIENCE if dossier.counted >= BIG else timedelta(0)
        breadth.due_at = max(now(), breadth.looked_at + wait) if breadth.looked_at else now()


@command(Do.RENEW_BREADTH)
def renew_breadth(actor: Any, dossier: Dossier) -> Dossier:
    """Take a new picture, unless too few came or went after all."""
    breadth = db.session.get_one(Breadth, dossier.id)
    breadth.due_at = None
    known = homes()
    cells = cells_of(dossier, known)
    supporters = sum(cells["way"].values())
    if abs(supporters - breadth.supporters) >= FEW:
        breadth.supporters, breadth.looked_at = supporters, now()
        breadth.told = renewed(breadth.told, cells)
        breadth.shown = picture(breadth.told, known, dossier.neighbourhood_code)
        buildings = breadth.shown["buildings"]
        dossier.buildings_there = len(buildings)
        dossier.buildings_reached = sum(band > 0 for _, band in buildings)
    return dossier


@jobs.each_round
def renew_all() -> int:
    """Look at all that are due; return how many there were."""
    due = db.select(Breadth.dossier_id).where(Breadth.due_at <= now())
    found = list(db.session.scalars(due.order_by(Breadth.due_at, Breadth.dossier_id).limit(AT_ONCE)))
    for dossier_id in found:
        renew_breadth(SYSTEM, find(Dossier, dossier_id))
    return len(found)
