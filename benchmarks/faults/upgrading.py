"""Upgrades that meet, or are cut off: the tables are made by several at once, and by one that is killed."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults.place import Template
from benchmarks.faults.report import Outcome
from tests.processes import TOP, environment, free_port, portal

AT_ONCE = 3
KILLED_AFTER = (0.3, 0.7, 1.2, 2.0)
"""Seconds from the first word of the database's own change to `kill -9`."""


def _empty(made: Template, data: Path, number: int) -> str:
    data.mkdir(parents=True)
    if made.cluster is None:
        return f"sqlite:///{data / 'portal.db'}"
    name = f"empty{number}"
    made.cluster.do(f"CREATE DATABASE {name}")
    return made.cluster.url(name)


def _begin(data: Path, url: str) -> "subprocess.Popen[str]":
    """`portal migrate`, on its way."""
    command = [sys.executable, str(TOP / "bin" / "start.py"), "migrate"]
    own = environment(data, free_port(), DATABASE_URL=url)
    return subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def at_once(name: str, made: Template, data: Path) -> Outcome:
    url = _empty(made, data, 1)
    began = time.monotonic()
    running = [_begin(data, url) for _ in range(AT_ONCE)]
    said = [process.communicate()[0] for process in running]
    well = time.monotonic() - began
    failed = [process.returncode for process in running if process.returncode]
    checked = portal("doctor", data=data, DATABASE_URL=url)
    right = not failed and "well   database" in checked.stdout
    sentences = " / ".join(sorted({one.strip() for one in said}))
    told = [f"{len(failed)} of {AT_ONCE} failed; each said: {sentences}"]
    return Outcome(name, made.kind, well=well, said="\n".join(said), told=told, right=right)


def cut_off(name: str, made: Template, data: Path) -> Outcome:
    url = _empty(made, data, 2)
    told = []
    for pause in KILLED_AFTER:
        process = _begin(data, url)
        time.sleep(1.5 + pause)
        process.kill()
        process.communicate()
        told.append(f"{pause} s")
    began = time.monotonic()
    again = portal("migrate", data=data, DATABASE_URL=url)
    well = time.monotonic() - began
    checked = portal("doctor", data=data, DATABASE_URL=url)
    right = again.returncode == 0 and "well   database" in checked.stdout
    told = [f"killed {len(told)} times while it made the tables, then run to its end: {again.stdout.strip()}"]
    return Outcome(name, made.kind, well=well, said=again.stderr, told=told, right=right)


FAULTS: dict[str, Callable[[str, Template, Path], Outcome]] = {
    "three upgrades at once": at_once,
    "an upgrade killed, four times": cut_off,
}
