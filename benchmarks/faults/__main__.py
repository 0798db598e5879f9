"""`python -m benchmarks.faults`: break the real thing on purpose, and write what came of it.

    python -m benchmarks.faults                        everything, into docs/reliability.md
    python -m benchmarks.faults --hold 60              what goes away is gone for so many seconds
    python -m benchmarks.faults --only "disk full"     one of them anew; the others stay as they were found

Needs nothing but this machine. A full disk is a small one in memory, which only an administrator may make.
"""

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.faults import report, upgrading
from benchmarks.faults.breaking import AFTER, FAULTS, HOLD, Broken, Kind
from benchmarks.faults.place import Place, Template, account, small_disk
from benchmarks.faults.report import Outcome
from tests import databases
from tests.cluster import Cluster

HERE = Path(__file__).parent
KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def template(kind: str, folder: Path, *, durable: bool = True) -> Iterator[Template]:
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder) if kind == "PostgreSQL" else None
    if cluster:
        cluster.start(durable=durable)
    try:
        yield Template(kind, folder, cluster).make()
    finally:
        if cluster:
            cluster.stop()


@contextmanager
def place(name: str, how: Kind, made: Template, folder: Path) -> Iterator[Place]:
    """A portal to be broken, with the small disk that the fault is about."""
    with ExitStack() as stack:
        data = folder / "data"
        if how.disk == "all":
            disk = stack.enter_context(small_disk(folder / "disk", "600m" if made.cluster else "64m"))
            os.environ["FAULTS_DISK"] = str(disk)
            data = disk / "data"
            if made.cluster:
                made = stack.enter_context(template(made.kind, disk / "database", durable=False))
        if how.disk == "files":
            data.mkdir(parents=True)
            stack.enter_context(small_disk(data / "files", "64m"))
        found = Place(made, data)
        stack.callback(found.close)
        yield found


def break_it(name: str, made: Template, folder: Path, hold: float) -> Outcome:
    how = FAULTS[name]
    (folder / "ahead").parent.mkdir(parents=True, exist_ok=True)
    (folder / "ahead").write_text("0")
    os.environ["FAULTS_AHEAD"] = str(folder / "ahead")
    try:
        with place(name, how, made, folder) as found:
            return _broken(name, how, found, hold)
    except PermissionError as error:
        return Outcome(name, made.kind, skipped=str(error))


def _broken(name: str, how: Kind, found: Place, hold: float) -> Outcome:
    running = found.serve()
    people = found.people(running)
    people.well_after(time.monotonic())
    time.sleep(AFTER)
    broken = Broken(found, running, people, hold)
    if hold != HOLD:
        broken.told.append(f"{hold:.0f} s long.")
    try:
        moment = how.fault(broken)
        well = people.well_after(moment)
    finally:
        people.stop()
    mailed = found.mails_out(moment)
    said = "\n".join(portal.said for portal in found.portals)
    return Outcome(name, found.kind, people.saw, account(found, people), well, mailed, said, broken.told)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.faults")
    asked.add_argument("--hold", type=float, default=HOLD)
    asked.add_argument("--only", action="append", default=[], choices=[*FAULTS, *upgrading.FAULTS])
    asked.add_argument("--database", action="append", default=[], choices=KINDS)
    given = asked.parse_args()
    os.environ["PYTHONPATH"] = str(HERE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and everything that was started, too
    names, outcomes = [*FAULTS, *upgrading.FAULTS], []
    with tempfile.TemporaryDirectory(prefix="faults-", dir=databases._in_memory()) as name:
        Path(name).chmod(0o711)  # the database's own user must find its folder in it
        (Path(name) / "ahead").write_text("0")
        os.environ["FAULTS_AHEAD"] = str(Path(name) / "ahead")
        for kind in given.database or KINDS:
            for outcome in _all(kind, Path(name) / kind, given.only, given.hold):
                outcomes.append(report.shown(outcome))
                report.write(outcome, names, python=platform.python_version())
    if any(outcome.bad for outcome in outcomes):
        raise SystemExit(1)


def _all(kind: str, folder: Path, only: list[str], hold: float) -> Iterator[Outcome]:
    with template(kind, folder) as made:
        for number, (name, how) in enumerate(FAULTS.items()):
            if (not only or name in only) and how.only in {"", kind}:
                yield break_it(name, made, folder / f"n{number}", hold)
        for name, fault in upgrading.FAULTS.items():
            if not only or name in only:
                yield fault(name, made, folder / name.replace(" ", "-"))


if __name__ == "__main__":
    main()
