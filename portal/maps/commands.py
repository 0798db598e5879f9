"""Adding up what came to each square of the map, and what left it."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.maps.models import ANY, Change, Square
from portal.maps.policy import Do
from portal.maps.queries import SAID, by_square

BATCH = 20_000
"""So many changes at a time: between two of them others can write."""
ADD_UP = db.text(
    f"""
    INSERT INTO map_squares (level, neighbourhood, kind, state, square, number, row_sum, column_sum)
    {by_square(f"{SAID} WHERE taken")}
    ON CONFLICT (level, neighbourhood, kind, state, square) DO UPDATE SET
        number = map_squares.number + excluded.number,
        row_sum = map_squares.row_sum + excluded.row_sum,
        column_sum = map_squares.column_sum + excluded.column_sum
    """
)


@command(Do.COUNT)
def count(actor: Any, _: None, *, most: int = BATCH) -> int:
    """Add up the oldest changes; how many there were.

    They are marked first: what commits while this runs, with a lower number or a higher one, stays for later.
    """
    oldest = db.select(Change.id).order_by(Change.id).limit(most)
    taken: Any = db.session.execute(db.update(Change).where(Change.id.in_(oldest)).values(taken=True))
    db.session.execute(ADD_UP)
    db.session.execute(db.delete(Change).where(Change.taken))
    db.session.execute(db.delete(Square).where(Square.number == 0))
    return int(taken.rowcount)


@command(Do.COUNT_ANEW)
def count_anew(actor: Any, _: None) -> int:
    """Forget every number, and have the worker count all dossiers; how many there are."""
    if db.engine.dialect.name != "sqlite":  # where nobody else writes meanwhile anyway
        db.session.execute(db.text("LOCK TABLE dossiers IN SHARE ROW EXCLUSIVE MODE"))
    for table in (Square, Change):
        db.session.execute(db.delete(table))
    neighbourhood = db.func.coalesce(Dossier.neighbourhood_code, ANY)
    facts = db.select(Dossier.cell, neighbourhood, Dossier.kind, Dossier.state, db.literal(1))
    columns = ["cell", "neighbourhood", "kind", "state", "step"]
    there = facts.where(Dossier.cell.is_not(None))
    db.session.execute(db.insert(Change).from_select(columns, there, include_defaults=False))
    return db.session.scalar(db.select(db.func.count(Change.id))) or 0
