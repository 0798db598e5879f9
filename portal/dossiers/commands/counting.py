"""Adding up what moved: the worker writes many signatures into a timeline at once."""

from collections import Counter
from typing import Any

from portal.dossiers.commands.breadth import look_later
from portal.dossiers.journal import digest, waiting
from portal.dossiers.models import SUPPORTERS, Dossier, Movement
from portal.dossiers.policy import Do
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs
from portal.kernel.commands import command
from portal.kernel.db import db, find
from portal.kernel.measures import SIGNATURES
from portal.kernel.policy import SYSTEM

MILESTONES = frozenset({10, 25, 50, 100, 200, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000})
AT_ONCE = 5000
"""Movements in one entry: so many numbers are updated in one statement on every database."""


def supporters(dossier: Dossier) -> int:
    """How many people support a dossier: its confirmed signatures, and nothing else."""
    return db.session.scalar(db.select(SUPPORTERS).where(Dossier.id == dossier.id)) or 0


@command(Do.ADD_UP)
def add_up(actor: Any, dossier: Dossier) -> dict[str, int]:
    """Write what moved into the timeline, in order; tell the round number that was reached.

    Returns what moved: how often what happened to a signature.
    """
    wanted = db.select(Movement).filter_by(dossier_id=dossier.id, counted_in=None)
    moved = db.session.scalars(wanted.order_by(Movement.id).limit(AT_ONCE)).all()
    if not moved:
        return {}
    before = dossier.counted
    dossier.counted = before + sum(movement.delta for movement in moved)
    verbs = dict(Counter(movement.verb for movement in moved))
    entry = record(dossier, "counted", verbs=verbs, supporters=dossier.counted, digest=digest(moved))
    numbers = [movement.id for movement in moved]
    db.session.execute(db.update(Movement).where(Movement.id.in_(numbers)).values(counted_in=entry.seq))
    _tell_round_number(dossier, before)
    look_later(dossier)
    return verbs


def _tell_round_number(dossier: Dossier, before: int) -> None:
    """The highest round number among the last supporters, once: somebody may have stepped out since."""
    passed = {mark for mark in MILESTONES if before < mark <= dossier.counted}
    if not passed:
        return
    earlier = db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, verb="reached"))
    if max(passed) not in {entry.data["supporters"] for entry in earlier}:
        record(dossier, "reached", supporters=max(passed))


@jobs.each_round
def add_up_all() -> int:
    """Add up every dossier of which the count moved; return how many there were."""
    found = waiting()
    for dossier_id in found:
        for verb, times in add_up(SYSTEM, find(Dossier, dossier_id)).items():
            SIGNATURES.labels(verb).inc(times)
    return len(found)
