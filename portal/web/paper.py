"""Paper: pages of a PDF with our fonts in it, and what is drawn on them. Black on white, for any printer."""

import random
from collections.abc import Sequence
from datetime import datetime

import segno

from portal.kernel.later import Later
from portal.web.drawing import BAY, BENDS, FLOORS, WALL, Wing, wings_of
from portal.web.lettering import from_the_right
from portal.web.typesetting import ASCENT, FACES, POINT, Block, indent, length
from portal.web.typesetting import Listing as Numbered

fpdf, bidi = Later("fpdf"), Later("fpdf.bidi")
BLACK, GREY, PALE, WHITE = (0, 0, 0), (70, 70, 70), (215, 215, 215), (255, 255, 255)
LAMP = (255, 200, 50)
QUIET = 4
"""Modules of white that a reader wants around a QR code."""
BLEED = 0.02
"""Rows of a code overlap so much (mm), else some viewers show white lines between them."""
FAR = 0.12
"""Flats that take less than this part of the page have windows without frames, else they become black."""
Corners = list[tuple[float, float]]


class Paper:
    """A document that is being made, in millimetres from the upper left corner."""

    def __init__(
        self, width: float, height: float, *, title: str, author: str, language: str, at: datetime
    ) -> None:
        self.width, self.height = width, height
        self.pdf = fpdf.FPDF(unit="mm", format=(width, height))
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.set_title(title)
        self.pdf.set_author(author)
        self.pdf.set_creator("Rotonde")
        self.pdf.set_lang(language)
        self.pdf.set_creation_date(at)
        self.pdf.viewer_preferences = fpdf.ViewerPreferences(display_doc_title=True)
        for bold, file in FACES.items():
            self.pdf.add_font("bold" if bold else "regular", "", file)

    def page(self) -> None:
        self.pdf.add_page()

    def bytes(self) -> bytes:
        return bytes(self.pdf.output())

    def line(self, x: float, top: float, text: str, size: float, *, bold: bool = False) -> None:
        """One line, its highest letters at `top`."""
        self.pdf.set_font("bold" if bold else "regular", "", size)
        if any(from_the_right(letter) for letter in text):
            text = str(bidi.BidiParagraph(text=text).get_reordered_string())
        self.pdf.text(x, top + ASCENT * size * POINT, text)

    def block(self, x: float, top: float, found: Block, width: float = 0, *, centre: bool = False) -> float:
        """Lines below each other; where they end. What is read from the right stands at the right edge."""
        right = from_the_right(" ".join(found.lines))
        for number, line in enumerate(found.lines):
            left, room = x, width - length(line, found.size, bold=found.bold)
            if width and (centre or right):
                left = x + (room / 2 if centre else room)
            down = number * found.leading * found.size * POINT
            self.line(left, top + down, line, found.size, bold=found.bold)
        return top + found.height

    def numbered(self, x: float, top: float, found: Numbered) -> float:
        """A numbered list; where it ends."""
        for number, item in enumerate(found.blocks, 1):
            self.line(x, top, f"{number}.", item.size, bold=True)
            self.block(x + indent(item.size), top, item)
            top += item.height + found.gap
        return top - found.gap if found.blocks else top

    def rule(self, x: float, y: float, width: float, thick: float) -> None:
        self.pdf.set_fill_color(*BLACK)
        self.pdf.rect(x, y, width, thick, style="F")

    def frame(
        self, x: float, y: float, width: float, height: float, thick: float = 0.3, corner: float = 0
    ) -> None:
        self.pdf.set_draw_color(*BLACK)
        self.pdf.set_line_width(thick)
        if corner:
            self.pdf.rect(x, y, width, height, style="D", round_corners=True, corner_radius=corner)
        else:
            self.pdf.rect(x, y, width, height, style="D")

    def strokes(self, lines: Sequence[tuple[float, float, float, float]], thick: float = 0.3) -> None:
        self.pdf.set_draw_color(*BLACK)
        self.pdf.set_line_width(thick)
        for line in lines:
            self.pdf.line(*line)

    def cut(self, x: float, y: float, radius: float, to: float) -> None:
        """Where to cut out a round hole, and the way into it from the edge `to`."""
        self.pdf.set_draw_color(*GREY)
        self.pdf.set_line_width(0.3)
        self.pdf.set_dash_pattern(dash=2, gap=1.5)
        self.pdf.circle(x, y, radius, style="D")
        self.pdf.line(x + radius * 0.94, y + radius * 0.34, to, y + radius * 0.34 + (to - x) * 0.12)
        self.pdf.set_dash_pattern()

    def code(self, x: float, y: float, side: float, address: str) -> None:
        """A QR code of this size with the white around it, which counts to `side`."""
        rows = [list(row) for row in segno.make(address, micro=False, error="m").matrix]
        module = side / (len(rows) + 2 * QUIET)
        self.pdf.set_fill_color(*WHITE)
        self.pdf.rect(x, y, side, side, style="F")
        self.pdf.set_fill_color(*BLACK)
        for down, row in enumerate(rows):
            for begin, end in _runs(row):
                left, top = x + (QUIET + begin) * module, y + (QUIET + down) * module
                self.pdf.rect(left, top, (end - begin) * module, module + BLEED, style="F")

    def mark(self, x: float, y: float, side: float) -> None:
        """The roundabout: six ways that meet."""
        middle, outer, inner = (x + side / 2, y + side / 2), side / 2, side * 0.23
        around = [(0.0, -1.0), (0.866, -0.5), (0.866, 0.5), (0.0, 1.0), (-0.866, 0.5), (-0.866, -0.5)]
        corners = [[(middle[0] + a * r, middle[1] + b * r) for a, b in around] for r in (outer, inner)]
        self.pdf.set_draw_color(*BLACK)
        self.pdf.set_line_width(side * 0.055)
        for shape, colour in zip(corners, (LAMP, WHITE), strict=True):
            self.pdf.set_fill_color(*colour)
            self.pdf.polygon(shape, style="DF")
        for start, end in zip(*corners, strict=True):
            self.pdf.line(*start, *end)

    def skyline(self, x: float, bottom: float, width: float, height: float, seed: str) -> None:
        """The flats of the neighbourhood, drawn in lines, some windows lit; which says nothing."""
        chance = random.Random(seed)  # noqa: S311 (a drawing that is the same every time, no secret)
        number = max(1, round(width / (height * 1.15)))
        scale = min(height / (WALL + 26), width / (number * 12 * BAY + (number - 1) * 10))
        left = x + (width - scale * (number * 12 * BAY + (number - 1) * 10)) / 2
        for flat in range(number):
            at = left + flat * (12 * BAY + 10) * scale, bottom, scale
            self._flat(at, BENDS[flat % 3], chance, framed=12 * BAY * scale > self.width * FAR)
        self.rule(x, bottom, width, 0.012 * height)

    def _flat(
        self,
        at: tuple[float, float, float],
        bend: tuple[tuple[int, int], ...],
        chance: random.Random,
        *,
        framed: bool,
    ) -> None:
        left, bottom, scale = at
        wings = wings_of(bend)
        lowest = max(y + max(0, bays * rise) for _, y, bays, rise in wings) + WALL

        def paint(corners: Corners, colour: tuple[int, int, int], thick: float) -> None:
            self.pdf.set_fill_color(*colour)
            self.pdf.set_line_width(thick * scale)
            shape = [(left + a * scale, bottom - (lowest - b) * scale) for a, b in corners]
            self.pdf.polygon(shape, style="DF" if thick else "F")

        self.pdf.set_draw_color(*BLACK)
        for wing in wings:
            walls, windows = _wing(wing)
            for wall in walls:
                paint(wall, WHITE, 0.5)
            for window in windows:
                lit = chance.random() < 0.35
                paint(window, LAMP if lit else WHITE if framed else PALE, 0.3 if framed else 0)


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Where the dark parts of a row begin and end."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif dark:
            found.append((place, place + 1))
    return found


def _wing(wing: Wing) -> tuple[list[Corners], list[Corners]]:
    """Roof and wall of one wing, and its windows."""
    x, y, bays, rise = wing
    right, down = x + bays * BAY, y + bays * rise
    wall = [(x, y), (right, down), (right, down + WALL), (x, y + WALL)]
    roof = [(x, y - 5), (right, down - 5), (right, down), (x, y)]
    windows = [_window(wing, bay, floor) for bay in range(bays) for floor in range(FLOORS)]
    return [wall, roof], windows


def _window(wing: Wing, bay: int, floor: int) -> Corners:
    x, y, _, rise = wing
    slope, left, right = rise / BAY, bay * BAY + 1.6, bay * BAY + 6.4
    top = y + 2.5 + 9 * floor
    upper = [(x + left, top + left * slope), (x + right, top + right * slope)]
    return [*upper, *((across, down + 4.6) for across, down in reversed(upper))]
