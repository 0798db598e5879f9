"""Words in a picture: what people typed, made fit to be drawn, broken into lines, as large as fits."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont

FONT = Path(__file__).parent / "fonts" / "DejaVuSansCondensed-Bold.ttf"
LONGEST = 300
MARKS = 2
"""How many accents one letter may carry; who piles up more wants to break the page."""
NO_LETTER = "\uffff"


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


@cache
def _plain() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), 20, layout_engine=ImageFont.Layout.BASIC)


def _drawn(letter: str) -> bytes:
    return bytes(_plain().getmask(letter))


@cache
def known(letter: str) -> bool:
    """Whether the font has this letter: one that it has not is drawn as an empty box."""
    return letter == " " or _drawn(letter) != _drawn(NO_LETTER)


def clean(text: str, longest: int = LONGEST) -> str:
    """On one line, without what has no letter in the font (emoji) and without what turns the text around."""
    fit = "".join(_fit(unicodedata.normalize("NFC", text[: longest * 4])))
    return " ".join(fit.split())[:longest].strip()


def _fit(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind.startswith("M") else 0
        if kind.startswith(("Z", "C")):
            yield " " if kind != "Cf" else ""
        elif marks <= MARKS and known(letter):
            yield letter


def from_the_right(text: str) -> bool:
    """Whether it is read from right to left, by its first letter that says so."""
    sides = (unicodedata.bidirectional(letter) for letter in text)
    return next((side != "L" for side in sides if side in {"L", "R", "AL"}), False)


def lines(text: str, size: int, width: int) -> list[str]:
    """The text broken between words, and within a word that is too wide for a line of its own."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if font(size).getlength(longer) <= width:
            found[-1] = longer
            continue
        pieces = _pieces(word, size, width)
        found += pieces if found[-1] else []
        found = found if found[-1] else pieces
    return [line for line in found if line]


def _pieces(word: str, size: int, width: int) -> list[str]:
    found = [""]
    for letter in word:
        if found[-1] and font(size).getlength(found[-1] + letter) > width:
            found.append("")
        found[-1] += letter
    return found


def fitted(text: str, width: int, sizes: dict[int, int]) -> tuple[int, list[str]]:
    """The largest of these sizes in which the text fits, with its lines; `sizes`: size -> most lines.

    What does not fit in the smallest either ends in an ellipsis.
    """
    for size, most in sizes.items():
        broken = lines(text, size, width)
        if len(broken) <= most:
            return size, broken
    return size, [*broken[: most - 1], shortened(" ".join(broken[most - 1 :]), size, width)]


def shortened(text: str, size: int, width: int) -> str:
    """On one line, with an ellipsis where it is cut off."""
    if font(size).getlength(text) <= width:
        return text
    while text and font(size).getlength(f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"
