"""What somebody asks for: each word with all that may stand in a dossier instead of it."""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql import TSQUERY

from portal.kernel.db import db
from portal.similar.models import ALL, KNOWN_IN, THING, Indexed, Spelling, Word
from portal.similar.rows import referred
from portal.similar.words import (
    LANGUAGES,
    calls,
    distance,
    either,
    left_out,
    parts,
    plain_calls,
    tells,
    tokens,
)

MOST_WORDS = 12
"""More of a question is not read."""
SHORTEST_BEGINNING, SHORTEST_ERROR, LONG = 3, 4, 6
"""Letters from which on a word is completed, is corrected, and may have two errors."""
COMPLETED, CORRECTED, OTHERS = 8, 2, 6
OWN, THINGS, BUILT, BEGUN, MEANT = 1.0, 0.6, 0.5, 0.4, 0.7
"""What it counts when a dossier has the word, the same thing, its parts, what it begins, what was meant."""
_REFERENCE = re.compile(r"\s*k[\s-]?(\d{1,9})\s*", re.IGNORECASE)

UNDERSTOOD = "similar.understood"
"""Where a session keeps what it understood, until its transaction ends."""
LAST_LETTER = "\U0010ffff"

Way = tuple[str, ...]
"""Terms that have to stand there together."""


@dataclass
class Wanted:
    """One word of a question."""

    word: str
    ways: dict[Way, float] = field(default_factory=dict)
    """What may stand there -> what that counts."""
    instead: str = ""
    """The word that it was taken for, because nobody knows it."""

    def add(self, way: Way, counts: float) -> None:
        if way and self.ways.get(way, 0) < counts:
            self.ways[way] = counts


@dataclass(frozen=True)
class Asked:
    """A question, understood."""

    words: list[Wanted]
    reference: str = ""
    """The one dossier that it names."""
    known: dict[str, int] = field(default_factory=dict)
    """Term -> number of dossiers that have it."""
    every: int = 0

    def rarity(self, way: Way) -> float:
        """How much it tells that a dossier has this: less, the more have it."""
        have = min(self.known.get(term, 0) for term in way)
        return math.log(1 + (self.every - have + 0.5) / (have + 0.5))

    @property
    def have(self) -> int:
        """How many dossiers have the one word that was asked for, as far as was counted; 0: it is not one."""
        ways = self.words[0].ways if len(self.words) == 1 else ()
        return max((min(self.known.get(term, 0) for term in way) for way in ways), default=0)

    @property
    def instead(self) -> dict[str, str]:
        """Words that nobody knows -> those that they were taken for."""
        return {wanted.word: wanted.instead for wanted in self.words if wanted.instead}


def reference(text: str) -> str:
    """The dossier that this is the reference of: K-1042, k1042, K 1042."""
    found = _REFERENCE.fullmatch(text)
    return f"K-{found[1]}" if found else ""


def understand(text: str) -> Asked:
    """In one statement if every word is known, in three if not; once in each transaction."""
    kept = db.session.info.setdefault(UNDERSTOOD, {})
    if text not in kept:
        kept[text] = _understand(text)
    asked: Asked = kept[text]
    return asked


def _understand(text: str) -> Asked:
    every = tokens(text)[: 4 * MOST_WORDS]
    at = [i for i, word in enumerate(every) if tells(word)][:MOST_WORDS] or list(range(len(every)))[:1]
    words = [_wanted(every, i) for i in at]
    known = counts({term for one in words for way in one.ways for term in way} | {ALL}, _last(words, text))
    total = known.pop(ALL, 0)
    for term in known if _last(words, text) else ():
        if any(term.startswith(begin) for begin in _last(words, text)):
            words[-1].add((term,), BEGUN)
    unknown = [one for one in words if not _stands(one, known)]
    if unknown and total:
        _guess(unknown, known)
    return Asked(words, reference(text), known, total)


def _wanted(every: Sequence[str], at: int) -> Wanted:
    """One of the words, with what is the same in other words."""
    one = Wanted(every[at])
    for stem in either(one.word):
        one.add((stem,), OWN)
    one.add(parts(one.word), BUILT)
    if _REFERENCE.fullmatch(one.word):
        one.add((referred(one.word),), OWN)
    for language in LANGUAGES:
        for name, start, end in calls(every, language):
            if start <= at < end:
                one.add((THING + name,), THINGS)
    return one


