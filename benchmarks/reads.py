"""Reading among 10,000 dossiers: `python -m benchmarks.reads`, a part of docs/performance.md.

Each page against a bare one: the list and a dossier, made anew each time, against a route that reads 25 rows
of the same table through one template; the petition's page that everybody gets, and word that a browser
has it, against a static page of its size. Alternately, under the same server, in the same database. Then how
long list, dossier and map take among 1,000 and among 1,000,000 (BENCH_SIZES), what a worker takes of memory,
and how long it takes to be ready.
"""

import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import psutil
from sqlalchemy import text

from benchmarks import sections
from benchmarks.load import press
from benchmarks.maps import add_up, batched_rows, rows, view
from benchmarks.servers import fetch, running, serving
from benchmarks.signing import databases
from portal import create_app
from portal.dossiers.models import Category, Dossier
from portal.kernel.db import db
from tests.databases import fill
from tests.factories import a_petition, a_signature, an_issue

TITLE = "Reading among 10,000 dossiers"
MANY, SIGNED = 10_000, 30
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,1000000").split(",")]
ROUNDS, SECONDS, LOOKS = int(os.environ.get("BENCH_ROUNDS", "5")), 3.0, 60
SECRET = "for the benchmark"  # noqa: S105 (nothing is kept under it)
HEAD = "| database | page | against | /s | bare, /s | ratio | processor, ms | bare, ms | ratio |"
MAP = view(52.3145, 4.9785, 15, 1280, 900, "")


@dataclass(frozen=True)
class Filled:
    url: str
    data: Path
    issue: str
    petition: str

    def environment(self, held: int) -> dict[str, str]:
        named = {"DATA_DIR": str(self.data), "DATABASE_URL": self.url, "SECRET_KEY": SECRET}
        return {f"PORTAL_{name}": value for name, value in named.items()} | {"PORTAL_HELD_BYTES": str(held)}


def prepare(url: str, data: Path, many: int) -> Filled:
    """So many dossiers; of one report and one petition all that a page shows."""

    def run() -> Filled:
        app = create_app(DATA_DIR=str(data), DATABASE_URL=url, SECRET_KEY=SECRET)
        fill(app)
        with app.app_context():
            slugs = list(db.session.scalars(db.select(Category.slug)))
            for some in batched_rows({**row, "ref": f"K-9{n:07}"} for n, row in enumerate(rows(slugs, many))):
                db.session.execute(db.insert(Dossier), some)
            db.session.commit()
            issue, petition = an_issue(), a_petition(state="handed_over")
            for number in range(SIGNED):
                a_signature(petition, shown=number % 3 == 0)
                a_signature(issue, shown=number % 3 == 0)
            refs = str(issue.ref), str(petition.ref)
            add_up()
            db.session.remove()
            if url.startswith("postgresql"):
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("VACUUM ANALYZE"))  # what autovacuum does by itself
            db.engine.dispose()
        return Filled(url, data, *refs)

    return Context().run(run)


