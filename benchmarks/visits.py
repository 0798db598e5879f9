"""What a visit weighs, in a real browser: `python -m benchmarks.visits`, a part of docs/performance.md.

tests/test_bytes.py holds the same visits to the budget.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import sections
from benchmarks.__main__ import portal, reference
from benchmarks.servers import running
from tests.live import launch
from tests.traffic import Traffic, total, without_photos

TITLE = "What a visit weighs"
PAGES = {
    "home": "/",
    "list": "/dossiers",
    "dossier": "/d/{urinal}",
    "report": "/report",
    "petition": "/d/{petition}",
}
ABOUT = """Everything a browser fetches, head and body as they travel, with the icon and the manifest: for the
first page of a visit with an empty cache (at most 6 requests and 50 kB), and for the same page when another
was seen before (at most 12 kB). Photos apart. Nothing comes from a third party. Read elsewhere: the front
page of adhocracy+ takes 753 kB in 17 requests, the scripts of FixMyStreet's map alone 182 kB."""


def _first(chromium: Browser, address: str, path: str) -> tuple[int, int, int]:
    visitor = Traffic(chromium, address)
    fetched = visitor.visit(path)
    visitor.end()
    ours = without_photos(fetched)
    return len(ours), total(ours), total(fetched) - total(ours)


def _later(chromium: Browser, address: str, path: str) -> int:
    visitor = Traffic(chromium, address, offline=False)
    visitor.visit("/sign-in")
    later = total(without_photos(visitor.visit(path)))
    visitor.end()
    return later


def body(data: Path, log: Path) -> str:
    """The part of the report, of the demo in this folder."""
    rows = ["| page | requests | bytes | bytes of photos | bytes as a later page |", "|---|---|---|---|---|"]
    with running("wsgi:app", {"PORTAL_DATA_DIR": str(data)}, log) as address, sync_playwright() as playwright:
        chromium = launch(playwright)
        asked = {"urinal": "pilaren+riool", "petition": "prullenbakken"}
        refs = {name: reference(address, words) for name, words in asked.items()}
        for name, page in PAGES.items():
            path = page.format(**refs)
            requests, weight, photos = _first(chromium, address, path)
            rows.append(f"| {name} | {requests} | {weight} | {photos} | {_later(chromium, address, path)} |")
        chromium.close()
    return f"{ABOUT}\n\n" + "\n".join(rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        portal(folder / "data", "demo")
        made = body(folder / "data", folder / "portal.log")
    sections.write(TITLE, made)
    sys.stdout.write(made + "\n")


if __name__ == "__main__":
    main()
