"""`python -m benchmarks.country`: what a neighbourhood, a city and a country ask of how many machines.

Measured: what one person who signs costs the web processes and the database, on a PostgreSQL that has it on
the disk before it says so, while the best hour of a real petition is replayed as fast as this machine goes;
what the limits cost of that. Calculated: the queues of that hour times ten, fed with what was measured; first
for this machine, so that one sees how far the calculation can be believed. Writes into docs/scale.md.
"""

import argparse
import csv
import heapq
import math
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import psutil

from benchmarks import sections
from benchmarks.petition import SECRET, Present, prepare
from benchmarks.replay import RISE, tickets
from benchmarks.servers import fetch, running
from benchmarks.walking import STEPS, Walk
from portal import create_app
from portal.dossiers.limits import Coming, to_sign
from portal.kernel.policy import NOBODY
from tests.cluster import Cluster

PAGE, TITLE = Path(__file__).parent.parent / "docs" / "scale.md", "What was measured, and what follows"
HOUR = timedelta(hours=1)
LINES, TIMES, FULL = 12, 10, 0.6
"""People under way at once; times the real peak; how full a processor may be at the peak."""
SIZES = {"a neighbourhood": 10_000, "a city": 900_000, "a country": 18_000_000}
SQUEEZED, MOST = 60.0, 64
"""In the replay the hour is so many times as short; and so many may be under way at once."""
ASKED = 1_500 / 33
"""Requests for each signature, at the records of the petitions of the British parliament."""
LOOKS = 300


def best_hour() -> list[tuple[float, float]]:
    """Of the real petition: seconds since its best hour began, and how many signed a second from then on."""
    with RISE.open(newline="") as file:
        read = [
            (datetime.fromisoformat(r["time_utc"]), int(r["total_signatures"])) for r in csv.DictReader(file)
        ]
    found: list[tuple[float, int]] = []
    for first, (began, total) in enumerate(read):
        last = next((n for n in range(first, len(read)) if read[n][0] - began >= HOUR), None)
        if last is not None:
            found.append(((read[last][1] - total) / (read[last][0] - began).total_seconds(), first))
    first = max(found)[1]
    part = [one for one in read[first:] if one[0] - read[first][0] <= HOUR + timedelta(minutes=2)]
    return [
        ((at - part[0][0]).total_seconds(), (later - total) / (until - at).total_seconds())
        for (at, total), (until, later) in pairwise(part)
    ]


def arrivals(times: float, squeezed: float = 1.0, seed: int = 1) -> Iterator[float]:
    """When each one comes: as many as in that hour, times so many, in an hour divided by `squeezed`."""
    chance, hour = random.Random(seed), best_hour()  # noqa: S311 (who comes when is nothing secret)
    ends = [at for at, _ in hour[1:]] + [HOUR.total_seconds()]
    for (at, rate), end in zip(hour, ends, strict=True):
        moment = at + chance.expovariate(rate * times)
        while moment < end:
            yield moment / squeezed
            moment += chance.expovariate(rate * times)


@dataclass
class Measured:
    """Of one person who signs: seconds of the processor, and of waiting; bytes in the database."""

    people: int
    rate: float
    web: float
    database: float
    took: list[list[float]]
    room: float
    limits: float
    plain: float
    lost: int
    open: list[float]
    """Seconds of all steps of each who came when the real ones came, however many were under way."""

    def middle(self, step: int) -> float:
        return statistics.median(took[step] for took in self.took)


def processor(of: list[psutil.Process]) -> float:
    """Seconds that these processes, and those of theirs that ended, have used."""
    used = 0.0
    for process in of:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            used += times.user + times.system
    return used


def servers() -> list[psutil.Process]:
    ours = psutil.Process().children(recursive=True)
    return [process for process in ours if "gunicorn" in " ".join(process.cmdline())]


