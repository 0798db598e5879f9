"""What belongs with what, as far as everybody may see it."""

from collections.abc import Collection

from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.similar.models import SEEN
from portal.ties.models import Tie


def tied_to(dossier: Dossier) -> list[Dossier]:
    """What it belongs with, whichever of the two said so; the oldest first."""
    theirs = db.select(Tie.other_id).where(Tie.dossier_id == dossier.id, Tie.told)
    said_of_it = db.select(Tie.dossier_id).where(Tie.other_id == dossier.id, Tie.told)
    wanted = db.select(Dossier).where(Dossier.id.in_(theirs.union(said_of_it)), SEEN)
    return list(db.session.scalars(wanted.order_by(Dossier.opened_at, Dossier.id)))


def tied_refs(dossier_ids: Collection[int]) -> dict[int, list[str]]:
    """Dossier id -> the references of what it belongs with, for many in one query."""
    one = db.select(Tie.dossier_id.label("of"), Tie.other_id.label("with_")).where(Tie.told)
    two = db.select(Tie.other_id.label("of"), Tie.dossier_id.label("with_")).where(Tie.told)
    mine, theirs = one.where(Tie.dossier_id.in_(dossier_ids)), two.where(Tie.other_id.in_(dossier_ids))
    both = mine.union(theirs).subquery()
    wanted = db.select(both.c.of, Dossier.ref).join(Dossier, Dossier.id == both.c.with_).where(SEEN)
    found: dict[int, list[str]] = {}
    for of, ref in db.session.execute(wanted.order_by(Dossier.id)) if dossier_ids else ():
        found.setdefault(of, []).append(ref)
    return found


def named(numbers: Collection[int]) -> list[Dossier]:
    """The dossiers with these numbers that everybody may see."""
    wanted = db.select(Dossier).where(Dossier.id.in_(numbers), SEEN)
    return list(db.session.scalars(wanted.order_by(Dossier.id))) if numbers else []


def between(one: Dossier, other: Dossier) -> Tie | None:
    """The tie of these two, whichever of them said so."""
    there = db.and_(Tie.dossier_id == one.id, Tie.other_id == other.id)
    back = db.and_(Tie.dossier_id == other.id, Tie.other_id == one.id)
    return db.session.scalar(db.select(Tie).where(db.or_(there, back)))


def is_tied(dossier: Dossier) -> bool:
    either = db.or_(Tie.dossier_id == dossier.id, Tie.other_id == dossier.id)
    return db.session.scalar(db.select(Tie.id).where(either, Tie.told).limit(1)) is not None


def untold(dossier_id: int) -> list[Tie]:
    """What was said of it before everybody could see it."""
    wanted = db.select(Tie).where(Tie.dossier_id == dossier_id, ~Tie.told)
    return list(db.session.scalars(wanted.order_by(Tie.other_id)))


def one(number: int) -> Dossier:
    """The one with this number, or NotFound."""
    found = named([number])
    if not found:
        raise NotFound(f"dossier {number}")
    return found[0]
