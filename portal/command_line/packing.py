"""What a backup is made of, as a folder or as one file; how it comes out again, and nothing beside it."""

import hashlib
import json
import os
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any, Protocol

import click

from portal.kernel.storage import KEY

ABOUT, KEYS, FILES = "about.json", ("secret", "push-key"), "files"
DATABASES = {"sqlite": "portal.db", "postgresql": "portal.dump"}
"""How the database is called in a backup, by its engine."""
KNOWN = re.compile(
    "|".join([*map(re.escape, (ABOUT, *KEYS, *DATABASES.values())), rf"{FILES}/[0-9a-f]{{2}}/{KEY.pattern}"])
)
TARS = {".tar": "", ".tgz": "gz", ".gz": "gz"}
"""Endings by which a backup is one file, and how that is compressed."""


class NoBackup(click.ClickException):
    """In words: why this is no backup, or not a whole one."""


class Package(Protocol):
    """Where a backup is written; `finish` gives it its name, so that half a one never looks like a whole."""

    def add(self, source: Path, name: str) -> None: ...

    def finish(self) -> None: ...

    def give_up(self) -> None: ...


class Folder:
    """A backup that another program can copy: what did not change since keeps its name and its date."""

    def __init__(self, target: Path) -> None:
        self.target, self.unfinished = target, target.with_name(f".{target.name}.part")
        self.unfinished.mkdir(mode=0o700)

    def add(self, source: Path, name: str) -> None:
        there = self.unfinished / name
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, there)
        _to_disk(there)

    def finish(self) -> None:
        self.unfinished.rename(self.target)
        _to_disk(self.target.parent)

    def give_up(self) -> None:
        shutil.rmtree(self.unfinished)


class Tar:
    """A backup in one file, which only its owner can read."""

    def __init__(self, target: Path, how: str) -> None:
        self.target, self.unfinished = target, target.with_name(f".{target.name}.part")
        handle = os.open(self.unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "wb")
        mode: Any = f"w:{how}"
        self.tar = tarfile.open(fileobj=self.file, mode=mode)  # noqa: SIM115 (finish closes it)

    def add(self, source: Path, name: str) -> None:
        self.tar.add(source, name, recursive=False)

    def finish(self) -> None:
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.unfinished.rename(self.target)
        _to_disk(self.target.parent)

    def give_up(self) -> None:
        self.file.close()
        self.unfinished.unlink()


def package(target: Path) -> Package:
    """For a new backup with this name; its ending says whether it is one file."""
    return Tar(target, TARS[target.suffix]) if target.suffix in TARS else Folder(target)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(backup: Path, into: Path) -> dict[str, Any]:
    """Everything of a backup into an empty folder; returns what it says of itself. Raises NoBackup."""
    into.mkdir(parents=True, exist_ok=True)
    try:
        _unpack_folder(backup, into) if backup.is_dir() else _unpack_tar(backup, into)
        about: dict[str, Any] = json.loads((into / ABOUT).read_text())
    except (tarfile.TarError, EOFError, ValueError, FileNotFoundError) as error:
        raise NoBackup(f"{backup} is not a whole backup of a portal ({type(error).__name__}).") from error
    (into / ABOUT).unlink()
    for name in KEYS:
        if (into / name).exists():
            (into / name).chmod(0o600)
    database = into / DATABASES[about["engine"]]
    if not database.exists() or digest(database) != about["sha256"]:
        raise NoBackup(f"The database in {backup} is not the one that was put there.")
    return about


def _unpack_folder(backup: Path, into: Path) -> None:
    for path in sorted(backup.rglob("*")):
        name = str(path.relative_to(backup))
        if path.is_file() and KNOWN.fullmatch(name):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, into / name)


def _unpack_tar(backup: Path, into: Path) -> None:
    """By hand: a tar can hold ways out of the folder, links and devices, and ours has none of them."""
    with tarfile.open(backup) as tar:
        for member in tar:
            content = tar.extractfile(member) if KNOWN.fullmatch(member.name) and member.isreg() else None
            if content is None:
                continue
            path = into / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)
            os.utime(path, (member.mtime, member.mtime))