class People:
    """Who sign and confirm, and what each of them waited for."""

    def __init__(self, address: str, present: Present) -> None:
        self.address, self.ref, self.numbers = address, present.ref, count()
        self.app = create_app(DATA_DIR=str(present.data), DATABASE_URL=present.url, SECRET_KEY=SECRET)
        self.walks: list[Walk] = []

    def one(self) -> None:
        walk = Walk(self.address, self.ref, f"signer{next(self.numbers)}@bench.example").sign()
        with self.app.app_context():
            ticket = tickets([walk.email])[0]
        walk.confirm(ticket)
        self.walks.append(walk)

    def together(self, moments: Iterable[float], lines: int) -> None:
        """One at each of these moments, if so many are enough; what one of them raises is raised."""
        began = time.monotonic()
        with ThreadPoolExecutor(lines) as pool:
            coming = []
            for moment in moments:
                time.sleep(max(0.0, began + moment - time.monotonic()))
                coming.append(pool.submit(self.one))
        for one in coming:
            one.result()


def measure(cluster: Cluster, present: Present, folder: Path, number: int) -> Measured:
    def state() -> list[float]:
        return [processor(servers()), processor(cluster.family()), _room(cluster), time.perf_counter()]

    with running("wsgi:app", present.environment, folder / "country.log") as address, present.worker():
        fetch(f"{address}/d/{present.ref}")  # until it answers: a busy machine is slow to begin
        people = People(address, present)
        people.one()
        before = state()
        people.together([0.0] * number, LINES)
        web, database, room, took = ((b - a) / number for a, b in zip(before, state(), strict=True))
        each = [walk.took for walk in people.walks]
        people.together(arrivals(FULL / took / (_mean() * SQUEEZED), SQUEEZED), MOST)
    lost = present.missing([walk.email for walk in people.walks])
    limits, plain = present.inside(lambda: _limits(present.ref))
    waits = [sum(walk.took) for walk in people.walks[number + 1 :]]
    return Measured(number, 1 / took, web, database, each, room, limits, plain, lost, waits)


def _room(cluster: Cluster) -> float:
    with cluster._open() as connection:
        row = connection.execute("SELECT sum(pg_database_size(datname)) FROM pg_database").fetchone()
    return float(row[0]) if row else 0.0


def _limits(ref: str) -> tuple[float, float]:
    """Seconds of the one query before a signature, with the limits and without: the middle of many."""
    found: tuple[list[float], list[float]] = [], []
    for number in range(LOOKS):
        for kept, coming in zip(
            found, (Coming("n", "d", email=f"l{number}"), Coming(None, None)), strict=True
        ):
            began = time.perf_counter()
            to_sign(NOBODY, ref, coming)
            kept.append(time.perf_counter() - began)
    return statistics.median(found[0]), statistics.median(found[1])


