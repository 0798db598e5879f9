"""What a question finds: ranked, counted, a page at a time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import joinedload

from portal.dossiers.facets import Facets
from portal.dossiers.models import Dossier
from portal.dossiers.queries import PAGE, Filter, supporters_of
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.places.queries import area
from portal.similar.models import NUMBER_BITS, SEEN, Indexed
from portal.similar.queries.asking import Asked, Wanted, expression, matching, others, standing, understand
from portal.similar.rows import BLOCKS, CATEGORY, JOINABLE, KIND, MAIN, PLACE, STATE

COUNTED = 300
"""So many of the newest that fit are counted and put in order; what is older follows by its day."""
COMMON = 2_000
"""Where more have a word, a list in an order of its own asks row after row for it until it has a page. Else
PostgreSQL would fetch them all first; a rarer word, or several, would lead through the whole list."""
TITLE, BODY, ABOUT, MARK = 4.0, 1.0, 1.5, 0.8
"""What it counts where a word stands."""
ENOUGH, USUAL, BY_LENGTH = 1.2, 30, 0.4
"""How soon a word has been said often enough; how many words a text usually has, and how much that counts."""
OPEN, RECENT, YEAR = 0.10, 0.15, 365 * 24 * 60
"""What it adds to be open, and to be new; half of that after a year. In minutes."""
FINE = 1000
NUMBER = (1 << NUMBER_BITS) - 1


@dataclass(frozen=True)
class Hit:
    """A dossier that fits, and how well."""

    moment: int
    score: int

    @property
    def dossier_id(self) -> int:
        return self.moment & NUMBER


@dataclass
class Found:
    """One page of what a question finds."""

    asked: Asked
    given: Filter
    hits: list[Hit]
    """Of this page."""
    total: int
    """Beyond COUNTED there are more than this."""
    facets: Facets
    loose: bool = False
    """Nothing has all of the words: these have some of them."""
    after: str = ""
    """Where the next page begins; empty when this is the last one."""
    dossiers: Sequence[Dossier] = ()
    supporters: Mapping[int, int] | None = None

    others: Sequence[str] = ()
    """Words to try when nothing was found."""

    @property
    def more(self) -> bool:
        return self.total > COUNTED


def condition(text: str) -> Any:
    """That a dossier has all of these words, or what means the same: for lists with an order of their own."""
    return db.and_(fitting(Dossier.id, text), SEEN)


def fitting(number: Any, text: str) -> Any:
    """The same of a column that holds the number of a dossier; who sees it is asked elsewhere."""
    asked = understand(text)
    if not asked.words:
        return db.true()
    fits = expression(asked.words)
    if asked.have > COMMON and db.engine.dialect.name == "postgresql":
        return standing(number, fits)
    found = matching(fits).subquery()
    return number.in_(db.select(found.c.moment.bitwise_and(NUMBER)))


def search(given: Filter, after: str = "", *, size: int = PAGE) -> Found:
    """One page of what fits best. `after` is what the page before said."""
    asked = understand(given.words)
    if asked.reference:
        return _named(asked, given)
    rows, loose = _fitting(asked), False
    if not rows and len(asked.words) > 1:
        rows, loose = _fitting(asked, some=True), True
    facets = Facets(_counted(rows), given)
    narrowed = _narrowed(rows, given)
    if narrowed is not rows and len(rows) > COUNTED:  # then the newest of those that fit so may be older
        narrowed = _fitting(asked, given=given, some=loose)
    found = Found(asked, given, [], len(narrowed), facets, loose)
    _turn(found, _ranked(asked, narrowed[:COUNTED]), narrowed[:COUNTED], after, size)
    _read(found)
    if not rows:
        found.others = others(asked)
    return found


def _named(asked: Asked, given: Filter) -> Found:
    """The one dossier whose reference it is, whatever else is asked for."""
    wanted = db.select(*ROW).join(Dossier, Dossier.id == Indexed.dossier_id)
    rows = db.session.execute(wanted.where(SEEN, Dossier.ref == asked.reference)).all()
    found = Found(
        asked, given, [Hit(row.moment, 0) for row in rows], len(rows), Facets(_counted(rows), given)
    )
    _read(found)
    return found


# What fits

ROW = (Indexed.moment, Indexed.title, Indexed.body, Indexed.about, Indexed.marks)


def _fitting(
    asked: Asked, *, given: Filter | None = None, some: bool = False, before: int = 0, most: int = COUNTED + 1
) -> Sequence[Any]:
    """Rows that have all of the words (or some), the newest first."""
    if not asked.words:
        return []
    words = [_any_of(asked.words)] if some else asked.words
    fits = matching(expression(words, narrowing(given) if given else ()))
    moment = fits.selected_columns[0]
    if before:
        fits = fits.where(moment < before)
    newest = fits.order_by(moment.desc()).limit(most).subquery()
    wanted = db.select(*ROW).join(newest, newest.c.moment == Indexed.moment)
    wanted = wanted.join(Dossier, Dossier.id == Indexed.dossier_id).where(SEEN)
    return db.session.execute(wanted.order_by(Indexed.moment.desc())).all()


def _any_of(words: Sequence[Wanted]) -> Wanted:
    return Wanted("", {way: counts for one in words for way, counts in one.ways.items()})


def narrowing(given: Filter) -> Iterator[list[str]]:
    """What a filter asks for, as facts of which one each has to be there."""
    if given.kind:
        yield [KIND + given.kind]
    if given.state:
        yield [STATE + given.state]
    if given.category:
        yield [CATEGORY + given.category, MAIN + given.category]
    if given.neighbourhood:
        known = area(given.neighbourhood)
        yield [PLACE + code.lower() for code in (given.neighbourhood, *(known.covers if known else ()))]


def _narrowed(rows: Sequence[Any], given: Filter) -> Sequence[Any]:
    """Those of the rows that fit the filter; the same rows where nothing is asked for."""
    groups = [set(facts) for facts in narrowing(given)]
    if not groups:
        return rows
    return [row for row in rows if all(facts & set(row.marks.split()) for facts in groups)]


def _counted(rows: Sequence[Any]) -> list[tuple[str, str, str, str, int]]:
    """Kind, state, category and neighbourhood, and how many have these. Facts stand in one order."""
    four = Counter(_four(row.marks.partition(KIND)[2].partition(BLOCKS)[0]) for row in rows[:COUNTED])
    return [(*found, number) for found, number in four.items()]


@lru_cache(maxsize=50_000)
def _four(facts: str) -> tuple[str, str, str, str]:
    """Of all the facts from its kind on: not many differ, and they are asked of each row again and again."""
    found = dict.fromkeys((KIND, STATE, CATEGORY, PLACE), "")
    for mark in (KIND + facts).split():
        if mark[:2] in found:
            found[mark[:2]] = mark[2:]  # of the parts of a neighbourhood's code the last, which is the whole
    return found[KIND], found[STATE], found[CATEGORY], found[PLACE].upper()


# In which order


Weighed = list[list[tuple[float, list[str]]]]
"""Of each word of a question: what each of its ways counts, and the terms of that way, between spaces."""


def _ranked(asked: Asked, rows: Sequence[Any]) -> list[Hit]:
    today = int(now().timestamp() // 86_400) * 1440
    weighed = [
        sorted(
            ((c * asked.rarity(way), [f" {term} " for term in way]) for way, c in one.ways.items()),
            reverse=True,
        )
        for one in asked.words
    ]
    hits = [Hit(row.moment, _score(weighed, row, today)) for row in rows]
    return sorted(hits, key=lambda hit: (-hit.score, -hit.moment))


def _score(weighed: Weighed, row: Any, today: int) -> int:
    """As BM25 has it, with the title before the text; and a little for what is open and new."""
    title, body, about, marks = f" {row.title} ", f" {row.body} ", f" {row.about} ", f" {row.marks} "
    whole = title + body + about + marks
    enough = ENOUGH * (1 - BY_LENGTH + BY_LENGTH * (body.count(" ") + title.count(" ")) / USUAL)
    score = 0.0
    for ways in weighed:
        best = 0.0
        for weight, terms in ways:
            if weight <= best:  # none that follows can be better
                break
            said = 1.0
            for term in terms:
                if term not in whole:
                    said = 0.0
                    break
                often = TITLE * title.count(term) + BODY * body.count(term) + ABOUT * about.count(term)
                often = often or MARK * (term in marks)
                said = min(said, often / (often + enough))
            best = max(best, weight * said)
        score += best
    age = max(0, today - (row.moment >> NUMBER_BITS)) / YEAR
    boost = 1 + RECENT / (1 + age) + OPEN * (f" {JOINABLE} " in marks)
    return round(FINE * score * boost)


# A page at a time: no page costs more than the first


def _turn(found: Found, ranked: list[Hit], rows: Sequence[Any], after: str, size: int) -> None:
    """Those after this place. When the ranked ones are at their end, the older ones follow by their day."""
    score, moment = place(after)
    if score is None and moment:
        found.hits = _older(found, moment, size)
    else:
        rest = [h for h in ranked if score is None or (-h.score, -h.moment) > (-score, -moment)]
        found.hits = rest[:size]
        if len(rest) > size:
            found.after = f"{found.hits[-1].score}-{found.hits[-1].moment}"
        elif found.more and rows:
            found.after = f"-{rows[-1].moment}"


def _older(found: Found, moment: int, size: int) -> list[Hit]:
    rows = _fitting(found.asked, given=found.given, some=found.loose, before=moment, most=size + 1)
    if len(rows) > size:
        found.after = f"-{rows[size - 1].moment}"
    return [Hit(row.moment, 0) for row in rows[:size]]


def place(after: str) -> tuple[int | None, int]:
    """Score and moment of the last one that was shown; no score where they follow by their day."""
    score, _, moment = after.partition("-")
    if not (moment.isdecimal() and len(moment) < 19 and (score.isdecimal() or not score) and len(score) < 10):
        return None, 0
    return int(score) if score else None, int(moment)


def _read(found: Found) -> None:
    """The dossiers of this page, with their category and the number of their supporters."""
    ids = [hit.dossier_id for hit in found.hits]
    wanted = db.select(Dossier).where(Dossier.id.in_(ids), SEEN).options(joinedload(Dossier.category))
    known = {d.id: d for d in db.session.scalars(wanted)} if ids else {}
    found.dossiers = [known[number] for number in ids if number in known]
    found.supporters = supporters_of(known) if known else {}
