"""A database as one file, taken while the portal runs, and a database from such a file."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import URL, make_url


class CannotDump(click.ClickException):
    """In words: why a database cannot be written into a file, or read from one."""


def dump(url: URL, file: Path) -> None:
    """Write the database as it is at one moment; meanwhile others read and write as ever."""
    if url.get_backend_name() == "sqlite":
        _copy(Path(str(url.database)), file)
    else:
        _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def load(url: URL, file: Path) -> None:
    """Read it into an empty database, whole or not at all. SQLite's file is the database already."""
    if url.get_backend_name() != "sqlite":
        one_go = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run(url, "pg_restore", *one_go, str(file))


def _copy(source: Path, file: Path) -> None:
    """By SQLite's own way of copying, in one step.

    In several it would begin anew whenever somebody writes in between; in one it holds on to a moment, as
    any reader does, and keeps nobody waiting.
    """
    here = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    with closing(here), closing(sqlite3.connect(file)) as there:
        here.backup(there, pages=-1)
        there.execute("PRAGMA journal_mode=DELETE")  # so that the one file is all of it
    problem = ailing(file)
    if problem:
        raise CannotDump(f"The database is damaged, and so is this copy: {problem}.")


def ailing(file: Path) -> str | None:
    """What SQLite finds wrong with this file: its pages, its indexes, rows that refer to nothing."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            found: str = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                return found
            astray = database.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
    return f"a row of {astray[0]} refers to a row of {astray[2]} that is not there" if astray else None


def _run(url: URL, program: str, *words: str) -> None:
    """One of PostgreSQL's own programs; the password goes along in its environment, where `ps` shows none."""
    found = shutil.which(program)
    if found is None:
        raise CannotDump(
            f"{program} is not on this machine. It comes with PostgreSQL (on Debian: apt-get install "
            "postgresql-client), in a version not older than the server's."
        )
    plain = make_url(url).set(drivername="postgresql", password=None)
    where = plain.render_as_string(hide_password=False)
    secret = {"PGPASSWORD": url.password} if url.password else {}
    command = [found, *words, f"--dbname={where}"]
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotDump(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr else 'failed'}")
