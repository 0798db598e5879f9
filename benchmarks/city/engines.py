"""Processes of other people's engines, started for a while and ended by their numbers."""

import os
import pwd
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from tests.processes import gone, until

PLACES = f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"
WANTED = ("etcd", "patroni", "haproxy", "pgbouncer", "nginx", "openssl", "weed")
NOBODYS_ROOT = "postgres"
"""Who runs what refuses to run as root."""


def missing() -> list[str]:
    """What this machine lacks for the city."""
    lacking = [name for name in WANTED if shutil.which(name, path=PLACES) is None]
    if NOBODYS_ROOT not in {entry.pw_name for entry in pwd.getpwall()} or os.geteuid() != 0:
        lacking.append(f"root, and a user {NOBODYS_ROOT}")
    return lacking


def program(name: str) -> str:
    found = shutil.which(name, path=PLACES)
    if found is None:
        raise RuntimeError(f"{name} is not on this machine")
    return found


class Engine:
    """One program that runs until it is stopped; what it says is in `log`."""

    def __init__(self, name: str, folder: Path, *words: str, root: bool = False) -> None:
        """`root`: runs as who started this; else as a user of its own, to whom the folder belongs."""
        self.name, self.folder, self.root = name, folder, root
        self.words = [program(words[0]), *words[1:]]
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Engine":
        other = None if self.root else pwd.getpwnam(NOBODYS_ROOT)
        if other:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, other.pw_uid, other.pw_gid)
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                self.words,
                user=other.pw_uid if other else None,
                group=other.pw_gid if other else None,
                extra_groups=[] if other else None,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        return self

    def family(self) -> list[psutil.Process]:
        """It and all that it started, and a database that it left behind."""
        found: list[psutil.Process] = []
        for number in self._numbers():
            try:
                main = psutil.Process(number)
                found += [main, *main.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
        return found

    def _numbers(self) -> list[int]:
        numbers = [self.process.pid] if self.process else []
        file = self.folder / "data" / "postmaster.pid"
        return numbers + ([int(file.read_text().split()[0])] if file.exists() else [])

    def stop(self) -> None:
        """Ask it to end; what has not ended by then is killed."""
        if self.process is None:
            return
        everybody = self.family()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self._kill(everybody)

    def kill(self) -> None:
        """As if the machine it runs on lost its power."""
        self._kill(self.family())

    def _kill(self, everybody: list[psutil.Process]) -> None:
        for process in everybody:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process:
            self.process.wait()
        until(lambda: gone(everybody), f"{self.name} is gone")
