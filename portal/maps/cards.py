"""What a map shows: what lies under it, what it says, and where its pictures come from."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app

from portal.maps.texts import words
from portal.places import land
from portal.places.grid import View
from portal.web.headers import pictures_from

FINE = 100_000
"""Degrees are sent as whole numbers of this part: about a metre."""


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


def packed(line: land.Line) -> list[int]:
    """Latitude and longitude of the first point, then what each next one adds to the one before it."""
    found, before = [], (0, 0)
    for lon, lat in line:
        here = round(lat * FINE), round(lon * FINE)
        found += [here[0] - before[0], here[1] - before[1]]
        before = here
    return found


def under(view: View) -> dict[str, Any]:
    """Outlines and names in this view, as small numbers: they travel light."""
    box = view.box
    return {
        "areas": [
            {
                "own": outline.area.level == "own",
                "lines": [packed(line) for line in outline.lines],
            }
            for outline in land.outlines(box, view.zoom)
        ],
        "names": [[n.lat, n.lon, n.name, int(n.is_area)] for n in land.labels(box, view.zoom)],
    }


@lru_cache(maxsize=256)
def _under(view: View, database: str) -> str:
    return plain(under(view))


def under_as_text(view: View) -> str:
    """The same as JSON; of each part of the map once per process."""
    return _under(view, current_app.config["SQLALCHEMY_DATABASE_URI"])


def plain(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
