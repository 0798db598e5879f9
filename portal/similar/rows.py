"""What the index keeps of one dossier: from its columns to its terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from portal.dossiers.models import SIGNABLE, Category, Dossier
from portal.kernel.db import db
from portal.places import grid
from portal.places.queries import areas
from portal.similar.models import FACT, NUMBER_BITS, SEEN, THING
from portal.similar.words import (
    DUTCH,
    ENGLISH,
    GAP,
    calls,
    language_of,
    parts,
    sentences,
    stem,
    stems,
    tells,
    tokens,
)

BLOCK = 6
"""Bits of a cell that are left out to say roughly where something is: blocks of some 300 metres."""
COLUMNS = (
    Dossier.id,
    Dossier.ref,
    Dossier.kind,
    Dossier.state,
    Dossier.title,
    Dossier.body,
    Dossier.language,
    Dossier.place_name,
    Dossier.category_slug,
    Dossier.neighbourhood_code,
    Dossier.lat,
    Dossier.lon,
    Dossier.opened_at,
    Dossier.forgotten_at,
    Category.main,
    Category.name_nl,
    Category.name_en,
    Category.main_name_nl,
    Category.main_name_en,
)
KIND, STATE, CATEGORY, MAIN, PLACE, BLOCKS, JOINABLE, REFERENCE = (FACT + letter for letter in "kscmngjr")


def moment(opened_at: datetime, dossier_id: int) -> int:
    """A number by which the dossier that was opened last is the greatest."""
    return int(opened_at.timestamp() // 60) << NUMBER_BITS | dossier_id


def seen(*more: Any) -> Any:
    """The dossiers that belong into the index, with all that is kept of them."""
    wanted = db.select(*COLUMNS).outerjoin(Category, Category.slug == Dossier.category_slug)
    return wanted.where(SEEN, *more)


@dataclass(frozen=True)
class Said:
    """One row of the index, and the words by which its stems are shown."""

    row: dict[str, Any]
    shown: dict[str, str]
    """Stem or thing -> the shortest word for it here."""

    @property
    def news(self) -> str:
        return " ".join(f"{term}:{word}" for term, word in self.shown.items())


def said(dossier: Any) -> Said:
    """Of a row of COLUMNS."""
    title, place = tokens(dossier.title), tokens(dossier.place_name)
    told = [tokens(sentence) for sentence in sentences(dossier.body)]
    body = [word for sentence in told for word in sentence]
    language = language_of([*title, *body], dossier.language)
    about = [(word, language) for word in (*place, *_names(dossier.neighbourhood_code))]
    about += _category(dossier)
    shown: dict[str, str] = {}
    for word, spoken in (*((w, language) for w in (*title, *body)), *about):
        if tells(word):
            term = stem(word, spoken)
            shown[term] = min(word, shown.get(term, word), key=_shortest)
    named = {THING + name: "" for words in (title, body) for name, _, _ in calls(words, language)}
    built = {part: "" for word in (*title, *body) for part in parts(word)}
    other = DUTCH if language == ENGLISH else ENGLISH  # a title is too short to be sure of its language
    built |= {stem(word, other): "" for word in title if tells(word)}
    row = {
        "moment": moment(dossier.opened_at, dossier.id),
        "dossier_id": dossier.id,
        "language": language,
        "title": " ".join(stems(title, language)),
        "body": GAP.join(filter(None, (" ".join(stems(sentence, language)) for sentence in told))),
        "about": " ".join(stem(word, spoken) for word, spoken in about if tells(word)),
        "marks": " ".join(dict.fromkeys((*built, *named, *facts(dossier)))),
    }
    return Said(row, built | named | shown)


def _shortest(word: str) -> tuple[int, str]:
    return len(word), word


def _category(dossier: Any) -> Iterator[tuple[str, str]]:
    """Its names in both languages: who looks in English finds what was written in Dutch."""
    if dossier.category_slug:
        for language in (DUTCH, ENGLISH):
            names = (getattr(dossier, f"{level}name_{language}") for level in ("", "main_"))
            yield from ((word, language) for name in names for word in _words(name))


@cache
def _words(name: str) -> list[str]:
    return tokens(name)


def _names(code: str | None) -> tuple[str, ...]:
    """What people call the part of the city that it lies in."""
    return () if code is None else _called(code, id(areas()))


@lru_cache(maxsize=2000)
def _called(code: str, _read: int) -> tuple[str, ...]:
    """`_read` is another one when the neighbourhoods were read anew."""
    return tuple(word for area in areas() if area.contains(code) for word in tokens(area.name))


def referred(reference: str) -> str:
    """A reference as a term, also as a word of a question: K-1042, k1042."""
    return REFERENCE + reference.lower().replace("-", "")


def facts(dossier: Any) -> Iterator[str]:
    """What it can be narrowed by, as terms; from the kind to the place in this order, the block last."""
    yield referred(dossier.ref or "")
    yield KIND + dossier.kind
    yield STATE + dossier.state
    if dossier.state in SIGNABLE and dossier.forgotten_at is None:
        yield JOINABLE
    if dossier.category_slug:
        yield CATEGORY + dossier.category_slug
        yield MAIN + dossier.main
    code = dossier.neighbourhood_code or ""
    for end in range(1, len(code) + 1):
        yield PLACE + code[:end].lower()
    if dossier.lat is not None:
        yield block(dossier.lat, dossier.lon)


def block(lat: float, lon: float, rows: int = 0, columns: int = 0) -> str:
    """The block that a point lies in, or the one so many rows and columns beside it, as a term."""
    cell = grid.cell(lat, lon)
    row, column = cell >> grid.BITS >> BLOCK, (cell & grid.MASK) >> BLOCK
    return f"{BLOCKS}{row + rows}x{column + columns}"


def around(lat: float, lon: float) -> Sequence[str]:
    """The nine blocks around a point: whatever lies within some 300 metres is in one of them."""
    return [block(lat, lon, rows, columns) for rows in (-1, 0, 1) for columns in (-1, 0, 1)]
