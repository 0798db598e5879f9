"""`make lighthouse`: what Lighthouse says of five pages on a throttled phone, into docs/performance.md.

Its own defaults for a phone: 412 × 823 pixels, a processor four times slower, slow 4G (150 ms, 1.6 Mbit/s).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import sections
from benchmarks.__main__ import PAGES, TOP, portal, reference
from benchmarks.servers import running
from tests.live import FLAGS, executable

TITLE = "On a throttled phone"
COMMAND = TOP / ".venv" / "checkers" / "node_modules" / ".bin" / "lighthouse"
TIMES = 3
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 95}
LARGEST_PAINT, SHIFT = 1800, 0.02
HEAD = (
    "| page | performance | accessibility | best practices | largest paint, s | layout shift | blocked, ms |"
)


ABOUT = """Made by `make lighthouse`: Lighthouse {version}, its defaults for a phone (slow 4G, a processor
four times slower), the middle of {times} visits. Wanted: 95, 100, 95; at most 1.8 s and 0.02."""


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, str]]:
    """The portal with the demo in it, served as in real life: name of a page -> its address."""
    portal(folder / "data", "demo")
    environment = {"PORTAL_DATA_DIR": str(folder / "data")}
    with running("wsgi:app", environment, folder / "portal.log") as address:
        refs = {
            word: reference(address, q)
            for word, q in (("urinal", "pilaren+riool"), ("petition", "buurtplatformrecht"))
        }
        paths = PAGES | {"report": "/report"}
        yield {name: address + path.format(**refs) for name, path in paths.items()}


def audit(url: str, chromium: str, again: int = 3) -> dict[str, Any]:
    """What Lighthouse says of this page, once; `again`: how often it is asked anew when it saw no page."""
    flags = f"--chrome-flags=--headless=new {' '.join(FLAGS)}"
    only = f"--only-categories={','.join(WANTED)}"
    words = [str(COMMAND), url, "--quiet", "--output=json", "--output-path=stdout", only, flags]
    done = subprocess.run(words, env=os.environ | {"CHROME_PATH": chromium}, capture_output=True, text=True)
    if again and "(NO_NAVSTART)" in done.stderr:
        return audit(url, chromium, again - 1)
    if done.returncode:
        raise RuntimeError(f"{url}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def figures(reports: list[dict[str, Any]]) -> dict[str, float]:
    """The middle of several reports."""
    audits = {
        "paint": "largest-contentful-paint",
        "shift": "cumulative-layout-shift",
        "blocked": "total-blocking-time",
    }
    middle = statistics.median
    scores = {c: 100 * middle(r["categories"][c]["score"] for r in reports) for c in WANTED}
    return scores | {w: middle(r["audits"][a]["numericValue"] for r in reports) for w, a in audits.items()}


def complaints(report: dict[str, Any]) -> list[str]:
    """What costs points, in Lighthouse's words."""
    weighty = {ref["id"] for c in report["categories"].values() for ref in c["auditRefs"] if ref["weight"]}
    failed = [a for key, a in report["audits"].items() if key in weighty and (a["score"] or 0) < 0.9]
    return [
        f"{a['title']} {a.get('displayValue', '')}"
        for a in failed
        if a["scoreDisplayMode"] != "notApplicable"
    ]


def row(name: str, found: dict[str, float]) -> str:
    cells = [f"{found[category]:.0f}" for category in WANTED]
    cells += [f"{found['paint'] / 1000:.2f}", f"{found['shift']:.3f}", f"{found['blocked']:.0f}"]
    return f"| {name} | {' | '.join(cells)} |"


def short(found: dict[str, float]) -> bool:
    """Whether this page falls short of what is wanted."""
    low = any(round(found[category]) < wanted for category, wanted in WANTED.items())
    return low or found["paint"] > LARGEST_PAINT or found["shift"] > SHIFT


def main() -> None:
    if not shutil.which(COMMAND):
        sys.exit("Lighthouse is not there: `make lighthouse` installs it.")
    with sync_playwright() as playwright:
        chromium = executable(playwright)
    rows, bad = [], []
    with tempfile.TemporaryDirectory() as name, demo(Path(name)) as pages:
        for page, url in pages.items():
            reports = [audit(url, chromium) for _ in range(TIMES)]
            found = figures(reports)
            rows.append(row(page, found))
            bad += [page] if short(found) else []
            print("\n".join([rows[-1], *(f"    {said}" for said in complaints(reports[-1]))]), flush=True)
    version = reports[0]["lighthouseVersion"]
    body = ABOUT.format(version=version, times=TIMES)
    sections.write(TITLE, "\n".join([body, "", HEAD, "| --- |" + " ---: |" * 6, *rows]))
    if bad:
        sys.exit(f"Short of what is wanted: {', '.join(bad)}")


if __name__ == "__main__":
    main()