def _last(words: Sequence[Wanted], text: str) -> list[str]:
    """How the last word begins, if it may go on: it may not be typed to its end."""
    if not words or len(words[-1].word) < SHORTEST_BEGINNING or not text[-1:].isalnum():
        return []
    return sorted({words[-1].word, *either(words[-1].word)})


def counts(terms: Collection[str], begins: Sequence[str] = ()) -> dict[str, int]:
    """In how many dossiers each of these stands, as far as was counted, and the commonest that begin so."""
    wanted = db.select(Word.stem, Word.dossiers).where(Word.stem.in_(sorted(terms)))
    if begins:
        ranges = (db.and_(Word.stem > begin, Word.stem < begin + LAST_LETTER) for begin in begins)
        more = db.select(Word.stem, Word.dossiers).where(db.or_(*ranges))
        most = more.order_by(Word.dossiers.desc(), Word.stem).limit(COMPLETED).subquery()
        wanted = wanted.union_all(db.select(most.c.stem, most.c.dossiers))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _stands(one: Wanted, known: dict[str, int]) -> bool:
    return any(all(known.get(term) for term in way) for way in one.ways)


# What may be meant by words that no dossier has


def _guess(words: Sequence[Wanted], known: dict[str, int]) -> None:
    """Errors in typing first; then compounds, whose parts are on no list of ours."""
    near = _spelled_alike(words)
    almost = {one.word: _named_almost(one.word) for one in words}
    halves = {one.word: _halves(one.word) for one in words}
    terms = {term for found in almost.values() for term in found}
    terms |= {stem for pairs in halves.values() for pair in pairs for stem in pair}
    there = counts(terms) if terms else {}
    for one in words:
        things = [(there[t], t, call) for t, call in almost[one.word].items() if there.get(t)]
        if not _correct(one, [*near, *things], known):
            whole = [pair for pair in halves[one.word] if all(there.get(s, 0) >= KNOWN_IN for s in pair)]
            if whole:
                one.add(max(whole, key=lambda pair: min(there[stem] for stem in pair)), BUILT)
    known |= there


def _spelled_alike(words: Sequence[Wanted]) -> list[tuple[int, str, str]]:
    """Words that many dossiers have, of which a letter more or less makes the same: how many, stem, word."""
    shapes = {
        shape for one in words for shape in (one.word, *either(one.word)) if len(shape) >= SHORTEST_ERROR
    }
    if not shapes:
        return []
    near = db.select(Word.dossiers, Word.stem, Word.shown).join(Spelling, Spelling.stem == Word.stem)
    keys = sorted(set().union(*map(left_out, shapes)))
    rows = db.session.execute(near.where(Spelling.left.in_(keys), Word.dossiers >= KNOWN_IN).distinct())
    return [(row[0], row[1], row[2] or row[1]) for row in rows]


def _correct(one: Wanted, near: Iterable[tuple[int, str, str]], known: dict[str, int]) -> bool:
    """Take it for the nearest of these; of those as near for the ones that more dossiers have."""
    if len(one.word) < SHORTEST_ERROR:
        return False
    apart = [(min(distance(one.word, w) for w in (stem, shown)), -n, stem, shown) for n, stem, shown in near]
    most = 2 if len(one.word) >= LONG else 1
    best = [row for row in sorted(apart) if row[0] <= most and row[0] == min(apart)[0]][:CORRECTED]
    for _, number, stem, shown in best:
        one.add((stem,), MEANT)
        one.instead = one.instead or shown
        known[stem] = -number
    return bool(best)


def _named_almost(word: str) -> dict[str, str]:
    """Things whose name is almost this -> the name: no dossier may have it in this form."""
    near = {call for left in left_out(word) for call in _misspelt().get(left, ())}
    return {THING + name: call for call in sorted(near) for name in plain_calls()[call]}


@cache
def _misspelt() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for call in plain_calls():
        for left in left_out(call):
            found.setdefault(left, set()).add(call)
    return found


