"""Dossiers as they are compared: as they were when they were placed last, and as they are now."""

from collections.abc import Collection, Iterable
from typing import Any

from portal.clusters import rules
from portal.clusters.models import Part, Placed
from portal.clusters.rules import THING, Ground, Sketch
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.petitions.policy import BUNDLED_KINDS
from portal.similar.models import SEEN, Indexed

SOME = 500


def _placed(row: Any) -> tuple[Sketch, int]:
    said = frozenset(row.terms.split())
    one = Sketch(row.dossier_id, row.moment, row.spot, said, row.category, row.lat, row.lon, part=row.part_id)
    return one, row.root_id


def _rows(*conditions: Any) -> list[tuple[Sketch, int]]:
    wanted = db.select(*Placed.__table__.c).where(*conditions).order_by(Placed.dossier_id)
    return [_placed(row) for row in db.session.execute(wanted)]


def known(dossier_ids: Collection[int]) -> Iterable[tuple[Sketch, int]]:
    """These as they were placed last, each with the oldest of its group."""
    for start in range(0, len(dossier_ids), SOME):
        yield from _rows(Placed.dossier_id.in_(sorted(dossier_ids)[start : start + SOME]))


def members(root_id: int) -> list[tuple[Sketch, int]]:
    """Everybody in this group."""
    return _rows(Placed.root_id == root_id)


def ground_of() -> Ground:
    """Fetched from the database, spot by spot."""
    return Ground(lambda spot: _rows(Placed.spot == spot), lambda part: _rows(Placed.part_id == part))


def now_said(dossier_ids: Collection[int]) -> Iterable[Sketch]:
    """These as they are now, of those that everybody may see and that can be bundled."""
    columns = (
        Dossier.id,
        Dossier.opened_at,
        Dossier.lat,
        Dossier.lon,
        Dossier.place_name,
        Dossier.neighbourhood_code,
        Dossier.category_slug,
        Indexed.title,
        Indexed.body,
        Indexed.marks,
        Part.part_id,
    )
    wanted = db.select(*columns).join(Indexed, Indexed.dossier_id == Dossier.id)
    wanted = wanted.outerjoin(Part, Part.dossier_id == Dossier.id).where(
        SEEN, Dossier.kind.in_(BUNDLED_KINDS)
    )
    for start in range(0, len(dossier_ids), SOME):
        some = sorted(dossier_ids)[start : start + SOME]
        for row in db.session.execute(wanted.where(Dossier.id.in_(some))):
            one = _sketched(row)
            if one.spot:
                yield one


def _sketched(row: Any) -> Sketch:
    things = (mark for mark in row.marks.split() if mark.startswith(THING))
    return Sketch(
        row.id,
        int(row.opened_at.timestamp() // 60),
        rules.spot(row.lat, row.lon, row.neighbourhood_code, row.place_name),
        rules.terms(f"{row.title} {row.body}".split(), things, row.place_name),
        row.category_slug or "",
        row.lat,
        row.lon,
        row.part_id,
    )
