"""The picture that goes with a shared link: what it is about, how many join, and as many windows lit.

Drawn when somebody asks for it, kept in memory, and found again by its content (`Preview.version`).
"""

import hashlib
import io
import random
from dataclasses import astuple, dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from portal.web import lettering
from portal.web.drawing import BAY, BENDS, FLOORS, WALL, Wing, wings_of

WIDTH, HEIGHT = 1200, 630
EDGE = 64
GROUND = 402
"""Where the roofs begin."""
SMOOTH = 2
"""Drawn so many times larger and then made small, so that slanting lines are smooth."""
SCALE = 3.9
FLATS, GAP = 3, 18.0
TITLE = {76: 2, 64: 3, 50: 4, 40: 5, 34: 6}
"""Size of the letters -> most lines."""
COLOURS = 96
MADE_WITH = "1"
"""Counts on when the drawing itself changes."""

NIGHT, INK, SOFT, LAMP = "#0f2730", "#f3f6f1", "#b9cacc", "#ffc832"
WALLS = {4: "#3a6674", 0: "#315a68", -4: "#274c59"}
ROOF, OFF, ON = "#5c8794", "#16333d", "#ffd257"

Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Preview:
    """What is drawn: `plate` (reference and kind) above, `people` and `place` below the title."""

    title: str
    plate: str
    people: str
    place: str
    lit: int
    """How many windows are lit, as long as there are windows."""

    @property
    def version(self) -> str:
        """The same for the same picture."""
        return hashlib.sha256(repr((MADE_WITH, astuple(self))).encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def png(preview: Preview) -> bytes:
    """The picture; the last ones are kept."""
    picture = _skyline(preview.lit)
    brush = ImageDraw.Draw(picture)
    room = WIDTH - 2 * EDGE
    _write(brush, EDGE - 14, preview.plate, 32, LAMP)
    size, lines = lettering.fitted(lettering.clean(preview.title) or preview.plate, room, TITLE)
    for number, line in enumerate(lines):
        _write(brush, EDGE + 34 + round(number * size * 1.2), line, size, INK)
    _below(brush, preview)
    file = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _below(brush: ImageDraw.ImageDraw, preview: Preview) -> None:
    """How many, and where: on one line just above the roofs."""
    people, place = lettering.clean(preview.people), lettering.clean(preview.place)
    _write(brush, GROUND - 44, people, 36, LAMP)
    left = EDGE + lettering.font(36).getlength(people) + 28 if people else EDGE
    short = lettering.shortened(place, 32, round(WIDTH - EDGE - left))
    brush.text((left, GROUND - 41), short, SOFT, lettering.font(32))


def _write(brush: ImageDraw.ImageDraw, top: float, line: str, size: int, colour: str) -> None:
    """A line at the edge where its reader begins."""
    font = lettering.font(size)
    left = WIDTH - EDGE - font.getlength(line) if lettering.from_the_right(line) else EDGE
    brush.text((left, top), line, colour, font)


def _skyline(lit: int) -> Image.Image:
    """Three flats along the lower edge, with this many windows lit, the same ones every time."""
    picture = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), NIGHT)
    brush = ImageDraw.Draw(picture)
    windows: list[Corners] = []
    for number in range(FLATS):
        windows += _flat(brush, number)
    chance = random.Random(FLATS)  # noqa: S311 (a drawing that is the same every time, no secret)
    chance.shuffle(windows)
    whole = [window for window in windows if max(down for _, down in window) <= HEIGHT * SMOOTH]
    for window in windows:
        brush.polygon(window, OFF)
    for window in whole[:lit]:
        brush.polygon(window, ON)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _flat(brush: ImageDraw.ImageDraw, number: int) -> list[Corners]:
    """Walls and roof of one flat; the corners of its windows, which are painted later."""
    wings = wings_of(BENDS[number])
    left = (WIDTH / SCALE - FLATS * 12 * BAY - (FLATS - 1) * GAP) / 2 + number * (12 * BAY + GAP)
    highest = min(y + min(0, bays * rise) for _, y, bays, rise in wings)
    shift = (left, GROUND / SCALE + 12 - highest)
    windows: list[Corners] = []
    for x, y, bays, rise in wings:
        for top, bottom, colour in ((0, WALL, WALLS[rise]), (-5, 0, ROOF)):
            upper, lower = (x, y + top), (x + bays * BAY, y + bays * rise + top)
            corners = [upper, lower, (lower[0], lower[1] + bottom - top), (x, y + bottom)]
            brush.polygon(_moved(corners, shift), colour)
        places = [(bay, floor) for bay in range(bays) for floor in range(FLOORS)]
        windows += [_moved(_window((x, y, bays, rise), *place), shift) for place in places]
    return windows


def _window(wing: Wing, bay: int, floor: int) -> Corners:
    x, y, _, rise = wing
    slope = rise / BAY
    left, right = bay * BAY + 1.6, bay * BAY + 6.4
    top = y + 2.5 + 9 * floor
    upper = [(x + left, top + left * slope), (x + right, top + right * slope)]
    return [*upper, *((across, down + 4.6) for across, down in reversed(upper))]


def _moved(corners: Corners, shift: tuple[float, float]) -> Corners:
    larger = SCALE * SMOOTH
    return [((x + shift[0]) * larger, (y + shift[1]) * larger) for x, y in corners]
