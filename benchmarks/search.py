"""Searching among 1,000 to 1,000,000 dossiers: `python -m benchmarks.search`, a part of docs/performance.md.

Their words are as unevenly spread as those of a language: the commonest stands in every fourth dossier, most
of the thirty thousand in a few. Some can still be supported, some not; half of them lie in one neighbourhood.
There are twenty thousand different texts; beyond a hundred thousand dossiers they are copies of the first,
made by the database itself. Each question is asked once.
"""

import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import datetime, timedelta
from itertools import accumulate, count, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
from flask import Flask

from benchmarks import sections
from portal import create_app
from portal.dossiers.models import Category, Dossier, Kind, State
from portal.dossiers.queries import Filter
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.places.queries import areas
from portal.similar import commands, meaning, rows
from portal.similar.models import FACT, Indexed
from portal.similar.queries import candidates, search
from portal.similar.words import things
from tests import databases
from tests.cluster import Cluster, binaries

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,100000,1000000").split(",")]
BATCH, QUESTIONS, SEED, TAKEN_IN, MEANT = 5_000, 200, 1, 2_000, 200
VOCABULARY, TEXTS, MADE = 30_000, 20_000, 100_000
TITLE = "Searching among 1,000, 100,000 and 1,000,000 dossiers"
STATES = [*[State.SOLVED] * 4, State.ANSWERED, State.DONE, State.OPEN, State.OPEN, State.GATHERING]
PARTS = [
    "ba",
    "be",
    "bo",
    "dij",
    "fa",
    "hoe",
    "ka",
    "kij",
    "kla",
    "lo",
    "mee",
    "noo",
    "pa",
    "ree",
    "sta",
    "tui",
    "va",
]
ENDS = ["k", "l", "m", "n", "p", "r", "s", "t", "nd", "ng", "rk", "st"]


class Makes:
    """Dossiers and questions: the same ones every time."""

    def __init__(self, categories: list[Any]) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 (no secret)
        self.words = self._words()
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        parts = [area for area in areas() if area.level == "buurt"]
        self.areas = [parts, [area for area in parts if area.code.startswith(("TH", "TG03"))]]
        self.categories = categories
        self.begun = now()
        self.texts_of = [(self.said(5), self.said(self.chance.randint(5, 50))) for _ in range(TEXTS)]
        self.numbers = count(1)
        self.known: dict[Any, dict[str, Any]] = {}

    def _words(self) -> list[str]:
        real = [call for calls in things().values() for call in calls if " " not in call]
        self.chance.shuffle(real)
        made = dict.fromkeys(real)
        while len(made) < VOCABULARY:
            syllables = self.chance.choices(PARTS, k=self.chance.choice([2, 2, 3, 4]))
            made["".join(syllables) + self.chance.choice(ENDS)] = None
        return list(made)

    def said(self, number: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=number))

    def point(self, area: Any) -> tuple[float, float]:
        west, south, east, north = area.bbox
        return self.chance.uniform(south, north), self.chance.uniform(west, east)

    def dossiers(self) -> Iterator[dict[str, Any]]:
        for number in self.numbers:
            area = self.chance.choice(self.areas[number % 2])
            lat, lon = self.point(area)
            title, body = self.texts_of[self.chance.randrange(TEXTS)]
            yield {
                "id": number,
                "ref": f"K-{1000 + number}",
                "kind": self.chance.choices(list(Kind), [8, 1, 1])[0],
                "state": self.chance.choice(STATES),
                "title": title,
                "body": body,
                "language": "nl",
                "category_slug": self.chance.choice(self.categories).slug,
                "place_name": area.name,
                "lat": lat,
                "lon": lon,
                "neighbourhood_code": area.code,
                "opened_at": self.begun - timedelta(days=2000) + timedelta(minutes=2 * number),
            }

    def questions(self) -> Iterator[Filter]:
        """As people ask: one to three words, some with an error, half typed, narrowed, or with a place."""
        for number in count():
            words = self.said(1 + number % 3)
            if number % 10 == 3:
                words = words[:3] + words[4:]
            if number % 10 == 7:
                words = words[: max(4, len(words) - 2)]
            given = Filter(words=words, neighbourhood="K" if number % 5 == 2 else "")
            yield given if number % 10 != 9 else Filter(words="prullenbakken Bijlmer", kind="issue")

    def texts(self) -> Iterator[tuple[str, tuple[float, float]]]:
        """What somebody types who reports something."""
        while True:
            yield self.said(self.chance.randint(4, 25)), self.point(self.chance.choice(self.areas[1]))


