"""Where in a text stands what was asked for: to mark it, and to show the part that has most of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.dossiers.words import plain
from portal.similar.models import THING
from portal.similar.queries import Asked
from portal.similar.words import calls, language_of, parts, stem, tells

LONGEST, BEFORE = 200, 40
"""Letters of a text that are shown, and of those how many before the first word that was found."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Piece:
    """A part of a text; `found` when it is what was asked for."""

    text: str
    found: bool = False


def pieces(text: str, asked: Asked, language: str) -> list[Piece]:
    """All of a text, with what was asked for apart."""
    return list(_pieces(text, _places(text, asked, language), 0, len(text)))


def fragment(text: str, asked: Asked, language: str, longest: int = LONGEST) -> list[Piece]:
    """The part of it that has most of what was asked for; its beginning when it has nothing of it."""
    line = " ".join(text.split())
    places = _places(line, asked, language)
    start, end = _window(line, places, longest)
    made = list(_pieces(line, [(a, b) for a, b in places if a >= start and b <= end], start, end))
    before, after = [Piece("… ")] if start else [], [Piece(" …")] if end < len(line) else []
    return [*before, *made, *after]


def _places(text: str, asked: Asked, language: str) -> list[tuple[int, int]]:
    """From where to where the words stand that were found."""
    wanted = {term for one in asked.words for way in one.ways for term in way}
    at = [match.span() for match in _WORD.finditer(text)]
    words = [plain(text[start:end]) for start, end in at]
    spoken = language_of(words, language)
    found = {
        i
        for i, word in enumerate(words)
        if tells(word) and (stem(word, spoken) in wanted or wanted.intersection(parts(word)))
    }
    for name, first, last in calls(words, spoken):
        if THING + name in wanted:
            found.update(range(first, last))
    return [at[i] for i in sorted(found)]


def _window(text: str, places: Sequence[tuple[int, int]], longest: int) -> tuple[int, int]:
    """Between two words, with as many of these places in it as possible, the first such part."""
    if len(text) <= longest:
        return 0, len(text)
    starts = [max(0, start - BEFORE) for start, _ in places] or [0]
    start = max(starts, key=lambda s: sum(s <= a and b <= s + longest for a, b in places))
    start = min(start, len(text) - longest)
    if start:
        start = text.rfind(" ", 0, start + 1) + 1
    end = min(len(text), start + longest)
    if end < len(text) and " " in text[start:end]:
        end = text.rindex(" ", start, end)
    return start, end


def _pieces(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    done = start
    for first, last in places:
        if first > done:
            yield Piece(text[done:first])
        yield Piece(text[first:last], found=True)
        done = last
    if done < end:
        yield Piece(text[done:end])
