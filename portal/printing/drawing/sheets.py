"""Sheets to sign on: each with its own code, all in one file."""

import math
from dataclasses import dataclass

from portal.printing.drawing.kit import Kit, SheetWords
from portal.web.paper import Paper
from portal.web.typesetting import fitted, listed

WIDE, HIGH, EDGE = 210.0, 297.0, 10.0
INNER = WIDE - 2 * EDGE
CODE = 42.0
"""Side of the QR code with the white around it: 31 mm of it at least are black and white."""
ROW = 8.5
TALLEST = 11.0
HEAD = 6.5
FOOT = 21.0
TITLE, ASKED, PLACE = 13.0, 4.5, 6.5
"""Where the title begins below the edge; what the words before the demands take, and the place."""
MOST_HEAD = 62.0
"""The title and all that stands above the table: so much that twenty can still sign on a page."""
COLUMNS = {"number": 9.0, "name": 51.0, "house": 22.0, "building": 27.0, "mail": 44.0, "signature": 0.0}
"""What is left goes to the last one, and a column that is not needed to the others."""


@dataclass(frozen=True)
class OneSheet:
    """What differs from sheet to sheet."""

    code: str
    address: str
    place: str
    """Building and stairwell, in words."""
    building_known: bool
    rows: int


class Sheets:
    """The document; `add` one sheet after the other, then take its `bytes`."""

    def __init__(self, kit: Kit, words: SheetWords) -> None:
        self.kit, self.words = kit, words
        self.paper = Paper(
            WIDE,
            HIGH,
            title=f"{kit.ref} · {kit.name} · {kit.title}",
            author=kit.by,
            language=kit.language,
            at=kit.at,
        )
        room = INNER - CODE - 4
        self.name = fitted(words.name, 70, 7, 13, 7, bold=True, most=1)
        self.label = fitted(f"{kit.kind} {kit.ref} · {kit.by}", INNER - 86, 9, 10, 6, bold=True, most=2)
        self.title = fitted(kit.title, room, 17, 19, 7.5, bold=True, leading=1.14)
        self.to = fitted(kit.to, room, 8, 9, 6.5, bold=True, most=2)
        taken = self.title.height + self.to.height + PLACE + 5
        self.asked = listed(kit.asked, room, MOST_HEAD - taken - ASKED - 4, 11, 7)
        self.more = fitted(kit.more if self.asked.cut else "", room, 4, 7, 6, most=1)
        asked = ASKED + self.asked.height if self.asked.blocks else 0.0
        self.head = max(CODE + 11.5, taken + asked + self.more.height)
        self.privacy = fitted(words.privacy, INNER, 10, 8.5, 6)
        self.photograph = fitted(words.photograph, INNER - 34, 8, 8, 6.5, bold=True, most=2)

    def bytes(self) -> bytes:
        return self.paper.bytes()

    def add(self, sheet: OneSheet) -> None:
        """Its pages: all of them say which sheet it is, and where to go."""
        top = EDGE + TITLE + self.head + 1.5
        room = HIGH - EDGE - FOOT - top - HEAD
        most = min(sheet.rows, int(room / ROW))
        pages = math.ceil(sheet.rows / most)
        for page in range(pages):
            self.paper.page()
            self._head(sheet)
            first = page * most
            self._table(top, sheet, range(first + 1, min(first + most, sheet.rows) + 1), room / most)
            self._foot(page + 1, pages)

    def _head(self, sheet: OneSheet) -> None:
        paper, kit = self.paper, self.kit
        paper.mark(EDGE, EDGE, 8.5)
        paper.block(EDGE + 11, EDGE + 4.2 - self.label.height / 2, self.label)
        paper.block(WIDE - EDGE - self.name.width, EDGE + 4.2 - self.name.height / 2, self.name)
        paper.rule(EDGE, EDGE + 10.5, INNER, 0.8)
        top = paper.block(EDGE, EDGE + TITLE, self.title, INNER - CODE - 4) + 2
        if self.asked.blocks:
            paper.line(EDGE, top, f"{kit.asked_head}:", 9, bold=True)
            top = paper.numbered(EDGE, top + ASKED, self.asked)
            top = paper.block(EDGE, top, self.more) + 1.5
        paper.block(EDGE, top, self.to, INNER - CODE - 4)
        self._code(sheet)
        place = fitted(sheet.place, INNER - CODE - 4, PLACE, 15, 8, bold=True, most=1)
        paper.block(EDGE, EDGE + TITLE + self.head - place.height, place)

    def _code(self, sheet: OneSheet) -> None:
        paper, words, left, top = self.paper, self.words, WIDE - EDGE - CODE, EDGE + TITLE
        paper.code(left + 0.3, top + 0.3, CODE - 0.6, sheet.address)
        paper.frame(left, top, CODE, CODE + 10.5, 0.5, 1.5)
        label = fitted(words.code_label, CODE - 3, 4, 7, 5, most=1)
        paper.block(left, top + CODE - 2.4, label, CODE, centre=True)
        code = fitted(sheet.code, CODE - 3, 8, 20, 10, bold=True, most=1)
        paper.block(left, top + CODE + 1.6, code, CODE, centre=True)

    def _table(self, top: float, sheet: OneSheet, numbers: range, row: float) -> None:
        paper, row = self.paper, min(row, TALLEST)
        widths = columns(sheet.building_known)
        bottom, across = top + HEAD + row * len(numbers), EDGE
        paper.frame(EDGE, top, INNER, bottom - top, 0.5)
        lines = [
            (EDGE, top + HEAD + n * row, EDGE + INNER, top + HEAD + n * row) for n in range(len(numbers))
        ]
        for name, width in widths.items():
            label = fitted(self.words.heads[name], width - 2, HEAD - 1, 8.5, 5.5, bold=True, most=2)
            paper.block(across + 1, top + HEAD / 2 - label.height / 2, label)
            lines.append((across, top, across, bottom))
            across += width
        paper.strokes(lines, 0.25)
        for place, number in enumerate(numbers):
            paper.line(EDGE + 1.2, top + HEAD + place * row + row / 2 - 2.2, str(number), 10, bold=True)

    def _foot(self, page: int, pages: int) -> None:
        paper, top = self.paper, HIGH - EDGE - FOOT + 3
        paper.block(EDGE, top, self.privacy, INNER)
        paper.block(EDGE, HIGH - EDGE - self.photograph.height, self.photograph, INNER - 34)
        said = fitted(self.words.page.format(page=page, pages=pages), 32, 5, 8, 6, most=1)
        paper.block(WIDE - EDGE - said.width, HIGH - EDGE - said.height, said)


def columns(building_known: bool) -> dict[str, float]:
    """Column -> width."""
    widths = dict(COLUMNS)
    if building_known:
        widths["name"] += 11
        widths["mail"] += 8
        del widths["building"]
    widths["signature"] = INNER - sum(widths.values())
    return widths