def grow(makes: Makes, size: int) -> None:
    """More dossiers, with their rows in the index, past the commands: until there are so many."""
    named, known = {c.slug: c for c in makes.categories}, makes.known
    there = db.session.scalar(db.select(db.func.count(Dossier.id))) or 0
    coming = islice(makes.dossiers(), max(0, min(size, MADE) - there))
    on_postgresql = db.engine.dialect.name == "postgresql"
    if on_postgresql:  # made at once it takes a tenth of the time
        db.session.execute(db.text("DROP INDEX similar_text_lexemes"))
        db.session.commit()
    while some := list(islice(coming, BATCH)):
        with transaction():
            db.session.execute(db.insert(Dossier), some)
            db.session.execute(db.insert(Indexed), [_row(given, known, named) for given in some])
    copy(size)
    if on_postgresql:
        made = "CREATE INDEX similar_text_lexemes ON similar_text USING gin (lexemes) WITH (fastupdate = off)"
        db.session.execute(db.text(made))
    with transaction():
        commands.recount(SYSTEM, None, shown={})
    while commands.tidy(SYSTEM, None):  # as the worker does every hour
        pass
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(db.text("ANALYZE"))


def copy(size: int) -> None:
    """As many more as are missing, of the first ones, opened in the same minutes: the database does it."""
    while (there := db.session.scalar(db.select(db.func.max(Dossier.id))) or 0) < size:
        new = {"by": there, "to": size - there}
        kept = [c for c in Dossier.__table__.c.keys() if c not in {"id", "ref"}]  # noqa: SIM118 (a collection)
        number = "CAST(1000 + id + :by AS text)"
        columns = ", ".join(kept)
        dossiers = f"INSERT INTO dossiers (id, ref, {columns}) SELECT id + :by, 'K-' || {number}, {columns}"
        words = "INSERT INTO similar_dossiers (moment, dossier_id, language, title, body, about, marks)"
        words += " SELECT moment + :by, dossier_id + :by, language, title, body, about, marks"
        with transaction():
            db.session.execute(db.text(f"{dossiers} FROM dossiers WHERE id <= :to"), new)
            db.session.execute(db.text(f"{words} FROM similar_dossiers WHERE dossier_id <= :to"), new)


def _row(given: dict[str, Any], known: dict[Any, dict[str, Any]], named: dict[str, Any]) -> dict[str, Any]:
    """Its row in the index; of the same words under the same category only the facts are others."""
    category = named[given["category_slug"]]
    names = ("main", "name_nl", "name_en", "main_name_nl", "main_name_en")
    whole = SimpleNamespace(**given, forgotten_at=None, **{n: getattr(category, n) for n in names})
    key = given["title"], given["body"]
    if key not in known:
        known[key] = rows.said(whole).row
        marks = known[key]["marks"].split()
        known[key]["marks"] = " ".join(mark for mark in marks if not mark.startswith(FACT))
    row = known[key]
    marks = " ".join([row["marks"], *rows.facts(whole)])
    moment = rows.moment(given["opened_at"], given["id"])
    return row | {"moment": moment, "dossier_id": given["id"], "marks": marks}


def measured(app: Flask, makes: Makes) -> dict[str, tuple[float, float, float]]:
    """What is asked -> what it takes."""
    client = app.test_client()
    questions, texts = makes.questions(), makes.texts()

    def fragment() -> None:
        asked = next(questions)
        query = {"q": asked.words, "neighbourhood": asked.neighbourhood, "kind": asked.kind}
        known = {"HX-Request-Type": "partial", "HX-Target": "section#roundabout-found"}
        answer = Context().run(lambda: client.get("/search", query_string=query, headers=known))
        if answer.status_code != 200:
            raise RuntimeError(answer.text)

    def alike() -> None:
        text, point = next(texts)
        candidates(text, point)

    asked = {"search": lambda: search(next(questions)), "candidates": alike, "results as one types": fragment}
    return {name: _timed(ask) for name, ask in asked.items()}


def _timed(ask: Callable[[], object]) -> tuple[float, float, float]:
    """Median and 95th percentile by the clock, and what the processor worked for one of them, all in ms."""
    for _ in range(10):
        ask()
        db.session.rollback()
    took, used = [], _worked()
    for _ in range(QUESTIONS):
        begun = time.perf_counter()
        ask()
        db.session.rollback()
        took.append((time.perf_counter() - begun) * 1000)
    each = (_worked() - used) * 1000 / QUESTIONS
    return statistics.median(took), statistics.quantiles(took, n=20)[-1], each


def _worked() -> float:
    """Processor seconds of this process, and of the PostgreSQL that answers it."""
    if db.engine.dialect.name != "postgresql":
        return time.process_time()
    server = psutil.Process(db.session.scalar(db.text("SELECT pg_backend_pid()"))).cpu_times()
    return time.process_time() + server.user + server.system


def taken_in(makes: Makes) -> float:
    """New dossiers a second that the index takes in, from their rows, and that the worker counts."""
    there = db.session.scalar(db.select(db.func.max(Dossier.id))) or 0
    makes.numbers = count(there + 1)  # past those that the database copied
    new = list(islice(makes.dossiers(), TAKEN_IN))
    with transaction():
        db.session.execute(db.insert(Dossier), new)
    begun = time.perf_counter()
    with transaction():
        commands.catch_up([given["id"] for given in new])
    while commands.count(SYSTEM, None):
        pass
    return TAKEN_IN / (time.perf_counter() - begun)


