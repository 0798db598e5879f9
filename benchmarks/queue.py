"""The queue of an authority with 10,000 and 100,000 open dossiers: `python -m benchmarks.queue`.

A part of docs/performance.md. Pages are asked of the application itself, by an official who is signed in:
what is measured is all that the portal does for them, without a network.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from benchmarks import sections
from benchmarks.maps import WORDS, batched_rows
from portal import create_app
from portal.dossiers.models import Addressee, AddresseeState, Category, Dossier, Kind, State
from portal.kernel.clock import now, today
from portal.kernel.db import db
from portal.places.queries import areas
from portal.similar.commands import rebuild
from portal.staff.listeners import catch_up
from portal.staff.models import Case
from tests import databases
from tests.cluster import Cluster, binaries
from tests.factories import a_session, an_organisation
from tests.staff.making import a_colleague, a_team
from tests.statements import sent

SIZES, TIMES, SEED = (10_000, 100_000), 9, 1
RARE = "narcis"
"""A word of one dossier in a thousand."""
TITLE = "The queue of one authority with 10,000 and 100,000 open dossiers"
PAGES = {
    "waiting": "/staff",
    "waiting, page 400": "/staff?page=400",
    "overdue": "/staff?show=late",
    "due this week": "/staff?show=due",
    "new": "/staff?show=new",
    "mine": "/staff?show=mine",
    "all": "/staff?show=all",
    "the last handed over first": "/staff?sort=newest",
    "a kind": "/staff?kind=petition",
    "a category": "/staff?category=afvalbakken",
    "a neighbourhood": "/staff?neighbourhood=K",
    "nobody's": "/staff?whose=nobody",
    "a word that many have": "/staff?q=lamp",
    "a word that few have": f"/staff?q={RARE}",
    "one dossier beside it": "/staff/{ref}",
    "workload and flow": "/authorities/{key}/flow",
}


def rows(many: int, first: int, categories: list[str]) -> Iterator[dict[str, Any]]:
    """Dossiers as columns: the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    parts = [area.code for area in areas() if area.level == "buurt"]
    for number in range(many):
        said = chance.choices(WORDS, k=6) + ([RARE] if number % 1000 == 7 else [])
        title = " ".join(said).capitalize()
        yield {
            "id": first + number,
            "ref": f"K-{1000 + first + number}",
            "kind": chance.choices(list(Kind), [8, 1, 1])[0],
            "state": State.HANDED_OVER,
            "title": title,
            "body": f"{title}. " * 8,
            "category_slug": chance.choice(categories),
            "place_name": "",
            "neighbourhood_code": chance.choice(parts),
            "opened_at": now() - timedelta(minutes=number),
        }


def asked(many: int, first: int, organisation_id: int) -> Iterator[dict[str, Any]]:
    """Each was handed over within the last year: a tenth of them waits for too long."""
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    for number in range(many):
        came = today() - timedelta(days=chance.randrange(365))
        due = today() + timedelta(days=chance.randrange(-30, 270))
        known = {"state": AddresseeState.WAITING, "handed_over_on": came, "due_on": due, "term": {}}
        yield {"dossier_id": first + number, "organisation_id": organisation_id, **known}


@dataclass(frozen=True)
class Taken:
    """Milliseconds by the clock, at best, and of the processor; and queries."""

    median: float
    shortest: float
    processor: float
    queries: int

    def __str__(self) -> str:
        return f"{self.median:.0f} ({self.shortest:.0f}; {self.processor:.0f})"


