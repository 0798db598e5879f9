"""`python -m benchmarks.signing`: how fast a petition is signed, and that no acknowledged signature is lost.

On SQLite and on PostgreSQL, with 1,000 and with 1,000,000 signatures present (BENCH_SIZES): a signature
(from the request until it is on the disk) against a bare Flask route that commits one row in the same
database, alternately under the same server; the page while others sign, and beside it a static page of the
bare server; and the rise of two real petitions, with confirmations.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks import sections
from benchmarks.http import Line
from benchmarks.petition import Present, prepare
from benchmarks.replay import replay
from benchmarks.servers import fetch, running
from benchmarks.signers import CONNECTIONS, Signers, together
from tests.cluster import Cluster

TITLE = "Signing"
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,1000000").split(","))
ROUNDS, SECONDS, LOOKS = 5, 4.0, 200
STATIC = "petition"
"""The petition's page as a file of the bare server: what that takes while others sign is the machine's."""
HEAD = (
    "| database | present | signatures, /s | bare commits, /s | ratio | page held ready, ms "
    "| while signing, ms | ratio | static page of the bare server, ms | while signing, ms | ratio "
    "| page made anew, ms | while signing, ms | ratio | lost or double |"
)


def commits(address: str, seconds: float) -> float:
    """Rows per second of the bare route."""
    done: list[int] = []
    started = time.perf_counter()

    def act() -> None:
        number = 0
        with Line(address) as line:
            while time.perf_counter() < started + seconds:
                if line.post("/rows", {"name": "somebody"}) != 303:
                    raise RuntimeError("a row was refused")
                number += 1
        done.append(number)

    together(act)
    return sum(done) / (time.perf_counter() - started)


def page_time(address: str, path: str) -> float:
    """Seconds that a page takes: the middle of so many, one visitor after the other."""
    found = []
    for _ in range(LOOKS):
        started = time.perf_counter()
        with Line(address) as line:
            line.get(path)
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def elsewhere(address: str, path: str) -> float:
    """The same, asked by a process of its own: who looks does not wait for this one, in which others sign."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
        return own.submit(page_time, address, path).result()


@dataclass
class Measured:
    """Of one database with so many signatures: rates per second, and seconds of the page."""

    ours: float
    bare: float
    held: tuple[float, float]
    static: tuple[float, float]
    anew: tuple[float, float]
    """The page idle, and while others sign: held ready (ADR 25), as a file of another server, and made for
    each who looks."""
    lost: int


def measure(present: Present, folder: Path) -> Measured:
    environment, page = present.environment, f"/d/{present.ref}"
    with ExitStack() as servers:
        address = servers.enter_context(running("wsgi:app", environment, folder / "portal.log"))
        (folder / f"{STATIC}.html").write_bytes(fetch(f"{address}{page}"))
        of_bare = environment | {"BARE_PAGES": str(folder), "BARE_DATABASE": present.url}
        bare = servers.enter_context(running("benchmarks.bare:app", of_bare, folder / "bare.log"))
        servers.enter_context(present.worker())
        signers = Signers(address, present.ref)
        signers.press(1.0)
        commits(bare, 1.0)
        pairs = [(signers.press(SECONDS), commits(bare, SECONDS)) for _ in range(ROUNDS)]
        held, static = looks(signers, address, page), looks(signers, bare, f"/{STATIC}")
    with (
        running("wsgi:app", environment | {"PORTAL_HELD_BYTES": "0"}, folder / "anew.log") as address,
        present.worker(),
    ):
        others = Signers(address, present.ref, beginning=signers)
        anew = looks(others, address, page)
    lost = present.missing(signers.acknowledged + others.acknowledged)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Measured(ours, theirs, held, static, anew, lost)


def looks(signers: Signers, address: str, path: str) -> tuple[float, float]:
    """The page idle, and while others sign: alternately, the middle of so many rounds."""
    look = lambda: elsewhere(address, path)  # noqa: E731
    pairs = [(look(), _while_signing(signers, look)) for _ in range(ROUNDS)]
    idle, busy = (statistics.median(column) for column in zip(*pairs, strict=True))
    return idle, busy


def _while_signing(signers: Signers, look: Callable[[], float]) -> float:
    """What somebody sees who opens the page while one neighbour after the other signs."""
    stop = threading.Event()

    def sign() -> None:
        while not stop.is_set():
            signers.sign(signers.someone())

    thread = threading.Thread(target=sign)
    thread.start()
    try:
        return look()
    finally:
        stop.set()
        thread.join()


def rows(kind: str, found: dict[int, Measured]) -> Iterator[str]:
    for size, m in found.items():
        cells = [kind, f"{size:,}", f"{m.ours:.0f}", f"{m.bare:.0f}", f"{m.ours / m.bare:.2f}"]
        for idle, busy in (m.held, m.static, m.anew):
            cells += [f"{idle * 1000:.1f}", f"{busy * 1000:.1f}", f"{busy / idle:.2f}"]
        yield f"| {' | '.join(cells)} | {m.lost} |"


@contextmanager
def databases(folder: Path, kinds: list[str]) -> Iterator[dict[str, Callable[[str], str]]]:
    """Kind -> a function that gives the address of a new database with this name."""
    found: dict[str, Callable[[str], str]] = {}
    if "sqlite" in kinds:
        found["SQLite"] = lambda name: f"sqlite:///{folder / name}.db"
    if "postgresql" in kinds:
        cluster = Cluster(folder)
        cluster.start(durable=True)

        def make(name: str) -> str:
            cluster.do(f"CREATE DATABASE {name}")
            return cluster.url(name)

        found["PostgreSQL"] = make
    try:
        yield found
    finally:
        if "postgresql" in kinds:
            cluster.stop()


def main() -> None:
    kinds = sys.argv[1:] or ["sqlite", "postgresql"]
    lines, told = [HEAD, "|---" * 15 + "|"], []
    with tempfile.TemporaryDirectory() as name, databases(Path(name), kinds) as made:
        for kind, new in made.items():
            found = {}
            for size in SIZES:
                present = prepare(new(f"n{size}"), Path(name) / f"{kind}{size}", size)
                found[size] = measure(present, Path(name))
                lines += list(rows(kind, {size: found[size]}))
                print(lines[-1], flush=True)
            small, large = (found[size].ours / found[size].bare for size in (SIZES[0], SIZES[-1]))
            told.append(f"{kind}: at {SIZES[-1]:,} present {large / small:.2f} of the rate at {SIZES[0]:,}.")
            told.append(replay(kind, prepare(new("replayed"), Path(name) / f"{kind}replay", 0), Path(name)))
            print("\n".join(told[-2:]), flush=True)
    about = (
        f"Medians of {ROUNDS} rounds of {SECONDS:.0f} s on {CONNECTIONS} lines; the worker adds up meanwhile."
    )
    sections.write(TITLE, "\n".join([about, "", *lines, "", *told]))


if __name__ == "__main__":
    main()
