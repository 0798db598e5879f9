"""Reading what was printed: where its letters stand, what its code says, which fonts it carries."""

from collections.abc import Iterator
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

POINT = 25.4 / 72
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in millimetres from the upper left corner."""


class Print:
    """A PDF, as its reader sees it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.pdf = pypdfium2.PdfDocument(content)

    def close(self) -> None:
        self.pdf.close()

    @property
    def pages(self) -> int:
        return len(self.pdf)

    def size(self, page: int = 0) -> tuple[int, int]:
        width, height = self.pdf[page].get_size()
        return round(width * POINT), round(height * POINT)

    def picture(self, page: int = 0, dpi: int = 100, *, grey: bool = False) -> Image.Image:
        seen: Any = self.pdf[page].render(scale=dpi / 72)
        found: Image.Image = seen.to_pil().convert("L" if grey else "RGB")
        return found

    def codes(self, page: int = 0, dpi: int = 100, *, grey: bool = False) -> list[str]:
        """What every QR code on the page says."""
        return [code.text for code in zxingcpp.read_barcodes(self.picture(page, dpi, grey=grey))]

    def code_side(self, page: int = 0) -> float:
        """How long a side of the code is, in millimetres, without the white around it."""
        corners = zxingcpp.read_barcodes(self.picture(page))[0].position
        return float(corners.top_right.x - corners.top_left.x) * 25.4 / 100

    def text(self, page: int = 0) -> str:
        """Words without the line breaks."""
        return " ".join(self.pdf[page].get_textpage().get_text_bounded().split())

    def boxes(self, page: int = 0) -> Iterator[tuple[str, Box]]:
        """Every letter with its place."""
        seen = self.pdf[page]
        words, height = seen.get_textpage(), seen.get_height()
        for number in range(words.count_chars()):
            letter = words.get_text_range(number, 1)
            if letter.strip():
                left, bottom, right, top = words.get_charbox(number)
                box = (left, height - top, right, height - bottom)
                yield letter, tuple(side * POINT for side in box)  # type: ignore[misc]

    def letters_outside(self, margin: float) -> list[str]:
        """Those that stand less than so many millimetres from an edge."""
        found = []
        for page in range(self.pages):
            wide, high = self.pdf[page].get_width() * POINT, self.pdf[page].get_height() * POINT
            for letter, (left, top, right, bottom) in self.boxes(page):
                if left < margin or top < margin or right > wide - margin or bottom > high - margin:
                    found.append(letter)
        return found

    def overlapping(self, page: int = 0) -> list[tuple[str, str]]:
        """Letters that are printed over each other: of which a third of the smaller one is covered."""
        boxes = sorted(self.boxes(page), key=lambda one: one[1][1])
        found = []
        for number, (letter, box) in enumerate(boxes):
            for other, beside in boxes[number + 1 :]:
                if beside[1] >= box[3]:
                    break
                if _shared(box, beside) > 0.34 * min(_area(box), _area(beside)):
                    found.append((letter, other))
        return found

    def fonts(self) -> set[tuple[str, bool]]:
        """The fonts of all letters, and whether they are in the file."""
        found = set()
        for page in self.pdf:
            for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                font = pypdfium2.raw.FPDFTextObj_GetFont(thing.raw)
                found.add((str(font), bool(pypdfium2.raw.FPDFFont_GetIsEmbedded(font))))
        return found

    def darkness(self, page: int = 0) -> float:
        """How much of the paper is dark, from 0 to 1."""
        grey = self.picture(page, 50, grey=True)
        return 1 - sum(value * count for value, count in enumerate(grey.histogram())) / (
            255 * grey.width * grey.height
        )

    def darkest(self, page: int = 0, square: float = 15) -> float:
        """How much is dark of the square, so many millimetres wide, that is the darkest of the page."""
        grey = self.picture(page, 50, grey=True)
        side = square / 25.4 * 50
        small = grey.resize((round(grey.width / side), round(grey.height / side)), Image.Resampling.BOX)
        return 1 - float(min(small.tobytes())) / 255


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.01) * max(box[3] - box[1], 0.01)


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
