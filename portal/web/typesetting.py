"""Words on paper: broken into lines, as large as fits, measured with the fonts that are printed.

Sizes are in points, everything else in millimetres.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from portal.web.joining import joined
from portal.web.lettering import FONT as BOLD
from portal.web.lettering import clean

REGULAR = BOLD.parent / "DejaVuSansCondensed.ttf"
FACES: dict[bool, Path] = {True: BOLD, False: REGULAR}
"""Bold or not -> its file."""
POINT = 25.4 / 72
ASCENT, DESCENT = 0.93, 0.24
"""How far letters reach above and below their line, as parts of the size."""
STEP = 0.96
"""Each size that is tried is so much of the one before it."""
WHOLE = 0.42
"""Rather than break a word the letters become smaller, down to this part of the largest size."""
LESS = 0.85
"""Rather than cut a text to fewer lines the letters become so much smaller than the smallest."""


@cache
def _widths(bold: bool) -> dict[int, float]:
    """Letter -> its width, as part of the size."""
    with TTFont(FACES[bold], lazy=True) as face:
        advance, unit = face["hmtx"].metrics, face["head"].unitsPerEm
        return {letter: advance[glyph][0] / unit for letter, glyph in face.getBestCmap().items()}


def length(text: str, size: float, *, bold: bool = False) -> float:
    """How long a line is, in millimetres."""
    return _parts(text, bold) * size * POINT


@lru_cache(maxsize=4096)
def _parts(text: str, bold: bool) -> float:
    """How long it is, in parts of the size."""
    known = _widths(bold)
    return sum(known.get(ord(letter), 0.6) for letter in text)


@dataclass(frozen=True)
class Block:
    """Lines of one size, ready to be set."""

    lines: tuple[str, ...]
    size: float
    bold: bool = False
    leading: float = 1.2
    broken: bool = False
    """Whether a word had to be broken."""

    @property
    def height(self) -> float:
        """From the top of the highest letter to the foot of the lowest."""
        return tall(len(self.lines), self.size, self.leading)

    @property
    def width(self) -> float:
        return max((length(line, self.size, bold=self.bold) for line in self.lines), default=0.0)


def tall(lines: int, size: float, leading: float) -> float:
    return (ASCENT + DESCENT + (lines - 1) * leading) * size * POINT if lines else 0.0


def block(text: str, width: float, size: float, *, bold: bool = False, leading: float = 1.2) -> Block:
    """The text in this size, broken between words, and within a word that is too wide for a line."""
    lines: list[str] = []
    broken, filled, space = False, width, length(" ", size, bold=bold)
    for word in text.split():
        long = length(word, size, bold=bold)
        if lines and filled + space + long <= width:
            lines[-1] += f" {word}"
            filled += space + long
            continue
        pieces = list(_pieces(word, width, size, bold)) if long > width else [word]
        broken, filled = broken or len(pieces) > 1, length(pieces[-1], size, bold=bold)
        lines += pieces
    return Block(tuple(lines), size, bold, leading, broken)


def _pieces(word: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """The word in parts that fit; a hyphen says that it goes on, where letters meet."""
    room = width - length("-", size, bold=bold)
    while length(word, size, bold=bold) > width:
        part = word[:1]
        while len(part) < len(word) - 1 and length(word[: len(part) + 1], size, bold=bold) <= room:
            part = word[: len(part) + 1]
        word = word.removeprefix(part)
        yield f"{part}-" if part[-1].isalpha() and word[0].isalpha() else part
    yield word


def sizes(largest: float, smallest: float) -> Iterator[float]:
    size = largest
    while size > smallest:
        yield size
        size *= STEP
    yield smallest


def fitted(
    text: str,
    width: float,
    height: float,
    largest: float,
    smallest: float,
    *,
    bold: bool = False,
    leading: float = 1.2,
    most: int = 0,
) -> Block:
    """The text as large as fits into this box (and, with `most`, on so many lines).

    Words stay whole as long as the letters stay large. What does not fit in the smallest size either ends in
    an ellipsis.
    """
    text = joined(clean(text))

    def fits(found: Block) -> bool:
        return found.height <= height and (not most or len(found.lines) <= most)

    first: Block | None = None
    for size in sizes(largest, smallest):
        found = block(text, width, size, bold=bold, leading=leading)
        if fits(found) and (not found.broken or found.size < largest * WHOLE):
            return balanced(found, width) if bold and not found.broken else first or found
        first = first or (found if fits(found) else None)
    if first is not None:
        return first
    number = 1
    while number < (most or 99) and tall(number + 1, smallest, leading) <= height:
        number += 1
    return shortened(found, number, width)


def balanced(found: Block, width: float) -> Block:
    """The same lines of about the same length: no last word alone on its line."""
    if len(found.lines) < 2 or found.broken:
        return found
    text, low, high, best = " ".join(found.lines), width / 2, width, found
    for _turn in range(8):
        middle = (low + high) / 2
        tried = block(text, middle, found.size, bold=found.bold, leading=found.leading)
        if len(tried.lines) <= len(found.lines) and not tried.broken:
            best, high = tried, middle
        else:
            low = middle
    return best


def shortened(found: Block, most: int, width: float) -> Block:
    """So many lines of it at most, the last one with an ellipsis where something was cut off."""
    if len(found.lines) <= most:
        return found
    last = found.lines[most - 1]
    while last and length(f"{last}…", found.size, bold=found.bold) > width:
        last = last[:-1]
    lines = (*found.lines[: most - 1], f"{last.rstrip(' -,.')}…")
    return Block(lines, found.size, found.bold, found.leading, found.broken)


@dataclass(frozen=True)
class Listing:
    """Several texts below each other, each a block, all of one size."""

    blocks: tuple[Block, ...]
    gap: float
    cut: bool
    """Whether something had to be left out."""

    @property
    def height(self) -> float:
        return sum(found.height for found in self.blocks) + self.gap * max(0, len(self.blocks) - 1)


def listed(texts: Sequence[str], width: float, height: float, largest: float, smallest: float) -> Listing:
    """The texts as large as they fit below each other; else each cut to fewer lines, else fewer of them."""
    texts = [joined(clean(text)) for text in texts]
    for size in sizes(largest, smallest):
        found = _listed(texts, width, size, 99)
        if found.height <= height:
            return found
    for most in (4, 3, 2, 1):
        for size in sizes(smallest, smallest * LESS):
            found = _listed(texts, width, size, most)
            if found.height <= height:
                return found
    while found.blocks and found.height > height:
        found = Listing(found.blocks[:-1], found.gap, cut=True)
    return found


def _listed(texts: Sequence[str], width: float, size: float, most: int) -> Listing:
    whole = [block(text, width - indent(size), size, leading=1.25) for text in texts]
    kept = tuple(shortened(found, most, width - indent(size)) for found in whole)
    return Listing(kept, size * POINT * 0.35, cut=any(len(b.lines) > most for b in whole))


def indent(size: float) -> float:
    """Where the text of a numbered line begins."""
    return size * POINT * 2
