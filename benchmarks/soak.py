"""`python -m benchmarks.soak`: an hour of everything at once, and the memory of the processes meanwhile.

The portal with its worker, as `portal serve` starts it, on the demo: people read lists, dossiers, the map and
what they search, begin a report, sign and confirm by the link of their mail. `python -m benchmarks.soak 20`:
for so many minutes.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.request import urlopen

import psutil

from benchmarks.servers import fetch, serving
from benchmarks.walking import Walk

MINUTES, REST, SEED = 60, 0.3, 7
"""Seconds of rest between two deeds: the soak is about time, and not about speed."""
READS = (
    "/",
    "/dossiers",
    "/dossiers?kind=petition",
    "/n/TH",
    "/map",
    "/map.json?bbox=4.95,52.30,5.00,52.33&zoom=14",
    "/report",
    "/dossiers?q={word}",
    "/d/K-10{number:02}",
)
WORDS = ("afvalbak", "urinoir", "metro", "lamp", "buurthuis", "plein", "rat", "bus")
SIGNED, SEEN_LINK = "K-1063", "/s/"


class Crowd:
    """What people do; `done` counts it by kind."""

    def __init__(self, address: str, data: Path, petition: str) -> None:
        self.address, self.mail, self.petition = address, data / "mail", petition
        self.chance = random.Random(SEED)  # noqa: S311 (no secret)
        self.done: dict[str, int] = {}
        self.waiting: dict[str, Walk] = {}

    def act(self) -> None:
        deed: Callable[[], None] = self.chance.choices((self.read, self.sign, self.confirm), (8, 1, 1))[0]
        deed()
        self.done[deed.__name__] = self.done.get(deed.__name__, 0) + 1

    def read(self) -> None:
        path = self.chance.choice(READS)
        path = path.format(word=self.chance.choice(WORDS), number=self.chance.randrange(2, 60))
        if path.startswith("/d/"):  # some of the demo's are drafts
            with urlopen(self.address + path) as answer:  # noqa: S310 (our own server)
                answer.read()
        else:
            fetch(self.address + path)

    def sign(self) -> None:
        email = f"soak{self.done.get('sign', 0)}@bench.example"
        self.waiting[email] = walk = Walk(self.address, self.petition, email).sign()
        walk.line.close()  # the mail takes longer than a server keeps a line

    def confirm(self) -> None:
        """Everybody whose mail has come."""
        for file in sorted(self.mail.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            walk = self.waiting.pop(str(mail["To"]), None)
            body = mail.get_body(("plain",))
            if walk is not None and body is not None:
                walk.confirm(body.get_content().partition(SEEN_LINK)[2].split()[0].strip("<>"))
            file.unlink()


def memory() -> dict[str, float]:
    """MB of each of our processes, by what it is; what is shared divided among who shares it."""
    found: dict[str, float] = {}
    for process in psutil.Process().children(recursive=True):
        words = " ".join(process.cmdline())
        if "portal" in words:
            kind = "worker" if " work" in words else "web" if process.children() == [] else "main"
            name = f"{kind} {process.pid}"
            found[name] = process.memory_full_info().pss / 2**20
    return found


def soak(minutes: int, folder: Path) -> list[dict[str, float]]:
    data = folder / "data"
    environment = {"PORTAL_DATA_DIR": str(data)}
    subprocess.run([sys.executable, "-m", "portal", "demo"], env=os.environ | environment, check=True)
    samples = []
    with serving(environment, folder / "log", worker=True) as address:
        crowd = Crowd(address, data, SIGNED)
        began = sampled = time.monotonic()
        while time.monotonic() < began + minutes * 60:
            crowd.act()
            time.sleep(REST)
            if time.monotonic() > sampled + 60:
                sampled = time.monotonic()
                samples.append(memory())
                print(crowd.done, {name: round(mb) for name, mb in samples[-1].items()}, file=sys.stderr)
    print(f"{sum(crowd.done.values())} deeds, none failed: {crowd.done}; not confirmed: {len(crowd.waiting)}")
    return samples


def rows(samples: list[dict[str, float]]) -> list[str]:
    """Of each process the middle of its first, second and last quarter."""
    lines = ["| process | MB, second quarter | third | last | growth in the last half |", "|---" * 5 + "|"]
    quarter = len(samples) // 4
    for name in sorted(samples[-1]):
        parts = [samples[quarter * n : quarter * (n + 1)] for n in (1, 2, 3)]
        two, three, four = (statistics.median(s[name] for s in part if name in s) for part in parts)
        cells = [name.split()[0], f"{two:.1f}", f"{three:.1f}", f"{four:.1f}", f"{four / three - 1:+.1%}"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def main() -> None:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    with tempfile.TemporaryDirectory() as name:
        print("\n".join(rows(soak(minutes, Path(name)))))


if __name__ == "__main__":
    main()
