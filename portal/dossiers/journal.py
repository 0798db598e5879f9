"""The journal of signatures: a row for each move of the count, written by who signs, added up by the worker.

The worker writes an entry `counted` into the timeline with the hash of the rows it added up, so that they are
part of the chain: `wrong` finds where journal, timeline and signatures do not agree.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement

from portal.dossiers.models import COUNTED, SUPPORTERS, Dossier, Movement, Signature
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.kernel.rows import add_row

Listener = Callable[[Signature, int], None]
"""(signature, by how much it moved the count)"""
LISTENERS: dict[str, list[Listener]] = {}
DOSSIERS = 200
"""How many are looked after in one round of the worker."""


def on(*verbs: str) -> Callable[[Listener], Listener]:
    """Call this function with every signature that makes such a move, in its transaction."""

    def register(listener: Listener) -> Listener:
        for verb in verbs:
            LISTENERS.setdefault(verb, []).append(listener)
        return listener

    return register


def note(signature: Signature, verb: str, delta: int = 0, *, via: str | None = None) -> None:
    """Write down how a signature moved the count. Waits for nobody."""
    whose = {"dossier_id": signature.dossier_id, "signature_id": signature.id}
    add_row(Movement, **whose, verb=verb, delta=delta, via=via, at=now())
    for listener in LISTENERS.get(verb, []):
        listener(signature, delta)


def waiting() -> list[int]:
    """Numbers of the dossiers with movements that are not counted yet."""
    wanted = db.select(Movement.dossier_id).where(Movement.counted_in.is_(None)).distinct()
    return list(db.session.scalars(wanted.order_by(Movement.dossier_id).limit(DOSSIERS)))


def digest(moved: Sequence[Movement]) -> str:
    """The hash by which movements are part of the timeline: SHA-256 over their facts, in order."""
    facts = [[m.id, m.signature_id, m.verb, m.delta, m.via, m.at.isoformat()] for m in moved]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def wrong(dossiers: Sequence[Dossier]) -> Iterator[str]:
    """For each of these dossiers, what does not agree: count, journal, timeline, signatures."""
    numbers = [dossier.id for dossier in dossiers]
    rows = db.select(Signature.dossier_id, db.func.count(Signature.id)).where(Signature.state.in_(COUNTED))
    rows = rows.where(Signature.dossier_id.in_(numbers)).group_by(Signature.dossier_id)
    signed = {row[0]: row[1] for row in db.session.execute(rows)}
    counts = db.session.execute(db.select(Dossier.id, SUPPORTERS).where(Dossier.id.in_(numbers)))
    told = {row[0]: row[1] for row in counts}
    for dossier in dossiers:
        if told[dossier.id] != signed.get(dossier.id, 0):
            yield f"{dossier.ref}: {told[dossier.id]} counted, {signed.get(dossier.id, 0)} signatures count"
        elif (problem := _unlike_the_timeline(dossier)) is not None:
            yield problem


def _unlike_the_timeline(dossier: Dossier) -> str | None:
    """The entries say what was added up, and in the end how many there are."""
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb="counted").order_by(Entry.seq)
    total = db.session.scalar(db.select(db.func.sum(Movement.delta)).where(*_before_entries(dossier))) or 0
    for entry in db.session.scalars(wanted):
        mine = db.select(Movement).filter_by(dossier_id=dossier.id, counted_in=entry.seq)
        moved = db.session.scalars(mine.where(Movement.signature_id.is_not(None)).order_by(Movement.id)).all()
        total += sum(movement.delta for movement in moved)
        if digest(moved) != entry.data["digest"] or total != entry.data["supporters"]:
            return f"{dossier.ref} entry {entry.seq} (counted): the journal says something else"
    return None if total == dossier.counted else f"{dossier.ref}: the journal says {total} supporters"


def _before_entries(dossier: Dossier) -> tuple[ColumnElement[bool], ...]:
    """The row that sums up what was counted before there was a journal."""
    return Movement.dossier_id == dossier.id, Movement.signature_id.is_(None)