def _halves(word: str) -> list[tuple[str, str]]:
    """A word in two, wherever it may be cut."""
    cuts = [(word[:i], word[i:]) for i in range(SHORTEST_ERROR, len(word) - SHORTEST_ERROR + 1)]
    return [(first, last) for a, b in cuts for first in either(a) for last in either(b)]


def others(asked: Asked) -> list[str]:
    """Words that dossiers have and that begin like those of a question which found nothing."""
    begins = sorted(
        {one.word[:SHORTEST_BEGINNING] for one in asked.words if len(one.word) >= SHORTEST_BEGINNING}
    )
    if not begins:
        return []
    alike = db.or_(*(db.and_(Word.stem >= begin, Word.stem < begin + LAST_LETTER) for begin in begins))
    wanted = db.select(Word.shown).where(alike, Word.dossiers >= KNOWN_IN, Word.shown != "")
    return list(db.session.scalars(wanted.order_by(Word.dossiers.desc(), Word.stem).limit(OTHERS)))


# As the databases want to be asked


@dataclass(frozen=True)
class Grammar:
    """How a database writes that all or any of some terms have to be there."""

    both: str
    either: str
    quote: str

    def term(self, term: str) -> str:
        return self.quote + term.replace(self.quote, "").replace("\\", "") + self.quote

    def all(self, parts: Iterable[str]) -> str:
        return "(" + self.both.join(parts) + ")"

    def any(self, parts: Iterable[str]) -> str:
        return "(" + self.either.join(parts) + ")"

    def way(self, way: Way) -> str:
        return self.all(self.term(term) for term in way)

    def wanted(self, one: Wanted) -> str:
        return self.any(self.way(way) for way in one.ways)


GRAMMARS = {"sqlite": Grammar(" AND ", " OR ", '"'), "postgresql": Grammar(" & ", " | ", "'")}


def grammar() -> Grammar:
    return GRAMMARS[db.engine.dialect.name]


def expression(words: Iterable[Wanted], narrowed: Iterable[Collection[str]] = ()) -> str:
    """That each of these words is there, and of each group of facts one."""
    by = grammar()
    whole = [*(by.wanted(one) for one in words), *(by.any(map(by.term, facts)) for facts in narrowed)]
    return by.all(whole)


def some_of(terms: Iterable[Way], narrowed: Iterable[Collection[str]] = ()) -> str:
    """That at least one of these is there, and of each group of facts one."""
    by = grammar()
    return by.all([by.any(map(by.way, terms)), *(by.any(map(by.term, facts)) for facts in narrowed)])


def two_of(terms: Sequence[str], narrowed: Iterable[Collection[str]] = ()) -> str:
    """That at least two of these are there (or the only one), and of each group of facts one.

    Each with any of those after it: a few long lists are walked once, and not once for every pair.
    """
    by = grammar()
    both = [by.all([by.term(one), by.any(map(by.term, terms[i:]))]) for i, one in enumerate(terms[:-1], 1)]
    facts = (by.any(map(by.term, group)) for group in narrowed)
    return by.all([by.any(both or map(by.term, terms)), *facts])


def matching(expression: str) -> Any:
    """The moments of what fits, as a statement."""
    if db.engine.dialect.name == "sqlite":
        text = db.table("similar_text", db.column("rowid"), db.column("similar_text"))
        return db.select(text.c.rowid.label("moment")).where(text.c.similar_text.op("MATCH")(expression))
    text = db.table("similar_text", db.column("moment"), db.column("lexemes"))
    fits = text.c.lexemes.op("@@")(db.cast(expression, TSQUERY))
    return db.select(text.c.moment.label("moment")).where(fits)


def standing(number: Any, expression: str) -> Any:
    """That the dossier with this number fits, asked of one row at a time (PostgreSQL)."""
    text = db.table("similar_text", db.column("moment"), db.column("lexemes"))
    fits = db.select(text.c.lexemes.op("@@")(db.cast(expression, TSQUERY)))
    of = fits.join_from(Indexed, text, text.c.moment == Indexed.moment).where(Indexed.dossier_id == number)
    return db.func.coalesce(of.scalar_subquery(), db.false())
