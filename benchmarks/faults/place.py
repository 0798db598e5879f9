"""A portal to be broken: its data, its database, a mail server, and what is to be known of it afterwards."""

import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.faults.people import PATIENCE, People
from benchmarks.faults.sink import Sink
from benchmarks.petition import SECRET, prepare
from tests.cluster import Cluster
from tests.processes import Running, portal

RETRY = "2"
"""Seconds after which a job that failed is tried again the first time; the portal's own default is 60."""
SIGNED = "SELECT p.email FROM signatures s JOIN people p ON p.id = s.person_id WHERE p.email LIKE 'signer%'"
REPORTED = "SELECT title FROM dossiers WHERE title LIKE 'Report %'"
WAITING = "SELECT count(*) FROM jobs WHERE done_at IS NULL AND dead_at IS NULL AND task LIKE 'notices.%'"
DEAD = "SELECT count(*) FROM jobs WHERE dead_at IS NOT NULL"


@dataclass
class Template:
    """A database with a petition in it, of which each place gets a copy; `ref` is the petition's."""

    kind: str
    folder: Path
    cluster: Cluster | None
    ref: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1000)))

    def make(self) -> "Template":
        url = f"sqlite:///{self.folder / 'template.db'}"
        if self.cluster:
            self.cluster.do("CREATE DATABASE filled")
            url = self.cluster.url("filled")
        self.ref = prepare(url, self.folder / "template", 0).ref
        return self

    def copy(self, data: Path) -> str:
        """The address of a new database like this one."""
        data.mkdir(parents=True, exist_ok=True)
        if self.cluster:
            name = f"place{next(self.numbers)}"
            self.cluster.copy("filled", name)
            return self.cluster.url(name)
        shutil.copyfile(self.folder / "template.db", data / "portal.db")
        return f"sqlite:///{data / 'portal.db'}"


class Place:
    """One portal with its people's mails; what processes find it is in `settings`."""

    def __init__(self, template: Template, data: Path, **more: str) -> None:
        self.template, self.data, self.cluster = template, data, template.cluster
        self.kind = template.kind
        self.sink = Sink()
        self.url = template.copy(data)
        self.settings = {"DATABASE_URL": self.url, "SECRET_KEY": SECRET, "SMTP_HOST": "127.0.0.1"}
        self.settings |= {"SMTP_PORT": str(self.sink.port), "JOB_RETRY_SECONDS": RETRY, "SMTP_SECONDS": "3"}
        self.settings |= {"JOB_LEASE_SECONDS": "5", **more}
        self.engine = sa.create_engine(self.url, pool_pre_ping=True)
        self.portals: list[Running] = []

    def serve(self, port: int = 0) -> Running:
        """Another `portal serve` of it, ready to answer."""
        running = Running("serve", data=self.data, port=port, **self.settings)
        self.portals.append(running)
        running.wait_until_it_answers()
        return running

    def people(self, *portals: Running) -> People:
        return People([running.url for running in portals], self.template.ref)

    def ask(self, statement: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement)).scalars())

    def mails_out(self, moment: float) -> float:
        """Seconds from this moment until no mail waits any more."""
        while (waiting := self.ask(WAITING)[0]) > 0:
            if time.monotonic() - moment > PATIENCE:
                raise TimeoutError(f"{waiting} mails wait after {PATIENCE} s")
            time.sleep(0.1)
        return time.monotonic() - moment

    def close(self) -> None:
        for running in self.portals:
            if running.process.poll() is None:
                running.terminate()
        self.sink.close()
        self.engine.dispose()


@dataclass
class Account:
    """Rows and mails against what people were told."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    mails_doubled: list[str]
    dead: int
    verified: bool


def account(place: Place, people: People) -> Account:
    signed = Counter(place.ask(SIGNED))
    reported = Counter(f"reporter{title.split()[1]}@fault.example" for title in place.ask(REPORTED))
    rows, mails = signed + reported, place.sink.recipients()
    told = [one.who for one in people.signed + people.reported]
    lost = [f"{who}: row" for who in told if who not in rows]
    lost += [f"{who}: mail" for who in told if who not in mails]
    verified = portal("verify", data=place.data, **place.settings)
    return Account(
        acknowledged=len(told),
        lost=lost,
        doubled=[who for who, number in rows.items() if number > 1],
        mails_doubled=[who for who, number in mails.items() if number > 1],
        dead=place.ask(DEAD)[0],
        verified=verified.returncode == 0,
    )


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own of this size, in memory; PermissionError where nobody may make one."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        raise PermissionError("a small disk may not be made here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)  # noqa: S607


def fill(folder: Path) -> Path:
    """A file that takes all the room that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return ballast
