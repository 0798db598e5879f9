"""Reading the shipped files: neighbourhoods, places, streets and categories (data/README.md says whose)."""

import csv
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

Ring = list[list[float]]
SLIVER = 1e-8
"""In square degrees, here some 75 m²: borders that do not share every point leave less between them."""
Point = tuple[float, float]
FOLDER = Path(__file__).parent / "data"


def neighbourhoods() -> list[dict[str, Any]]:
    """Rows for Neighbourhood: wijken and buurten, then those that residents draw themselves."""
    features = json.loads((FOLDER / "neighbourhoods.geojson").read_text())["features"]
    official = [
        {**f["properties"], "covers": [f["properties"]["code"]], "outline": f["geometry"]} for f in features
    ]
    return official + [_own(row, official) for row in json.loads((FOLDER / "own.json").read_text())]


def _own(row: dict[str, Any], official: list[dict[str, Any]]) -> dict[str, Any]:
    parts = [n for n in official if n["code"] in row["covers"]]
    boxes = [n["bbox"] for n in parts]
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    rings = merged([ring for n in parts for ring in _outer(n["outline"])])
    return {
        "code": row["code"],
        "name": row["name"],
        "district": row["district"],
        "level": "own",
        "covers": row["covers"],
        "parent": None,
        "lat": (south + north) / 2,
        "lon": (west + east) / 2,
        "bbox": [west, south, east, north],
        "outline": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
    }


def _outer(outline: dict[str, Any]) -> list[Ring]:
    shape = outline["coordinates"]
    return [polygon[0] for polygon in (shape if outline["type"] == "MultiPolygon" else [shape])]


def merged(rings: Iterable[Ring]) -> list[Ring]:
    """The outside of areas that lie against each other: the sides that two of them share are left out."""
    sides: dict[frozenset[Point], tuple[Point, Point]] = {}
    for ring in rings:
        points = [(p[0], p[1]) for p in ring]
        for one, other in zip(points[-1:] + points[:-1], points, strict=True):
            if one != other and sides.pop(frozenset((one, other)), None) is None:
                sides[frozenset((one, other))] = one, other
    after = dict(sides.values())
    found: list[Ring] = []
    while after:
        first, point = after.popitem()
        line = [first, point]
        while point in after:
            point = after.pop(point)
            line.append(point)
        found.append([list(point) for point in line])
    return [ring for ring in found if _enclosed(ring) > SLIVER]


def _enclosed(ring: Ring) -> float:
    """How many square degrees (the shoelace formula)."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(one[0] * other[1] - other[0] * one[1] for one, other in sides)) / 2


def places() -> list[dict[str, Any]]:
    """Rows for Place that have a point."""
    with (FOLDER / "places.csv").open(newline="") as file:
        return [
            {
                "name": row["name"],
                "kind": row["kind"],
                "lat": float(row["lat"]),
                "lon": float(row["lon"]),
                "neighbourhood_code": row["neighbourhood"],
            }
            for row in csv.DictReader(file)
        ]


@cache
def buildings() -> dict[str, str]:
    """Name of a flat or a court -> the neighbourhood it stands in; they have no point."""
    with (FOLDER / "buildings.csv").open(newline="") as file:
        return {row["name"]: row["neighbourhood"] for row in csv.DictReader(file)}


def streets() -> list[str]:
    with (FOLDER / "streets.csv").open(newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def categories() -> list[dict[str, Any]]:
    """Rows for Category, in the order of the file."""
    mains = json.loads((FOLDER / "categories.json").read_text())
    pairs = [(main, sub) for main in mains for sub in main["subs"]]
    return [
        {
            "slug": sub["slug"],
            "main": main["slug"],
            "main_name_nl": main["name_nl"],
            "main_name_en": main["name_en"],
            "name_nl": sub["name_nl"],
            "name_en": sub["name_en"],
            "icon": main["icon"],
            "days": sub["days"],
            "calendar_days": sub["calendar_days"],
            "position": position,
        }
        for position, (main, sub) in enumerate(pairs)
    ]