def waited(
    moments: Iterator[float], each: float, cores: int, *, whole: bool = False
) -> tuple[float, float, float]:
    """Calculated: the middle, and the 99th of a hundred, of what people wait for `each` seconds of work on so
    many processors, first come, first served; and the share of the time that these work. `whole`: until it is
    done, and not until it begins.

    How long one takes varies as chance does (exponentially), which is more than it does.
    """
    chance, free, found, end = random.Random(2), [0.0] * cores, [], 0.0  # noqa: S311
    for moment in moments:
        begin = max(moment, free[0])
        end = begin + chance.expovariate(1 / each)
        heapq.heapreplace(free, end)
        found.append((end if whole else begin) - moment)
    found.sort()
    busy = len(found) * each / (cores * max(end, 1e-9))
    return found[len(found) // 2], found[int(len(found) * 0.99)], busy


def _cores(work: float) -> int:
    """Processors for so many seconds of work a second."""
    return max(1, math.ceil(work / FULL))


def table(found: Measured) -> Iterator[str]:
    """The arithmetic: from the peak of the real petition times ten in a country, by heads."""
    hour = best_hour()
    peak = TIMES * sum(rate for _, rate in hour) / len(hour)
    yield (
        "| for | people | signatures, /s | requests, /s | web processors | of the database | mails, /s | "
        + ("a million signatures, GB |")
    )
    yield "|---" * 8 + "|"
    for name, people in SIZES.items():
        rate = peak * people / SIZES["a country"]
        cores = _cores(rate * found.web), _cores(rate * found.database)
        cells = [name, f"{people:,}", f"{rate:,.1f}", f"{rate * ASKED:,.0f}", *map(str, cores)]
        yield f"| {' | '.join([*cells, f'{rate:,.1f}', f'{found.room / 1000:.1f}'])} |"


def queues(found: Measured) -> Iterator[str]:
    """The best hour times ten, on more and on fewer processors than the table says."""
    yield "| hour | processors | busy | half wait longer than, ms | one of a hundred longer than, ms |"
    yield "|---" * 5 + "|"
    rows = []
    whole = _cores(TIMES * _mean() * found.web)
    for cores in (max(1, round(whole * 0.65)), whole, whole * 2):
        rows.append((f"web processes of a country, {TIMES * _mean():.0f} a second", found.web, cores))
    for name, each, cores in rows:
        half, most, busy = waited(arrivals(TIMES), each, cores)
        yield f"| {name} | {cores} | {busy:.0%} | {half * 1000:,.1f} | {most * 1000:,.1f} |"


def _mean() -> float:
    hour = best_hour()
    return sum(rate for _, rate in hour) / len(hour)


def believed(found: Measured, here: int) -> str:
    """What people waited for here, and what the calculation says of it."""
    rate, waits = FULL * found.rate, sorted(found.open)
    moments = arrivals(rate / (_mean() * SQUEEZED), SQUEEZED)
    half, most, _ = waited(moments, here / found.rate, here, whole=True)
    seen = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    return (
        f"**Replayed**: the same hour in a minute, at {FULL:.0%} of that rate, each coming when they came"
        f" ({len(waits):,} people). All six answers together took half of them more than"
        f" {seen[0] * 1000:,.0f} ms, one of a hundred more than {seen[1] * 1000:,.0f} ms; the calculation,"
        f" fed with the rate above, says {half * 1000:,.0f} and {most * 1000:,.0f} ms."
    )


def report(found: Measured, here: int, load: float) -> str:
    steps = "; ".join(f"{name} {found.middle(n) * 1000:.0f}" for n, name in enumerate(STEPS))
    more = (found.limits - found.plain) * 1000
    return "\n".join(
        [
            f"**Measured**, on {here} cores that PostgreSQL and two web processes share, {found.people:,}"
            f" people on {LINES} lines: {found.rate:.1f} a second sign, confirm and see the page each time."
            f" Each costs the web processes {found.web * 1000:.1f} ms of a processor and the database"
            f" {found.database * 1000:.1f} ms, and {found.room / 1000:.1f} kB of room. Lost or double:"
            f" {found.lost}. In the middle, ms: {steps}. {load:.0f} processes wanted one of the cores when it"
            " began, so that on a quiet machine all of this is less.",
            "",
            f"The query before a signature takes {found.limits * 1000:.2f} ms with all limits, and"
            f" {found.plain * 1000:.2f} ms without: they cost {more:.2f} ms.",
            "",
            f"**Calculated** from it: the best hour of the petition of June 2016 ({_mean():.0f} a second),"
            f" times {TIMES} for a country, by heads for the others, on processors that are {FULL:.0%} busy.",
            "",
            *table(found),
            "",
            believed(found, here),
            "",
            "**Simulated**: that hour, each signer when they came, each with the work that was measured.",
            "",
            *queues(found),
        ]
    )


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.country")
    asked.add_argument("--people", type=int, default=3_000, help="so many sign while it is measured")
    asked.add_argument("--write", action="store_true", help="put it into docs/scale.md")
    given = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and everything that was started, too
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(Path(name))
        cluster.start(durable=True)
        try:
            cluster.do("CREATE DATABASE country")
            present = prepare(cluster.url("country"), Path(name) / "data", 0)
            found = measure(cluster, present, Path(name), given.people)
        finally:
            cluster.stop()
    said = report(found, psutil.cpu_count() or 1, load)
    print(said)
    if given.write:
        sections.write(TITLE, said, PAGE)


if __name__ == "__main__":
    main()
