"""The data of the map with 100,000 open dossiers: `python -m benchmarks.maps`, a part of docs/performance.md.

Half of them lie all over the city, half in one neighbourhood; each gets a place, a category and supporters.
Every request is a new one for the server: nothing of the map is kept between two of them.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextvars import Context
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks import sections
from benchmarks.servers import fetch, running
from portal import create_app
from portal.dossiers.models import Category, Dossier, Kind, Signature, SignatureState, State
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.maps.commands import count
from portal.places.queries import areas
from portal.similar.commands import rebuild
from tests import databases
from tests.cluster import Cluster, binaries

MANY, BATCH, TIMES, SEED = 100_000, 5_000, 15, 1
TITLE = "The map's data with 100,000 open dossiers"
WORDS = [
    "lamp",
    "tegel",
    "bak",
    "bank",
    "boom",
    "plas",
    "licht",
    "lift",
    "trap",
    "deur",
    "fiets",
    "glas",
    "hond",
]
HERE = (52.3145, 4.9785)
VIEWS = {
    "the city, zoom 11": (52.3600, 4.9000, 11, 1280, 900, ""),
    "the city, one kind": (52.3600, 4.9000, 11, 1280, 900, "&kind=issue"),
    "the city, a category": (52.3600, 4.9000, 11, 1280, 900, "&category=afval"),
    "the city, a word": (52.3600, 4.9000, 11, 1280, 900, "&q=lamp"),
    "the district, zoom 13": (*HERE, 13, 1280, 900, ""),
    "the neighbourhood, zoom 15": (*HERE, 15, 1280, 900, ""),
    "the neighbourhood, filtered by it": (*HERE, 14, 1280, 900, "&neighbourhood=K"),
    "a block, zoom 17": (*HERE, 17, 1280, 900, ""),
    "a corner, zoom 19": (*HERE, 19, 1280, 900, ""),
    "a corner, on a phone": (*HERE, 19, 390, 520, ""),
}


def rows(categories: list[str], many: int = MANY) -> Any:
    """Dossiers as columns: the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    parts = [area for area in areas() if area.level == "buurt"]
    dense = [area for area in parts if area.code.startswith(("TH", "TG03"))]
    for number in range(many):
        area = chance.choice(dense if number % 2 else parts)
        west, south, east, north = area.bbox
        title = " ".join(chance.choices(WORDS, k=6)).capitalize()
        yield {
            "ref": f"K-{1001 + number}",
            "kind": chance.choices(list(Kind), [8, 1, 1])[0],
            "state": chance.choice([State.OPEN, State.GATHERING, State.HANDED_OVER]),
            "title": title,
            "body": f"{title}. " * 8,
            "category_slug": chance.choice(categories),
            "place_name": area.name,
            "lat": chance.uniform(south, north),
            "lon": chance.uniform(west, east),
            "neighbourhood_code": area.code,
            "opened_at": now() - timedelta(minutes=number),
        }


def fill(url: str, data: Path) -> None:
    app = create_app(DATA_DIR=str(data), DATABASE_URL=url, SECRET_KEY="bench")  # noqa: S106 (of this run)
    databases.fill(app)
    with app.app_context():
        slugs = list(db.session.scalars(db.select(Category.slug)))
        for some in batched_rows(rows(slugs)):
            db.session.execute(db.insert(Dossier), some)
        known = {"state": SignatureState.ANONYMISED, "signed_at": now(), "joins_bundle": False}
        ids = list(db.session.scalars(db.select(Dossier.id)))
        for some in batched_rows({"dossier_id": number, **known} for number in ids):
            db.session.execute(db.insert(Signature), some)
        db.session.commit()
        rebuild()
        add_up()
        if url:
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))  # what autovacuum does by itself
        db.session.remove()
        db.engine.dispose()


def add_up() -> None:
    """What the worker does for the map."""
    while count(SYSTEM, None):
        pass


def batched_rows(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        yield some


def view(lat: float, lon: float, zoom: int, width: int, height: int, more: str) -> str:
    wide, high = width / 256 * 360 / 2**zoom / 2, height / 256 * 220 / 2**zoom / 2
    sides = (lon - wide, lat - high, lon + wide, lat + high)
    return f"/map.json?bbox={','.join(f'{side:.5f}' for side in sides)}&zoom={zoom}{more}"


def measure(url: str, data: Path, log: Path) -> dict[str, tuple[float, float, int, int]]:
    """Of each view: the median and the shortest of some requests in ms, bytes as JSON and as they travel."""
    environment = {"PORTAL_DATA_DIR": str(data), "PORTAL_DATABASE_URL": url}
    found = {}
    with running("wsgi:app", environment, log, workers=1) as address:
        for name, given in VIEWS.items():
            path = address + view(*given)
            fetch(path)
            took = [_timed(path) for _ in range(TIMES)]
            sizes = len(fetch(path)), len(fetch(path, packed=True))
            found[name] = statistics.median(took), min(took), *sizes
    return found


def _timed(path: str) -> float:
    started = time.perf_counter()
    fetch(path)
    return (time.perf_counter() - started) * 1000


def measured(folder: Path) -> list[str]:
    """The rows of the table."""
    results = {"SQLite": _with(folder, "")}
    if binaries() is not None:
        server = Cluster(folder)
        server.start()
        try:
            server.do("CREATE DATABASE bench")
            results["PostgreSQL"] = _with(folder, server.url("bench"))
        finally:
            server.stop()
    head = "".join(f" {name}, ms (shortest) |" for name in results)
    table = [f"| view |{head} bytes | as it travels |", f"| --- |{' --- |' * len(results)} --- | --- |"]
    for name in VIEWS:
        times = "".join(f" {found[name][0]:.0f} ({found[name][1]:.0f}) |" for found in results.values())
        _, _, whole, packed = results["SQLite"][name]
        table.append(f"| {name} |{times} {whole} | {packed} |")
    return table


def _with(folder: Path, url: str) -> dict[str, tuple[float, float, int, int]]:
    data = folder / ("postgresql-data" if url else "sqlite-data")
    Context().run(fill, url, data)
    return measure(url, data, folder / "map.log")


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    busy = f"{os.getloadavg()[0]:.0f} processes wanted one of {os.cpu_count()} cores when it began."
    try:
        about = f"One visitor at a time, {TIMES} requests of `/map.json` each: the median, and the shortest."
        sections.write(TITLE, f"{about}\n{busy}\n\n" + "\n".join(measured(folder)))
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(sections.kept(TITLE) + "\n")


if __name__ == "__main__":
    main()
