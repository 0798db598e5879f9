"""`make bench`: every figure of docs/performance.md, made anew in one run."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bs4 import BeautifulSoup

from benchmarks import sections
from benchmarks.load import press
from benchmarks.servers import fetch, running
from portal import settings

TOP = Path(__file__).parent.parent
REPORT = TOP / "docs" / "performance.md"
BOSTON = TOP.parent / "shared" / "data" / "reports" / "boston_311_2015_dev.csv.gz"
ROUNDS, SECONDS = 5, 3.0
PAGES = {"home": "/", "list": "/dossiers", "dossier": "/d/{urinal}", "petition": "/d/{petition}"}


def portal(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PORTAL_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "portal", *arguments]
    return subprocess.run(command, env=environment, cwd=TOP, check=True, capture_output=True, text=True)


def reference(address: str, words: str) -> str:
    """The reference of the first dossier that is found with these words."""
    found = BeautifulSoup(fetch(f"{address}/dossiers?q={words}"), "html.parser")
    return next(str(a["href"]) for a in found.select("a[href^='/d/']")).rpartition("/")[2]


def speed(folder: Path) -> list[str]:
    """Pages of the demo against a bare page of equal size: alternately, same server, same run."""
    environment = {"PORTAL_DATA_DIR": str(folder / "data"), "BARE_PAGES": str(folder / "bare")}
    (folder / "bare").mkdir()
    with running("wsgi:app", environment, folder / "portal.log") as address:
        refs = {
            "urinal": reference(address, "pilaren+riool"),
            "petition": reference(address, "buurtplatformrecht"),
        }
        paths = {name: path.format(**refs) for name, path in PAGES.items()}
        for name, path in paths.items():
            (folder / "bare" / f"{name}.html").write_bytes(fetch(address + path))
        with running("benchmarks.bare:app", environment, folder / "bare.log") as bare:
            rows = [_compare(address, path, f"{bare}/{name}", name) for name, path in paths.items()]
        return ["| page | bytes | portal, /s | bare, /s | ratio |", "| --- | --- | --- | --- | --- |", *rows]


def _compare(address: str, path: str, bare: str, name: str) -> str:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        for url, rates in ((address + path, ours), (bare, theirs)):
            result = press(url, seconds=SECONDS)
            if result.failures:
                raise RuntimeError(f"{result.failures} of {result.requests} failed at {url}")
            rates.append(result.rate)
    ratio = statistics.median(ours) / statistics.median(theirs)
    size = len(fetch(address + path))
    middle = statistics.median
    return f"| {name} | {size} | {middle(ours):.0f} | {middle(theirs):.0f} | {ratio:.3f} |"


def importing(folder: Path) -> list[str]:
    """The import of a city's year of reports: seconds and the most memory."""
    if not BOSTON.exists():
        return ["Not measured: shared/data is not beside this checkout."]
    portal(folder / "import", "migrate")
    environment = os.environ | {"PORTAL_DATA_DIR": str(folder / "import")}
    command = [sys.executable, "-m", "portal", "import-reports", str(BOSTON)]
    started = time.perf_counter()
    with (folder / "import.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=TOP, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError((folder / "import.log").read_text()[-2000:])
    took, most = time.perf_counter() - started, usage.ru_maxrss / 1024
    return [f"{BOSTON.name}: {took:.0f} s, {most:.0f} MB at most."]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        portal(folder / "data", "demo")
        demo = time.perf_counter() - started
        parts = [
            "# Performance",
            f"Made by `make bench`: Python {platform.python_version()}, {os.cpu_count()} cores, SQLite,\n"
            f"gunicorn with {settings.WORKERS} workers of {settings.THREADS} threads, 4 connections.\n"
            "Figures in /s differ from machine to machine and from hour to hour; the ratios, taken\n"
            "alternately in one run, hardly do.",
            "## A page against a bare Flask page of equal size",
            f"Medians of {ROUNDS} rounds of {SECONDS:.0f} s.",
            "\n".join(speed(folder)),
            "## The demo and the import",
            f"The whole demo, replayed through the commands: {demo:.0f} s.",
            "\n".join(importing(folder)),
        ]
    whole = "\n\n".join(parts)
    REPORT.write_text("\n\n".join([whole, *sections.others(whole)]) + "\n")
    sys.stdout.write(REPORT.read_text())


if __name__ == "__main__":
    main()
