"""Posters and the flyer: one design on three sizes of paper."""

from dataclasses import dataclass

from portal.printing.drawing.kit import Kit
from portal.web.paper import Paper
from portal.web.typesetting import POINT, Block, fitted, listed


@dataclass(frozen=True)
class Format:
    """Millimetres, and points for letters. `unit` is how much larger than on A4 everything is drawn."""

    width: float
    height: float
    margin: float
    unit: float
    code: float
    """Side of the QR code, with the white around it."""
    title: tuple[float, float]
    """Largest and smallest letters."""
    text: tuple[float, float]
    title_part: float = 0.3
    """What part of the height the title may take."""
    why: int = 0
    """How many lines of the dossier's own words."""


FRIEZE = 10.0
"""The least height in which the flats are drawn, on A4."""
A3 = Format(297, 420, 15, 1.41, 94, (124, 16), (30, 13))
A4 = Format(210, 297, 12, 1.0, 66, (88, 12), (21, 9.5))
A5 = Format(148, 210, 9, 0.74, 61.5, (54, 9), (14, 8), 0.22, 5)


def poster(kit: Kit, *, large: bool) -> bytes:
    return _draw(kit, A3 if large else A4)


def flyer(kit: Kit) -> bytes:
    return _draw(kit, A5)


def _draw(kit: Kit, size: Format) -> bytes:
    paper = kit.paper(size.width, size.height)
    top = head(paper, kit, size.margin, size.margin, size.width - 2 * size.margin, size.unit)
    foot = _sign_here(paper, kit, size)
    _between(paper, kit, size, top + 5 * size.unit, foot)
    return paper.bytes()


def head(paper: Paper, kit: Kit, left: float, top: float, width: float, unit: float) -> float:
    """Who asks, and which dossier it is; a thick line below. Returns where that ends."""
    paper.mark(left, top, 11 * unit)
    label = f"{kit.kind} {kit.ref}"
    plate = fitted(label, width * 0.4, 8 * unit, 17 * unit, 6 * unit, bold=True, most=1)
    room = plate.width + 8 * unit
    paper.frame(left + width - room, top + 0.5 * unit, room, 10 * unit, 0.7 * unit, 1.6 * unit)
    paper.block(left + width - room + 4 * unit, top + 5.5 * unit - plate.height / 2, plate)
    who = fitted(kit.by, width - room - 19 * unit, 10.5 * unit, 15 * unit, 6 * unit, bold=True, most=2)
    paper.block(left + 14 * unit, top + 5.5 * unit - who.height / 2, who)
    paper.rule(left, top + 14 * unit, width, 1.1 * unit)
    return top + 15.1 * unit


def _between(paper: Paper, kit: Kit, size: Format, top: float, bottom: float) -> None:
    """The title, what is asked and of whom; the neighbourhood stands in what is left."""
    left, width, unit = size.margin, size.width - 2 * size.margin, size.unit
    most = size.height * size.title_part if kit.asked else (bottom - top) * 0.55
    title = fitted(kit.title, width, most, *size.title, bold=True, leading=1.14)
    top = paper.block(left, top, title, width) + 5 * unit
    bottom -= 3 * unit
    to = fitted(kit.to, width, 16 * unit, size.text[0] * 0.75, size.text[1] * 0.8, bold=True, most=3)
    if size.why and kit.why:
        why = fitted(kit.why, width, 22 * unit, size.text[0] * 0.75, size.text[1], most=size.why)
        top = paper.block(left, top, why, width) + 4 * unit
    if kit.asked:
        top = _asked(paper, kit, size, top, bottom - (to.height + 4 * unit if kit.to else 0))
    if kit.to:
        top = paper.block(left, top, to, width) + 4 * unit
    if bottom - top > FRIEZE * unit:
        paper.skyline(
            left + 6 * unit, bottom + 3 * unit, width - 12 * unit, min(bottom - top, 66 * unit), kit.ref
        )


def _asked(paper: Paper, kit: Kit, size: Format, top: float, bottom: float) -> float:
    """The demands; where not all of them fit, a line says where they stand."""
    left, width, unit = size.margin, size.width - 2 * size.margin, size.unit
    head_size = size.text[0] * 0.8
    paper.line(left, top, kit.asked_head, head_size, bold=True)
    top += head_size * POINT * 1.5
    note = fitted(kit.more, width, 12 * unit, size.text[1], size.text[1] * 0.7, most=2)
    found = listed(kit.asked, width, bottom - top, *size.text)
    if found.cut:
        found = listed(kit.asked, width, bottom - top - note.height - unit, *size.text)
    top = paper.numbered(left, top, found) + 3 * unit
    return paper.block(left, top - 2 * unit, note, width) + 3 * unit if found.cut else top


def _sign_here(paper: Paper, kit: Kit, size: Format) -> float:
    """The lower edge: the code, and where to go without it. Returns where it begins."""
    unit, side = size.unit, size.code
    left, width = size.margin, size.width - 2 * size.margin
    top = size.height - size.margin - side
    paper.frame(left, top, width, side, 0.9 * unit, 2.5 * unit)
    paper.code(left + unit, top + unit, side - 2 * unit, kit.address)
    across = left + side + 2 * unit
    sign_words(paper, kit, across, top + 3 * unit, left + width - across - 4 * unit, side - 6 * unit, unit)
    return top


def sign_words(
    paper: Paper, kit: Kit, left: float, top: float, width: float, height: float, unit: float
) -> None:
    """What to do, in words, in the middle of this box."""
    parts = [
        fitted(kit.call, width, height * 0.38, 52 * unit, 10 * unit, bold=True, leading=1.1),
        _said(kit.scan, width, height * 0.22, 15 * unit, 7 * unit),
        fitted(kit.short, width, height * 0.2, 30 * unit, 8 * unit, bold=True, most=2),
        _said(kit.easy, width, height * 0.2, 13 * unit, 6 * unit),
    ]
    shown = [part for part in parts if part.lines]
    gap = min(4 * unit, (height - sum(part.height for part in shown)) / len(shown))
    top += (height - sum(part.height for part in shown) - gap * (len(shown) - 1)) / 2
    for part in shown:
        top = paper.block(left, top, part, width) + gap


def _said(text: str, width: float, height: float, largest: float, smallest: float) -> Block:
    """On one line if that stays nearly as large, else on two."""
    one = fitted(text, width, height, largest, largest * 0.72, most=1)
    cut = bool(one.lines) and one.lines[-1].endswith("…")
    return fitted(text, width, height, largest, smallest, most=2) if cut else one
