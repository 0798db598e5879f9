"""`python -m benchmarks.mailing`: an answer is told to all who support a petition, by mail to a local sink.

On SQLite and on PostgreSQL (name one to have it alone), with 1,000 and with 100,000 supporters
(BENCH_SIZES=1000,100000): the transaction that queues all of it; the rate at which the worker sends, and its
processor time for a mail; the petition's page meanwhile; and that everybody got it, although the worker is
killed in the midst.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import sections
from benchmarks.petition import Present, prepare
from benchmarks.servers import free_port, running
from benchmarks.signing import databases, page_time
from portal.accounts.models import Role
from portal.answers.commands import answer
from portal.answers.models import AnswerKind
from portal.dossiers.commands import hand_over
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from tests.factories import a_person, an_organisation
from tests.statements import sent

TITLE = "Mail"
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000,100000").split(","))
KILLS = 3
"""How often the worker is killed while it sends to the smaller number."""
LOOKED_FOR = 45.0
"""Seconds at most in which the rate is measured; the mails after that are not waited for."""
HEAD = (
    "| database | supporters | queued in, ms | statements | sent, /s | processor, ms a mail "
    "| page, ms | page meanwhile, ms | ratio |"
)


@dataclass
class Queued:
    seconds: float
    statements: int


def queue(present: Present) -> Queued:
    """An authority answers: how long that takes, and in how many statements."""

    def act() -> Queued:
        petition = db.session.scalars(db.select(Dossier).filter_by(ref=present.ref)).one()
        authority = an_organisation()
        official = a_person(Role.OFFICIAL, of=authority)
        hand_over(petition.opener, petition, to=[authority])
        given = {"organisation": authority, "kind": AnswerKind.ACKNOWLEDGEMENT, "text": "We have it."}
        with sent() as seen:
            started = time.perf_counter()
            answer(official, petition, level=None, **given)
            return Queued(time.perf_counter() - started, len(seen))

    return present.inside(act)


class Sending:
    """The sink, and a worker that sends to it."""

    def __init__(self, present: Present, folder: Path) -> None:
        self.port, self.file = free_port(), folder / f"{present.data.name}.taken"
        self.file.touch()
        self.environment = os.environ | present.environment
        self.environment |= {"PORTAL_SMTP_HOST": "127.0.0.1", "PORTAL_SMTP_PORT": str(self.port)}
        self.environment |= {"PORTAL_JOB_LEASE_SECONDS": "5"}
        command = [sys.executable, "-m", "benchmarks.sink", str(self.port), str(self.file)]
        self.sink = subprocess.Popen(command)
        self.worker: subprocess.Popen[bytes]

    @contextmanager
    def begun(self) -> Iterator["Sending"]:
        self.work()
        try:
            yield self
        finally:
            for process in (self.worker, self.sink):
                process.terminate()
                process.wait()

    def work(self) -> None:
        self.worker = subprocess.Popen([sys.executable, "-m", "portal", "work"], env=self.environment)

    def kill(self) -> None:
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait()
        self.work()

    def taken(self) -> int:
        with self.file.open("rb") as file:
            return sum(1 for _ in file)

    def until(self, number: int) -> None:
        while self.taken() < number:
            if self.worker.poll() is not None:
                raise RuntimeError("the worker ended")
            time.sleep(0.05)

    def rate(self, size: int) -> tuple[float, float]:
        """Mails in a second from now on, and milliseconds of the worker's processor for each."""
        process, first = psutil.Process(self.worker.pid), self.taken()
        began, used = time.perf_counter(), sum(process.cpu_times()[:2])
        while (number := self.taken()) < size and time.perf_counter() < began + LOOKED_FOR:
            time.sleep(0.1)
        took, worked = time.perf_counter() - began, sum(process.cpu_times()[:2]) - used
        return (number - first) / took, 1000 * worked / (number - first)

    def doubled(self) -> tuple[int, int]:
        """How many people got a mail more than once; and how many of these got another mail than before."""
        lines = self.file.read_text().splitlines()
        people, mails = Counter(line.partition(" ")[0] for line in lines), len(set(lines))
        return len(lines) - len(people), mails - len(people)


def measure(kind: str, present: Present, size: int, folder: Path) -> tuple[str, str]:
    environment = present.environment | {"BARE_PAGES": str(folder)}
    with running("wsgi:app", environment, folder / "portal.log") as address:
        page_time(address, f"/d/{present.ref}")
        idle = page_time(address, f"/d/{present.ref}")
        queued = queue(present)
        with Sending(present, folder).begun() as sending:
            sending.until(min(100, size // 10))
            said = _killed(sending, size) if size == min(SIZES) else ""
            if said:
                return _row(kind, size, queued, None, idle, None), f"{kind}: {said}"
            rate = sending.rate(min(size, 20_000))
            busy = page_time(address, f"/d/{present.ref}") if sending.taken() < size else None
    return _row(kind, size, queued, rate, idle, busy), ""


def _killed(sending: Sending, size: int) -> str:
    for part in range(1, KILLS + 1):
        sending.until(size * part // (KILLS + 1))
        sending.kill()
    sending.until(size)
    time.sleep(1)
    again, others = sending.doubled()
    return (
        f"the worker was killed {KILLS} times while it sent {size:,}: {sending.taken() - again:,} people got "
        f"it, {again} of them the same mail (with the same number) once more, {others} another one."
    )


def _row(
    kind: str,
    size: int,
    queued: Queued,
    rate: tuple[float, float] | None,
    idle: float,
    busy: float | None,
) -> str:
    cells = [kind, f"{size:,}", f"{queued.seconds * 1000:.0f}", str(queued.statements)]
    cells += [f"{rate[0]:.0f}", f"{rate[1]:.1f}"] if rate else ["", ""]
    cells += [f"{idle * 1000:.1f}"]
    cells += [f"{busy * 1000:.1f}", f"{busy / idle:.2f}"] if busy else ["", ""]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    kinds = sys.argv[1:] or ["sqlite", "postgresql"]
    lines, told = [HEAD, "|---" * 9 + "|"], []
    with tempfile.TemporaryDirectory() as name, databases(Path(name), kinds) as made:
        for kind, new in made.items():
            for size in SIZES:
                present = prepare(new(f"mailing{size}"), Path(name) / f"{kind}{size}", size)
                row, said = measure(kind, present, size, Path(name))
                lines.append(row)
                told += [said] if said else []
                print(row, said, flush=True)
    about = (
        "One answer, told to all who support a petition, by one worker over one line to a mail server\n"
        f"on the same machine of {os.cpu_count()} cores, which also serves the page. Wanted: 200 a second, "
        "measured over the first 20,000.\n"
        f"{os.getloadavg()[0]:.0f} processes wanted one of the cores when it ended."
    )
    sections.write(TITLE, "\n".join([about, "", *lines, "", *told]))


if __name__ == "__main__":
    main()
