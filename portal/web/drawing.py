"""Small drawings made by the server: a honeycomb flat whose lit windows are the neighbours who joined.

Which windows are lit is shuffled by the seed (the name of the building): a window never says who lives there.
"""

import io
import random

import segno
from markupsafe import Markup

FLOORS = 6
BAY = 8  # width of one window with its piece of wall
WALL = 57  # height of the building
ROOF = 7
# A bend is a row of wings, each (bays, rise per bay). The honeycomb's 120 degrees, seen from above and aside.
BENDS = (
    ((4, -4), (4, 0), (4, 4)),
    ((4, 4), (4, 0), (4, -4)),
    ((4, -4), (4, 4), (4, -4)),
    ((6, 4), (6, -4)),
    ((6, -4), (6, 4)),
    ((4, 0), (4, -4), (4, 0)),
)
SIDES = {4: "wall-l", 0: "wall-h", -4: "wall-r"}

Wing = tuple[float, float, int, int]  # x and y of the upper left corner, bays, rise per bay


def flat_svg(lit: int, total: int, seed: str) -> Markup:
    """A flat with `lit` out of `total` of its windows lit, and at least one as soon as anybody joined."""
    chance = random.Random(seed)  # noqa: S311 (a drawing that is the same every time, no secret)
    wings = wings_of(chance.choice(BENDS))
    windows = [
        _window(wing, bay, floor) for wing in wings for bay in range(wing[2]) for floor in range(FLOORS)
    ]
    chance.shuffle(windows)
    on = _share(lit, total, len(windows))
    top = min(y + min(0, bays * rise) for _, y, bays, rise in wings)
    bottom = max(y + max(0, bays * rise) for _, y, bays, rise in wings) + WALL
    paths = [_path("roof", [_block(wing, -ROOF) for wing in wings])]
    for rise, name in SIDES.items():
        paths.append(_path(name, [_block(wing, WALL) for wing in wings if wing[3] == rise]))
    paths.append(_path("gallery", [_gallery(wing, floor) for wing in wings for floor in range(FLOORS)]))
    paths += [_path("off", windows[on:]), _path("on", windows[:on])]
    width = sum(bays for _, _, bays, _ in wings) * BAY
    return Markup(
        '<svg class="flat" viewBox="0 {} {} {}" aria-hidden="true" focusable="false">{}</svg>'
    ).format(top - ROOF, width, bottom - top + ROOF, Markup("").join(paths))


def _share(lit: int, total: int, windows: int) -> int:
    if lit <= 0 or total <= 0:
        return 0
    return max(1, min(windows, round(windows * lit / total)))


def wings_of(bend: tuple[tuple[int, int], ...]) -> list[Wing]:
    wings: list[Wing] = []
    x = y = 0
    for bays, rise in bend:
        wings.append((x, y, bays, rise))
        x += bays * BAY
        y += bays * rise
    return wings


def _block(wing: Wing, height: int) -> str:
    x, y, bays, rise = wing
    return f"M{x} {y}l{bays * BAY} {bays * rise}v{height}l{-bays * BAY} {-bays * rise}z"


def _gallery(wing: Wing, floor: int) -> str:
    x, y, bays, rise = wing
    return f"M{x} {y + 8.5 + 9 * floor}l{bays * BAY} {bays * rise}"


def _window(wing: Wing, bay: int, floor: int) -> str:
    x, y, _, rise = wing
    slope = rise / BAY
    left = x + bay * BAY + 1.6
    upper = y + (bay * BAY + 1.6) * slope + 2.5 + 9 * floor
    return f"M{left:.1f} {upper:.1f}l4.8 {4.8 * slope:.1f}v4.1l-4.8 {-4.8 * slope:.1f}z"


def _path(name: str, pieces: list[str]) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(name, "".join(pieces)) if pieces else Markup("")


def to_scan(text: str) -> Markup:
    """A QR code as a drawing in the page: black on white in every theme, else phones do not read it."""
    file = io.BytesIO()
    code = segno.make(text, micro=False, error="m")
    plain = {"xmldecl": False, "svgns": False, "svgclass": None, "lineclass": None, "omitsize": True}
    code.save(file, kind="svg", light="#fff", **plain)
    return Markup(file.getvalue().decode())  # noqa: S704 (drawn by us; of the text nothing is written in it)