def meant() -> float:
    """How many of those just taken in a worker reads a second for what they mean, of its processor time."""
    read, used = 0, time.process_time()
    while read < MEANT and (some := commands.work_out()):
        read += some
    return read / (time.process_time() - used)


def size_of_index() -> float:
    """In MB, all its tables and what the database makes of them."""
    if db.engine.dialect.name == "postgresql":
        tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'similar%'"
        names = db.session.scalars(db.text(tables)).all()
        sizes = (f"SELECT pg_total_relation_size('{name}')" for name in names)
        return sum(db.session.scalar(db.text(size)) or 0 for size in sizes) / 1e6
    sizes = [
        "SELECT sum(length(block)) FROM similar_text_data",
        "SELECT sum(length(sz) + 12) FROM similar_text_docsize",
        "SELECT sum(length(title || body || about || marks) + 30) FROM similar_dossiers",
        "SELECT sum(2 * length(stem) + length(shown) + 20) FROM similar_words",
        'SELECT sum(2 * (length("left") + length(stem)) + 20) FROM similar_spellings',
    ]
    return sum(db.session.scalar(db.text(size)) or 0 for size in sizes) / 1e6


def with_database(url: str, data: Path) -> dict[int, dict[str, Any]]:
    """Size -> what was measured with so many."""
    settings = {"DATA_DIR": str(data), "DATABASE_URL": url, "SECRET_KEY": "bench", "LOCALES": ["en", "nl"]}
    app = create_app(**settings)
    databases.fill(app)
    found: dict[int, dict[str, Any]] = {}
    with app.app_context():
        makes = Makes(list(db.session.scalars(db.select(Category))))
        db.session.expunge_all()
        for size in SIZES:
            grow(makes, size)
            found[size] = {"times": measured(app, makes), "megabytes": size_of_index()}
            sys.stderr.write(f"{datetime.now():%H:%M} {url[:10] or 'sqlite'} {size}: {found[size]}\n")  # noqa: DTZ005
        found[SIZES[-1]]["taken in"] = taken_in(makes)
        found[SIZES[-1]]["meant"] = meant() if meaning.available() else None
        found[SIZES[-1]]["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        db.session.remove()
        db.engine.dispose()
    return found


def table(results: dict[str, dict[int, dict[str, Any]]]) -> Iterator[str]:
    yield f"| what | {' | '.join(f'{name}, {size:,}' for name in results for size in SIZES)} | growth |"
    yield "| --- |" + " ---: |" * (len(results) * len(SIZES)) + " --- |"
    for what in next(iter(results.values()))[SIZES[0]]["times"]:
        cells, grown = [], []
        for found in results.values():
            times = [found[size]["times"][what] for size in SIZES]
            cells += [f"{middle:.0f} ({late:.0f}; {worked:.0f})" for middle, late, worked in times]
            grown.append(f"{times[-1][0] / times[0][0]:.1f}")
        yield f"| {what} | {' | '.join(cells)} | {' and '.join(grown)} |"
    sizes = [f"{found[size]['megabytes']:.0f}" for found in results.values() for size in SIZES]
    yield f"| size of the index, MB | {' | '.join(sizes)} | |"


def main() -> None:
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("BENCH_FOLDER")))
    wanted = os.environ.get("BENCH_DATABASES", "SQLite,PostgreSQL").split(",")
    results: dict[str, dict[int, dict[str, Any]]] = {}
    try:
        if "SQLite" in wanted:
            results["SQLite"] = Context().run(with_database, "", folder / "sqlite-data")
        if "PostgreSQL" in wanted and binaries() is not None:
            server = Cluster(folder)
            server.start(durable=True)
            try:
                server.do("CREATE DATABASE bench")
                results["PostgreSQL"] = Context().run(with_database, server.url("bench"), folder / "data")
            finally:
                server.stop()
        about = (
            f"{QUESTIONS} different questions each, one at a time: the median in ms, in brackets the 95th\n"
            "of a hundred and how long the processor worked for one, that of PostgreSQL included.\n"
            f"{os.getloadavg()[0]:.0f} processes wanted one of {os.cpu_count()} cores when it ended."
        )
        more = [
            f"{name}, {SIZES[-1]:,}: {found[SIZES[-1]]['taken in']:.0f} new dossiers a second are taken in"
            f" and counted; the process needed {found[SIZES[-1]]['memory']:.0f} MB at most."
            for name, found in results.items()
        ]
        more += [
            f"{name}: with the extra `portal[meaning]` a worker besides finds out what they mean: of"
            f" {found[SIZES[-1]]['meant']:.0f} in a second of one core."
            for name, found in results.items()
            if found[SIZES[-1]]["meant"]
        ]
        sections.write(TITLE, "\n".join([about, "", *table(results), "", *more]))
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(sections.kept(TITLE) + "\n")


if __name__ == "__main__":
    main()
