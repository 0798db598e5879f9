"""What a map shows: what lies under it, what it says, its drawing without script, and the list beside it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from portal.dossiers import cards
from portal.dossiers.drawing import under
from portal.dossiers.queries import Filter, Page
from portal.maps import queries
from portal.maps.forms import Window
from portal.maps.queries import MOST_BESIDE, Group
from portal.maps.texts import words
from portal.places import land
from portal.places.grid import Box, View
from portal.places.queries import area
from portal.web import maps
from portal.web.headers import pictures_from

FINE = 100_000
"""Degrees are sent as whole numbers of this part: about a metre."""
TITLE = 80
BESIDE = 10
"""Cards on one page of the list."""
AMSTERDAM = Box(4.73, 52.28, 5.08, 52.43)


@dataclass(frozen=True)
class Stage:
    """What a moving map needs beside the place where it begins."""

    tiles: str
    """Address of the pictures under it, as Leaflet writes it; empty: outlines and names of our own."""
    credit: str
    words: dict[str, object]


def stage() -> Stage:
    """For this one answer: its policy lets the map fetch its tiles."""
    tiles = current_app.config["MAP_TILES"]
    pictures_from(tiles)
    return Stage(tiles, current_app.config["MAP_CREDIT"], words())


def begin(given: Filter) -> Box:
    """Where a map begins when no address says it: the neighbourhood that is chosen, or our own."""
    found = area(given.neighbourhood) or area(current_app.config["NEIGHBOURHOOD"])
    return Box(*found.bbox) if found else AMSTERDAM


# What lies under it


def packed(line: land.Line) -> list[int]:
    """Latitude and longitude of the first point, then what each next one adds to the one before it."""
    found, before = [], (0, 0)
    for lon, lat in line:
        here = round(lat * FINE), round(lon * FINE)
        found += [here[0] - before[0], here[1] - before[1]]
        before = here
    return found


@lru_cache(maxsize=256)
def _under(view: View, database: str) -> str:
    """Outlines and names, as small numbers: they travel light. Each part of the map once per process."""
    outlines = land.outlines(view.box, view.zoom)
    areas = [{"own": o.area.level == "own", "lines": [packed(line) for line in o.lines]} for o in outlines]
    names = [[n.lat, n.lon, n.name, int(n.is_area)] for n in land.labels(view.box, view.zoom)]
    return as_json({"areas": areas, "names": names})


def land_of(view: View) -> str:
    return _under(view, current_app.config["SQLALCHEMY_DATABASE_URI"])


def as_json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


# What stands on it


def data(given: Filter, groups: Sequence[Group]) -> dict[str, Any]:
    """For the map that moves; with the box of the neighbourhood that was chosen, to go there."""
    chosen = area(given.neighbourhood)
    return {
        "fit": chosen and chosen.bbox,
        "groups": [
            [round(g.lat, 6), round(g.lon, 6), g.number, [_told(pin) for pin in g.pins]] for g in groups
        ],
    }


def _told(pin: queries.Pin) -> list[Any]:
    title = pin.title if len(pin.title) <= TITLE else pin.title[: TITLE - 1] + "…"
    return [pin.ref, pin.kind, pin.state, title, pin.language, pin.supporters]


@dataclass(frozen=True)
class Beside:
    """The list beside the map: one page of what can be seen on it."""

    page: Page
    cards: list[cards.Card]
    given: dict[str, str]
    """The filter, as it stands in an address."""
    here: dict[str, str]
    """The part of the map, as it stands in an address."""

    @property
    def number(self) -> int:
        return self.page.number

    @property
    def many(self) -> bool:
        """More than are counted."""
        return self.page.total > MOST_BESIDE

    @property
    def has_previous(self) -> bool:
        return self.page.has_previous

    @property
    def has_next(self) -> bool:
        return self.page.has_next

    @property
    def all_url(self) -> str:
        return url_for("dossiers.index", **self.given)  # type: ignore[arg-type]

    def url_for(self, number: int) -> str:
        more = {"page": number} if number > 1 else {}
        return url_for("maps.index", **self.given, **self.here, **more)  # type: ignore[arg-type]


def in_address(given: Filter) -> dict[str, str]:
    """The filter as parameters, the same as those of the list of dossiers."""
    named = {("q" if name == "words" else name): value for name, value in asdict(given).items()}
    return {name: value for name, value in named.items() if value}


def beside(given: Filter, window: Window, box: Box | None, number: int) -> Beside:
    """What is seen in `box`, where a moving map says what that is, or in the drawing."""
    found = queries.beside(given, box or window.box, number, size=BESIDE)
    shown = [cards.card(row, row.supporters) for row in found.items]
    return Beside(found, shown, in_address(given), window.address)


# Its drawing, for who has no script


@dataclass(frozen=True)
class Key:
    """What stands at one numbered pin: some dossiers, or how many there are and where to look nearer."""

    pins: Sequence[queries.Pin]
    number: int
    url: str


@dataclass(frozen=True)
class Drawing:
    svg: Markup
    keys: list[Key]
    moves: dict[str, str]
    """Where to go on: beside it, nearer and farther."""


def drawing(given: Filter, window: Window) -> Drawing:
    """The same as the moving map shows, with numbers that the keys below it explain."""
    box = window.box
    groups = [g for g in queries.groups(given, window.view) if box.holds(g.lat, g.lon)]
    scale = maps.seen(window.lat, window.lon, window.zoom, window.width, window.height)
    marks = [(g.lat, g.lon, str(number)) for number, g in enumerate(groups, 1)]
    svg = maps.picture(scale, under(window.box, window.zoom), marks)
    filters = in_address(given)

    def to(there: Window) -> str:
        return url_for("maps.index", **filters, **there.address)  # type: ignore[arg-type]

    nearer = (Window(g.lat, g.lon, window.zoom).moved(nearer=2) for g in groups)
    keys = [Key(g.pins, g.number, to(there)) for g, there in zip(groups, nearer, strict=True)]
    sides = {"north": (0, 0.5), "south": (0, -0.5), "west": (-0.5, 0), "east": (0.5, 0)}
    moves = {name: to(window.moved(*side)) for name, side in sides.items()}
    moves |= {name: to(window.moved(nearer=by)) for name, by in (("nearer", 1), ("farther", -1))}
    return Drawing(svg, keys, moves)
