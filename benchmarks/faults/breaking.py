"""The faults. Each breaks a portal that people use, waits, and mends; it gives the moment of the mending."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.faults.people import People
from benchmarks.faults.place import Place, fill, remount
from benchmarks.faults.sink import Mood
from benchmarks.faults.slow import SlowWay
from tests.cluster import Cluster
from tests.processes import Running, gone, until

HOLD = 4.0
"""Seconds that something is gone; `--hold 60` for the long run."""
AFTER = 1.0
"""Seconds that people use it before it breaks."""


@dataclass
class Broken:
    """What a fault has in its hands."""

    place: Place
    running: Running
    people: People
    hold: float
    told: list[str] = field(default_factory=list)
    """What else is to be said of it."""

    @property
    def cluster(self) -> Cluster:
        if self.place.cluster is None:
            raise RuntimeError("this database is no server that could be broken")
        return self.place.cluster

    def kill(self, processes: list[psutil.Process]) -> None:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        until(lambda: gone(processes), "they are gone")


Fault = Callable[[Broken], float]


def web_process(broken: Broken) -> float:
    """`kill -9` of one of the two web processes; gunicorn starts another."""
    until(broken.running.worker, "the worker, whose parent serves nothing")
    found = broken.running.worker()
    keeper = found.ppid() if found else 0
    children = psutil.Process(broken.running.process.pid).children()
    moment = time.monotonic()
    broken.kill([child for child in children if child.pid != keeper][-1:])
    return moment


def web(broken: Broken) -> float:
    """`kill -9` of the whole server; somebody (systemd) starts it again after a second."""
    everybody = broken.running.family()
    broken.running.kill()
    until(lambda: gone(everybody), "nothing is left of it")
    time.sleep(1)
    moment = time.monotonic()
    broken.place.serve(broken.running.port)
    return moment


def worker(broken: Broken) -> float:
    """`kill -9` of the worker, three times, in the midst of mailing."""
    for _ in range(3):
        until(broken.running.worker, "a worker")
        found = broken.running.worker()
        taken = len(broken.place.sink.taken)
        until(lambda taken=taken: len(broken.place.sink.taken) > taken + 1, "it mails")
        if found:
            broken.kill([found])
    return time.monotonic()


def database_killed(broken: Broken) -> float:
    """`kill -9` of every process of the database, which is started again after a second."""
    broken.cluster.kill()
    time.sleep(1)
    broken.cluster.start_again()
    return time.monotonic()


def database_gone(broken: Broken) -> float:
    """The database is stopped, and is away for a while."""
    broken.cluster.stop()
    time.sleep(broken.hold)
    broken.cluster.start_again()
    return time.monotonic()


def database_silent(broken: Broken) -> float:
    """The database takes connections and says nothing (SIGSTOP), for a while."""
    everybody = broken.cluster.family()
    for process in everybody:
        process.suspend()
    time.sleep(broken.hold)
    for process in broken.cluster.family():
        process.resume()
    return time.monotonic()


def disk_full(broken: Broken) -> float:
    """No room is left on the disk of data, files and database, for a while."""
    disk = Path(os.environ["FAULTS_DISK"])
    ballast = fill(disk)
    until_end = time.monotonic() + broken.hold
    while time.monotonic() < until_end:
        time.sleep(0.5)
        fill_again(ballast)
    ballast.unlink()
    cluster = broken.place.cluster
    if cluster and not server_runs(broken.place):
        broken.told.append("The database had stopped itself; it was started again.")
        cluster.start_again()
    return time.monotonic()


def fill_again(ballast: Path) -> None:
    """What was freed meanwhile is taken, too."""
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096) == 4096:
            pass


def server_runs(place: Place) -> bool:
    try:
        place.ask("SELECT 1")
    except Exception:  # whatever it says: it does not answer
        return False
    return True


def files_read_only(broken: Broken) -> float:
    """The disk of the files can be read and not written on, for a while."""
    files = broken.place.data / "files"
    remount(files, "ro")
    time.sleep(broken.hold)
    remount(files, "rw")
    return time.monotonic()


def files_gone(broken: Broken) -> float:
    """Nothing can be reached in the place of the folder of files, for a while."""
    files = broken.place.data / "files"
    aside = files.rename(files.with_name("aside"))
    files.write_text("not a folder")
    time.sleep(broken.hold)
    files.unlink()
    aside.rename(files)
    return time.monotonic()


def mail_refuses(broken: Broken) -> float:
    """Nobody listens where the mail server was."""
    broken.place.sink.close()
    time.sleep(broken.hold)
    broken.place.sink.open()
    return time.monotonic()


def mail_hangs(broken: Broken) -> float:
    """The mail server takes the talk up and then says nothing."""
    broken.place.sink.mood = Mood.HANGS
    time.sleep(broken.hold)
    broken.place.sink.mood = Mood.WELL
    return time.monotonic()


def mail_later(broken: Broken) -> float:
    """The mail server answers 451 to every recipient."""
    broken.place.sink.mood = Mood.LATER
    time.sleep(broken.hold)
    broken.place.sink.mood = Mood.WELL
    return time.monotonic()


def clock_jumps(broken: Broken) -> float:
    """The clock of all processes is a year ahead for a while, and is then set back."""
    ahead = Path(os.environ["FAULTS_AHEAD"])
    ahead.write_text(str(365 * 24 * 3600))
    time.sleep(broken.hold)
    ahead.write_text("0")
    return time.monotonic()


def second_deploy(broken: Broken) -> float:
    """A second server with its own worker is started on the same data, and the first one is stopped."""
    second = broken.place.serve()
    broken.people.addresses.append(second.url)
    time.sleep(broken.hold)
    broken.people.addresses.remove(broken.running.url)
    broken.running.terminate()
    return time.monotonic()


def slow_network(broken: Broken) -> float:
    """Every second person comes over a slow way for a while, on which some answers are lost."""
    way = SlowWay(broken.running.url)
    broken.people.addresses.append(way.url)
    time.sleep(broken.hold)
    broken.people.addresses.remove(way.url)
    moment = time.monotonic()
    broken.people.well_after(moment)
    way.close()
    broken.told.append(f"{way.forms} forms came that way, and the answers to {way.cut} were lost on it.")
    return moment


@dataclass(frozen=True)
class Kind:
    fault: Fault
    only: str = ""
    disk: str = ""
    """Which folder is a small disk of its own: `all` or `files`."""


FAULTS: dict[str, Kind] = {
    "one web process killed": Kind(web_process),
    "web server killed": Kind(web),
    "worker killed, three times": Kind(worker),
    "database killed": Kind(database_killed, only="PostgreSQL"),
    "database gone": Kind(database_gone, only="PostgreSQL"),
    "database silent": Kind(database_silent, only="PostgreSQL"),
    "disk full": Kind(disk_full, disk="all"),
    "files cannot be written": Kind(files_read_only, disk="files"),
    "files gone": Kind(files_gone),
    "mail server refuses": Kind(mail_refuses),
    "mail server hangs": Kind(mail_hangs),
    "mail server says 451": Kind(mail_later),
    "clock a year ahead": Kind(clock_jumps),
    "two deploys at once": Kind(second_deploy),
    "slow network": Kind(slow_network),
}
