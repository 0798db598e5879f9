"""A stand: for some hours many may sign for one petition at one table, with one device."""

from datetime import timedelta
from typing import Any

from portal.accounts.models import Person
from portal.dossiers.commands.moving import in_whose_name
from portal.dossiers.models import Dossier, Signature, SignatureState, Stand
from portal.dossiers.policy import Do
from portal.dossiers.timeline import record
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM

LONGEST_HOURS = 12
MOST = 500
"""Signatures that count without a look, at one stand."""


@command(Do.OPEN_STAND)
def open_stand(actor: Person, dossier: Dossier, *, place: str, hours: int, most: int) -> Stand:
    """From now on, for so many hours; everybody reads of it on the timeline."""
    begin = now()
    stand = Stand(dossier_id=dossier.id, organisation_id=dossier.organisation_id, opened_by_id=actor.id)
    stand.place_name, stand.most = place, min(most, MOST)
    stand.starts_at, stand.ends_at = begin, begin + timedelta(hours=min(hours, LONGEST_HOURS))
    db.session.add(stand)
    db.session.flush()
    facts: dict[str, Any] = {"stand": stand.id, "place": place, "hours": hours, "most": stand.most}
    record(dossier, "stand_opened", by=actor, **facts, **in_whose_name(actor, dossier))
    return stand


@command(Do.CLOSE_STAND)
def close_stand(actor: Any, stand: Stand) -> Stand:
    """Nobody signs there any more; what came of it is told in numbers. A second tap changes nothing."""
    if stand.closed_at is not None:
        return stand
    stand.closed_at = now()
    if stand.ends_at > stand.closed_at:
        stand.ends_at = max(stand.closed_at, stand.starts_at + timedelta(seconds=1))
    here = db.select(Signature.state, db.func.count(Signature.id)).where(Signature.stand_id == stand.id)
    states = {row[0]: row[1] for row in db.session.execute(here.group_by(Signature.state))}
    facts: dict[str, Any] = {"stand": stand.id, "place": stand.place_name, "number": sum(states.values())}
    facts["counted"] = states.get(SignatureState.CONFIRMED, 0)
    whose = {"organisation": stand.organisation} | in_whose_name(actor, stand.dossier)
    record(stand.dossier, "stand_closed", by=actor, **facts, **whose)
    return stand


@jobs.each_round
def close_stands() -> int:
    """Close those whose hours are over; return how many there were."""
    over = db.select(Stand).where(Stand.closed_at.is_(None), Stand.ends_at <= now()).order_by(Stand.id)
    found = db.session.scalars(over).all()
    for stand in found:
        close_stand(SYSTEM, stand)
    return len(found)
