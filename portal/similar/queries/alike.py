"""Dossiers that are there already, compared with one that is there, too: by the one ranking, with reasons.

As if it came in today. Both are in the index, and with the extra the worker knows what both mean: so they
are compared by meaning, and nobody waits for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import load_only

from portal.dossiers.models import Category, Dossier
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.similar import meaning, ranking
from portal.similar.features import Sketch, metres
from portal.similar.models import SEEN, Indexed, Meaning, Threshold
from portal.similar.queries.asking import matching, some_of
from portal.similar.queries.nearby import moments
from portal.similar.queries.suggesting import ALIKE, DAY, kept, one_thing_here, shared
from portal.similar.queries.thresholds import DEFAULTS, Least, in_force
from portal.similar.rows import JOINABLE, around

SHOWN = load_only(
    Dossier.ref,
    Dossier.kind,
    Dossier.state,
    Dossier.title,
    Dossier.language,
    Dossier.place_name,
    Dossier.category_slug,
    Dossier.lat,
    Dossier.lon,
    Dossier.opened_at,
    Dossier.begins_at,
)
BESIDE = 80
"""So many of the newest near a dossier are compared with it when its page is shown."""


@dataclass(frozen=True)
class Alike:
    """Another dossier, how likely it is the same, and on what the two were compared."""

    dossier: Dossier
    likely: float
    features: Mapping[str, float]
    metres: float | None
    """How far away; unknown where one has no point."""
    words: tuple[str, ...]
    """Words of the one that the other says, too, in its own words or in others."""
    enough: Least
    """From which likelihood on it is shown."""

    @property
    def says_the_same(self) -> bool:
        """Whether both use a word for the same, or mean much the same; a number alone tells nothing."""
        said = any(not word.isdigit() for word in self.words)
        return said or self.features[ranking.MEANING] >= ALIKE

    @property
    def about_the_same(self) -> bool:
        """Whether there is more than place and time to it, were it only that both are filed as the same."""
        return self.says_the_same or self.features["category"] > 0

    @property
    def shown(self) -> bool:
        """Whether people are told of it: likely enough for that neighbourhood, or the same thing close by."""
        here = not self.enough.given and one_thing_here(self.features, self.metres)
        return self.about_the_same and (self.likely >= self.enough.value or here)


def beside(dossier: Dossier) -> Any:
    """That something lies near a dossier with a point, and one can support it: the newest of those."""
    near = some_of([(block,) for block in around(dossier.lat or 0, dossier.lon or 0)], [[JOINABLE]])
    fits = matching(near)
    newest = fits.order_by(fits.selected_columns[0].desc()).limit(BESIDE).subquery()
    return Indexed.moment.in_(db.select(newest.c.moment))


def may_be_like(dossier: Dossier) -> Any:
    """That something of its kind may be like it, by words or by place, and one can support it."""
    point = (dossier.lat, dossier.lon) if dossier.lat is not None and dossier.lon is not None else None
    text = f"{dossier.title} {dossier.body} {dossier.place_name}"
    return Indexed.moment.in_(moments(text, point, language=dossier.language, kind=dossier.kind))


def alike(dossier: Dossier, among: Any, *, anywhere: bool = False) -> list[Alike]:
    """Of these dossiers those that everybody may see, the likeliest first; in one statement.

    `among`: a condition on `Dossier` or `Indexed`. `anywhere`: compared as if all were at one spot, and new.
    """
    known, enough = _sketches(dossier, among)
    new = known.pop(dossier.id, (dossier, None))[1]
    if new is None:
        return []
    today = now().timestamp() / DAY
    new, others = replace(new, opened=today), [sketch for _, sketch in known.values()]
    if anywhere:
        new, *others = (replace(one, lat=0.0, lon=0.0, opened=today) for one in (new, *others))
    here = replace(new, lat=dossier.lat, lon=dossier.lon)
    found = []
    for one in ranking.rank(new, others):
        there, sketch = known[int(one.sketch.key)]
        away, words = metres(here, sketch), shared(new, sketch)
        found.append(Alike(there, one.likely, one.features, away, words, enough))
    return found


def _sketches(dossier: Dossier, among: Any) -> tuple[dict[int, tuple[Dossier, Sketch]], Least]:
    """It and these as they are compared, and the threshold that was set for it; in one statement.

    By their moments: asked whether one is among these or is the one itself, SQLite goes through all dossiers.
    """
    others = db.select(Indexed.moment).join(Dossier, Dossier.id == Indexed.dossier_id).where(among)
    itself = db.select(Indexed.moment).where(Indexed.dossier_id == dossier.id)
    moments = others.correlate(None).union_all(itself.correlate(None))
    text = Indexed.language, Indexed.title, Indexed.body, Indexed.marks
    of = ranking.set_of(dossier.kind)
    own = in_force(of, dossier.neighbourhood_code).with_only_columns(Threshold.value).scalar_subquery()
    wanted = db.select(Dossier, Category.main, *text, Meaning.whole, Meaning.gist, own.label("own"))
    wanted = wanted.options(SHOWN).join(Indexed, Indexed.dossier_id == Dossier.id)
    wanted = wanted.outerjoin(Category, Category.slug == Dossier.category_slug)
    wanted = wanted.outerjoin(Meaning, Meaning.dossier_id == Dossier.id)
    rows = db.session.execute(wanted.where(Indexed.moment.in_(moments), SEEN)).all()
    found = {row.Dossier.id: (row.Dossier, _sketch(row)) for row in rows}
    given = rows[0].own if rows else None
    return found, Least(DEFAULTS[of]) if given is None else Least(given, dossier.neighbourhood_code or "")


def _sketch(row: Any) -> Sketch:
    dossier: Dossier = row.Dossier
    sketch = kept(dossier.id, dossier.title, dossier.place_name, row.main, facts=dossier, text=row)
    return meaning.known(sketch, row.whole, row.gist)
