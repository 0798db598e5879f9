"""What somebody asks for: each word with all that may stand in a dossier instead of it."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql import TSQUERY

from portal.kernel.db import db
from portal.similar.models import ALL, KNOWN_IN, THING, Spelling, Word
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
COMPLETED, CORRECTED = 8, 2
OWN, THINGS, BUILT, BEGUN, MEANT = 1.0, 0.6, 0.5, 0.4, 0.7
"""What it counts when a dossier has the word, the same thing, its parts, what it begins, what was meant."""
_REFERENCE = re.compile(r"\s*k[\s-]?(\d{1,9})\s*", re.IGNORECASE)

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
    def instead(self) -> dict[str, str]:
        """Words that nobody knows -> those that they were taken for."""
        return {wanted.word: wanted.instead for wanted in self.words if wanted.instead}


def reference(text: str) -> str:
    """The dossier that this is the reference of: K-1042, k1042, K 1042."""
    found = _REFERENCE.fullmatch(text)
    return f"K-{found[1]}" if found else ""


def understand(text: str) -> Asked:
    """In one statement if every word is known, in a few if not."""
    every = tokens(text)[: 4 * MOST_WORDS]
    at = [i for i, word in enumerate(every) if tells(word)][:MOST_WORDS] or list(range(len(every)))[:1]
    wanted = [Wanted(every[i]) for i in at]
    for i, one in zip(at, wanted, strict=True):
        for stem in either(one.word):
            one.add((stem,), OWN)
        one.add(parts(one.word), BUILT)
        if _REFERENCE.fullmatch(one.word):
            one.add((referred(one.word),), OWN)
        for language in LANGUAGES:
            for name, start, end in calls(every, language):
                if start <= i < end:
                    one.add((THING + name,), THINGS)
    known = counts({term for one in wanted for way in one.ways for term in way} | {ALL})
    for one in wanted:
        last = one is wanted[-1]
        if last and text[-1:].isalnum():
            _complete(one, known)
        if not _stands(one, known):
            _guess(one, known, last=last)
    return Asked(wanted, reference(text), known, known.pop(ALL, 0))


def counts(terms: Collection[str]) -> dict[str, int]:
    """In how many dossiers each of these stands, as far as it was counted."""
    wanted = db.select(Word.stem, Word.dossiers).where(Word.stem.in_(sorted(terms)))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _stands(one: Wanted, known: dict[str, int]) -> bool:
    return any(all(known.get(term) for term in way) for way in one.ways)


def _complete(one: Wanted, known: dict[str, int]) -> None:
    """With the words that begin like it, those that many dossiers have first."""
    if len(one.word) < SHORTEST_BEGINNING:
        return
    begins = db.or_(
        *(
            db.and_(Word.stem > stem, Word.stem < stem + "\U0010ffff")
            for stem in {one.word, *either(one.word)}
        )
    )
    wanted = db.select(Word.stem, Word.dossiers).where(begins)
    for stem, number in db.session.execute(wanted.order_by(Word.dossiers.desc(), Word.stem).limit(COMPLETED)):
        one.add((stem,), BEGUN)
        known[stem] = number


def _guess(one: Wanted, known: dict[str, int], *, last: bool) -> None:
    """What may be meant by a word that no dossier has."""
    tries: list[Callable[[Wanted, dict[str, int]], None]] = [_correct, _complete, _take_apart]
    for attempt in tries[1:] if last and _begun(one) else tries:
        attempt(one, known)
        if _stands(one, known):
            return


def _begun(one: Wanted) -> bool:
    return any(counts_for == BEGUN for counts_for in one.ways.values())


def _correct(one: Wanted, known: dict[str, int]) -> None:
    """With the words that it may be an error of, the nearest first and of those the one that more have."""
    if len(one.word) < SHORTEST_ERROR:
        return
    keys = sorted(set().union(*(left_out(shape) for shape in (one.word, *either(one.word)))))
    near = db.select(Word.stem, Word.shown, Word.dossiers).join(Spelling, Spelling.stem == Word.stem)
    near = near.where(Spelling.left.in_(keys), Word.dossiers >= KNOWN_IN).distinct()
    found = [
        (
            min(distance(one.word, shape) for shape in (row.stem, row.shown)),
            -row.dossiers,
            row.stem,
            row.shown,
        )
        for row in db.session.execute(near)
    ]
    found += _named_almost(one.word, known)
    most = 2 if len(one.word) >= LONG else 1
    best = sorted(row for row in found if row[0] <= most)[:CORRECTED]
    for errors, number, stem, shown in best:
        if errors == best[0][0]:
            one.add((stem,), MEANT)
            one.instead = one.instead or shown
            known[stem] = -number


def _named_almost(word: str, known: dict[str, int]) -> Iterator[tuple[int, int, str, str]]:
    """Names of things that no dossier has in this form, where it has the thing in another one."""
    near = {call for left in left_out(word) for call in _misspelt().get(left, ())}
    things = {THING + name: call for call in near for name in plain_calls()[call]}
    for thing, number in counts(things).items() if things else ():
        yield distance(word, things[thing]), -number, thing, things[thing]


@cache
def _misspelt() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for call in plain_calls():
        for left in left_out(call):
            found.setdefault(left, set()).add(call)
    return found


def _take_apart(one: Wanted, known: dict[str, int]) -> None:
    """Into two words that dossiers have: of a compound whose parts are on no list of ours."""
    word = one.word
    cuts = [(word[:i], word[i:]) for i in range(SHORTEST_ERROR, len(word) - SHORTEST_ERROR + 1)]
    pairs = [(first, last) for a, b in cuts for first in either(a) for last in either(b)]
    there = counts({stem for pair in pairs for stem in pair}) if pairs else {}
    whole = [pair for pair in pairs if all(there.get(stem, 0) >= KNOWN_IN for stem in pair)]
    if whole:
        one.add(max(whole, key=lambda pair: min(there[stem] for stem in pair)), BUILT)
        known |= there


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


def matching(expression: str) -> Any:
    """The moments of what fits, as a statement."""
    if db.engine.dialect.name == "sqlite":
        text = db.table("similar_text", db.column("rowid"), db.column("similar_text"))
        return db.select(text.c.rowid.label("moment")).where(text.c.similar_text.op("MATCH")(expression))
    text = db.table("similar_text", db.column("moment"), db.column("lexemes"))
    fits = text.c.lexemes.op("@@")(db.cast(expression, TSQUERY))
    return db.select(text.c.moment.label("moment")).where(fits)