def worked() -> float:
    """Seconds that the processor worked for our servers; that of a database on its own is not among them."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


@dataclass
class Rate:
    """Requests per second, and milliseconds of the processor for one."""

    rates: list[float]
    costs: list[float]

    def add(self, url: str, headers: tuple[str, ...]) -> None:
        before = worked()
        result = press(url, seconds=SECONDS, headers=headers)
        if result.failures:
            raise RuntimeError(f"{result.failures} of {result.requests} failed at {url}")
        self.rates.append(result.rate)
        self.costs.append((worked() - before) / result.requests * 1000)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        return statistics.median(self.costs)


def compared(ours: str, bare: str, headers: tuple[str, ...] = ()) -> tuple[Rate, Rate]:
    """Alternately; the first round of each is thrown away."""
    pair = Rate([], []), Rate([], [])
    for _ in range(ROUNDS + 1):
        for one, url, more in zip(pair, (ours, bare), (headers, ()), strict=True):
            one.add(url, more)
    for one in pair:
        del one.rates[0], one.costs[0]
    return pair


def etag(url: str) -> str:
    request = urllib.request.Request(url, headers={"Accept-Language": "nl"})  # noqa: S310 (our own server)
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(answer.headers["ETag"])


def against_bare(kind: str, filled: Filled, folder: Path) -> Iterator[str]:
    """The lines of one database."""
    pages = folder / f"bare-{kind}"
    pages.mkdir()
    bares = {"BARE_PAGES": str(pages), "BARE_DATABASE": filled.url}
    petition = f"/d/{filled.petition}"
    with running("wsgi:app", filled.environment(0), folder / "anew.log") as anew:
        (pages / "petition.html").write_bytes(fetch(anew + petition))
        with running("benchmarks.bare:app", bares, folder / "bare.log") as bare:
            for name, path in (
                ("list", "/dossiers"),
                ("report", f"/d/{filled.issue}"),
                ("petition", petition),
            ):
                yield line(kind, f"{name}, made anew", "25 rows", *compared(anew + path, f"{bare}/listed"))
            with running("wsgi:app", filled.environment(8_000_000), folder / "held.log") as held:
                static, known = f"{bare}/petition", (f"If-None-Match: {etag(held + petition)}",)
                yield line(kind, "petition", "a static page", *compared(held + petition, static))
                yield line(
                    kind, "petition, known", "a static page", *compared(held + petition, static, known)
                )
                yield line(kind, "list", "25 rows", *compared(f"{held}/dossiers", f"{bare}/listed"))


def line(kind: str, page: str, against: str, ours: Rate, bare: Rate) -> str:
    cells = [kind, page, against, f"{ours.rate:.0f}", f"{bare.rate:.0f}", f"{ours.rate / bare.rate:.2f}"]
    cells += [f"{ours.cost:.2f}", f"{bare.cost:.2f}", f"{bare.cost / ours.cost:.2f}"]
    return f"| {' | '.join(cells)} |"


def took(filled: Filled, folder: Path) -> dict[str, float]:
    """Of list, its second page, dossier and map the median in ms, made anew, one after the other."""
    found = {}
    with running("wsgi:app", filled.environment(0), folder / "growth.log", workers=1) as address:
        first = fetch(f"{address}/dossiers").decode()
        onward = unescape(first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0])
        paths = {"list": "/dossiers", "its next page": onward, "a kind of it": "/dossiers?kind=plan"}
        paths |= {"dossier": f"/d/{filled.issue}", "map": MAP, "the page of the map": "/map"}
        for name, path in paths.items():
            times = []
            for _ in range(LOOKS):
                began = time.perf_counter()
                fetch(address + path)
                times.append((time.perf_counter() - began) * 1000)
            found[name] = statistics.median(times)
    return found


def growth(kind: str, made: list[dict[str, float]]) -> Iterator[str]:
    for name in made[0]:
        few, many = made[0][name], made[-1][name]
        yield f"| {kind} | {name} | {few:.1f} | {many:.1f} | {many / few:.2f} |"


def start(filled: Filled, folder: Path) -> str:
    """How long until the server answers, and what its workers take of memory after some pages."""
    began = time.perf_counter()
    with serving(filled.environment(8_000_000), folder / "start.log") as address:
        fetch(f"{address}/healthz")
        ready = time.perf_counter() - began
        for path in ["/", "/dossiers", f"/d/{filled.issue}", f"/d/{filled.petition}", MAP, "/report"] * 10:
            fetch(address + path)
        servers = [
            process for process in psutil.Process().children(recursive=True) if "serve" in process.cmdline()
        ]
        workers = [p for p in servers if not p.children()]
        memory = [process.memory_full_info() for process in workers]
    pss, uss, rss = (max(getattr(m, name) for m in memory) / 2**20 for name in ("pss", "uss", "rss"))
    taken = f"a worker takes {pss:.0f} MB where what is shared is divided among those who share it"
    return f"Ready after {ready:.1f} s; {taken}: {uss:.0f} MB are its own, and {rss:.0f} in all."


def main() -> None:
    kinds = sys.argv[1:] or ["sqlite", "postgresql"]
    lines, grown, told = [HEAD, "|---" * 9 + "|"], [], []
    busy = len([p for p in psutil.process_iter(["status"]) if p.info["status"] == psutil.STATUS_RUNNING])
    with tempfile.TemporaryDirectory() as name, databases(Path(name), kinds) as made:
        folder = Path(name)
        for kind, new in made.items():
            filled = prepare(new("many"), folder / f"{kind}-many", MANY)
            for one in against_bare(kind, filled, folder):
                lines.append(one)
                print(one, flush=True)
            told.append(f"{kind}: {start(filled, folder)}")
            sizes = [prepare(new(f"n{size}"), folder / f"{kind}-{size}", size) for size in SIZES]
            grown += list(growth(kind, [took(one, folder) for one in sizes]))
            print("\n".join([told[-1], *grown]), flush=True)
    about = (
        f"Medians of {ROUNDS} rounds of {SECONDS:.0f} s on 4 lines. The processor's time is that of the web\n"
    )
    about += f"processes. {busy} processes wanted one of {os.cpu_count()} cores when it began."
    head = f"| database | page, ms | among {SIZES[0]:,} | among {SIZES[-1]:,} | growth |"
    parts = [about, "", *lines, "", *told, "", head, "|---" * 5 + "|", *grown]
    sections.write(TITLE, "\n".join(parts))


if __name__ == "__main__":
    main()
