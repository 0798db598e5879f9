"""How many workers with how many threads: `python -m benchmarks.sizes`, for docs/adr/0002-gunicorn.md.

Every size in turn, and that several times over, so that a busy minute of the machine hits all. The range
beside each median says whether the machine was quiet enough: where ranges overlap, nothing was found.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import psutil

from benchmarks.__main__ import portal, reference
from benchmarks.load import press
from benchmarks.servers import fetch, running

WORKERS, THREADS = (1, 2, 3), (2, 4, 8)
ROUNDS, SECONDS, CONNECTIONS = 4, 2.0, 8
WARM = 5


def memory() -> float:
    """What the server's processes need together, in MB: what they share is counted once."""
    server = next(p for p in psutil.Process().children() if "gunicorn" in " ".join(p.cmdline()))
    every = [server, *server.children(recursive=True)]
    return float(sum(p.memory_full_info().pss for p in every)) / 1e6


def measure(folder: Path, workers: int, threads: int) -> tuple[float, float, float]:
    """Lists per second, dossier pages per second, and memory in MB."""
    log = folder / "server.log"
    with running("wsgi:app", {"PORTAL_DATA_DIR": str(folder / "data")}, log, workers, threads) as address:
        pages = [f"{address}/dossiers", f"{address}/d/{reference(address, 'pilaren+riool')}"]
        for _ in range(WARM):
            for page in pages:
                fetch(page)
        lists, dossiers = (press(page, seconds=SECONDS, connections=CONNECTIONS).rate for page in pages)
        return lists, dossiers, memory()


def _spread(values: tuple[float, ...]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


def main() -> None:
    seen: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        portal(folder / "data", "demo")
        for _ in range(ROUNDS):
            for size in [(w, t) for w in WORKERS for t in THREADS]:
                seen.setdefault(size, []).append(measure(folder, *size))
    rows = ["| workers | threads | lists, /s | dossier pages, /s | memory, MB |", "|---|---|---|---|---|"]
    for (workers, threads), results in seen.items():
        columns = [_spread(column) for column in zip(*results, strict=True)]
        rows.append(" | ".join([f"| {workers} | {threads}", *columns]) + " |")
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
