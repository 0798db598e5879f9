"""What may be like a text at a place: found fast by words and by place, to be looked at one by one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.similar.models import SEEN, THING, Indexed
from portal.similar.queries.asking import counts, matching, some_of, two_of
from portal.similar.rows import JOINABLE, KIND, around
from portal.similar.words import language_of, named, parts, stems, tokens

TELLING, PAIRED = 12, 8
"""Terms of a text that are looked for, the rarest; and those of which any two are."""
WALKED = 20_000
"""Beyond two, only terms that no more dossiers have together are looked for in pairs: two common words tell
little, and all their dossiers would have to be gone through."""
BY_WORDS, BY_WORD, BY_BOTH, BY_PLACE = 60, 40, 60, 40
"""So many of the newest are taken: with two rare terms, with the rarest, with a term and near, and near."""


@dataclass(frozen=True)
class Candidate:
    """A dossier that may be like it, with its stems as the index has them."""

    found_by: frozenset[str]
    """`words`, `place`."""
    dossier_id: int
    language: str
    title: str
    body: str
    about: str
    marks: str
    kind: str
    state: str
    category_slug: str | None
    neighbourhood_code: str | None
    lat: float | None
    lon: float | None
    opened_at: datetime


COLUMNS = (
    Indexed.dossier_id,
    Indexed.language,
    Indexed.title,
    Indexed.body,
    Indexed.about,
    Indexed.marks,
    Dossier.kind,
    Dossier.state,
    Dossier.category_slug,
    Dossier.neighbourhood_code,
    Dossier.lat,
    Dossier.lon,
    Dossier.opened_at,
)
"""In the order in which a candidate has them: two hundred are made whenever somebody pauses in typing."""


def candidates(
    text: str,
    point: tuple[float, float] | None = None,
    *,
    language: str = "nl",
    joinable: bool = True,
    but: Collection[int] = (),
    before: int | None = None,
) -> list[Candidate]:
    """At most some two hundred, in no order: the same few short questions however many dossiers there are.

    `joinable`: only those that one can still support; `but` those with other numbers; `before`: only those
    that were opened before this moment.
    """
    found = moments(text, point, language=language, joinable=joinable, before=before)
    return _rows(found, but)


def moments(
    text: str,
    point: tuple[float, float] | None = None,
    *,
    language: str = "nl",
    joinable: bool = True,
    kind: str = "",
    before: int | None = None,
) -> dict[int, frozenset[str]]:
    """Their moments in the index, each with what it was found by. `kind`: only those of this one."""
    known = _telling(text, language)
    terms = list(known)
    narrowed = [[JOINABLE]] if joinable else []
    narrowed += [[KIND + kind]] if kind else []
    wanted = []
    if terms:
        wanted.append(("words", two_of(_paired(known), narrowed), BY_WORDS))
        wanted.append(("words", some_of([(terms[0],)], narrowed), BY_WORD))
    if point is not None:
        near = [*narrowed, around(*point)]
        if terms:
            wanted.append(("place", some_of([(term,) for term in terms], near), BY_BOTH))
        wanted.append(("place", some_of([(block,) for block in around(*point)], narrowed), BY_PLACE))
    return _moments(wanted, before)


def _telling(text: str, language: str) -> dict[str, int]:
    """The terms of a text that some dossier has, the rarest first, and how many have each."""
    words = tokens(text)
    spoken = language_of(words, language)
    terms = dict.fromkeys(stems(words, spoken))
    terms |= dict.fromkeys(THING + name for name in named(words, spoken))
    terms |= dict.fromkeys(part for word in words for part in parts(word))
    known = counts(terms) if terms else {}
    return dict(sorted(known.items(), key=lambda one: one[::-1])[:TELLING])


def _paired(known: Mapping[str, int]) -> list[str]:
    """Those of which any two are looked for."""
    walked = accumulate(known.values())
    return [
        term for at, (term, most) in enumerate(zip(known, walked, strict=True)) if at < 2 or most <= WALKED
    ][:PAIRED]


def _moments(wanted: Sequence[tuple[str, str, int]], before: int | None) -> dict[int, frozenset[str]]:
    """What fits each of these questions, the newest of it, in one statement."""
    parts = []
    for by, expression, most in wanted:
        fits = matching(expression)
        moment = fits.selected_columns[0]
        fits = fits if before is None else fits.where(moment < before)
        newest = fits.order_by(moment.desc()).limit(most).subquery()
        parts.append(db.select(newest.c.moment, db.literal(by).label("by")))
    found: dict[int, frozenset[str]] = {}
    for moment, by in db.session.execute(db.union_all(*parts)).all() if parts else ():
        found[moment] = found.get(moment, frozenset()) | {by}
    return found


def _rows(found: dict[int, frozenset[str]], but: Collection[int]) -> list[Candidate]:
    if not found:
        return []
    wanted = db.select(Indexed.moment, *COLUMNS).join(Dossier, Dossier.id == Indexed.dossier_id)
    rows: Sequence[Any] = db.session.execute(wanted.where(Indexed.moment.in_(found), SEEN)).all()
    return [Candidate(found[row.moment], *row[1:]) for row in rows if row.dossier_id not in but]