class Bench:
    """An authority with so many open dossiers, and an official of it."""

    def __init__(self, app: Flask, many: int) -> None:
        from_before = db.session.scalar(db.select(db.func.max(Dossier.id))) or 0
        self.authority = an_organisation(name=f"An authority with {many}")
        self.official = a_colleague(self.authority)
        team = a_team(self.official.person, self.authority, self.official)
        slugs = list(db.session.scalars(db.select(Category.slug)))
        for some in batched_rows(rows(many, from_before + 1, slugs)):
            db.session.execute(db.insert(Dossier), some)
        for some in batched_rows(asked(many, from_before + 1, self.authority.id)):
            db.session.execute(db.insert(Addressee), some)
        catch_up(db.session.connection())
        mine = db.update(Case).where(Case.organisation_id == self.authority.id)
        db.session.execute(mine.where(Case.dossier_id % 50 == 0).values(membership_id=self.official.id))
        db.session.execute(mine.where(Case.dossier_id % 3 == 0).values(team_id=team.id))
        rest = mine.where(Case.membership_id.is_(None), Case.team_id.is_(None), Case.dossier_id % 1000 != 1)
        db.session.execute(rest.values(membership_id=a_colleague(self.authority).id))
        db.session.execute(mine.where(Case.dossier_id % 5 != 0).values(touched=True))
        db.session.commit()
        rebuild()
        self.known = {"ref": f"K-{1001 + from_before + many // 2}", "key": self.authority.key}
        self.client = app.test_client()
        token = a_session(self.official.person)
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True

    def measured(self) -> dict[str, Taken]:
        return {name: self._measured(path.format(**self.known)) for name, path in PAGES.items()}

    def _measured(self, path: str) -> Taken:
        with sent() as statements:
            self._get(path)
        found = [self._get(path) for _ in range(TIMES)]
        walls, processors = zip(*found, strict=True)
        return Taken(statistics.median(walls), min(walls), statistics.median(processors), len(statements))

    def _get(self, path: str) -> tuple[float, float]:
        started, worked = time.perf_counter(), time.thread_time()
        answer = Context().run(self.client.get, path)
        took, work = time.perf_counter() - started, time.thread_time() - worked
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return took * 1000, work * 1000


def fill_and_measure(url: str, data: Path) -> dict[int, dict[str, Taken]]:
    app = create_app(DATA_DIR=str(data), DATABASE_URL=url, SECRET_KEY="bench")  # noqa: S106 (of this run)
    databases.fill(app)
    found = {}
    with app.app_context():
        for many in SIZES:
            bench = Bench(app, many)
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE" if url else "ANALYZE"))
            found[many] = bench.measured()
        db.session.remove()
        db.engine.dispose()
    return found


def table(results: dict[str, dict[int, dict[str, Taken]]]) -> list[str]:
    heads = [f"{name}, {many:,}" for name in results for many in SIZES]
    lines = [f"| page | queries | {' | '.join(f'{head}: ms' for head in heads)} |"]
    lines.append(f"| --- | --- |{' ---: |' * len(heads)}")
    for name in PAGES:
        found = [results[database][many][name] for database in results for many in SIZES]
        queries = sorted({one.queries for one in found})
        lines.append(f"| {name} | {'–'.join(map(str, queries))} | {' | '.join(map(str, found))} |")
    return lines


def measured(folder: Path) -> list[str]:
    """The rows of the table."""
    results = {"SQLite": Context().run(fill_and_measure, "", folder / "sqlite")}
    if binaries() is not None:
        server = Cluster(folder)
        server.start()
        try:
            server.do("CREATE DATABASE bench")
            results["PostgreSQL"] = Context().run(fill_and_measure, server.url("bench"), folder / "data")
        finally:
            server.stop()
    return table(results)


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    busy = f"{os.getloadavg()[0]:.0f} processes wanted one of {os.cpu_count()} cores when it began."
    try:
        about = f"Whole pages for an official who is signed in, {TIMES} times each: the median in ms, in\n"
        about += (
            "brackets the shortest and what the processor worked for it (the share of a PostgreSQL server\n"
        )
        about += "not counted). Wanted at 10,000: 150 ms. Beyond 1000 nothing is counted on (`1000+`).\n"
        sections.write(TITLE, f"{about}{busy}\n\n" + "\n".join(measured(folder)))
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(sections.kept(TITLE) + "\n")


if __name__ == "__main__":
    main()
