"""The databases of a run: of each kind one template, migrated and filled once; every test gets a copy of it.

Tests commit for real. Several processes (pytest -n) share the templates and the one PostgreSQL: whoever needs
it first makes it, under a lock, in the folder of the run. A caretaker removes it all when the run ends, also
when the run was killed.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from portal import create_app
from portal.dossiers.commands import load_categories
from portal.kernel import migrations
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.places import loading
from portal.places.commands import load
from tests import pooler
from tests.cluster import Cluster, binaries, runs_as
from tests.sweeping import Sweeper

KINDS = os.environ.get("PORTAL_TEST_DATABASES", "sqlite,postgresql").split(",")
RUN = "PORTAL_TEST_RUN"
AGAIN = "postgresql" if "sqlite" in KINDS else ""
"""The kind on which what does not depend on where the rows lie is tried in part: it was tried in full."""
SWEEPERS: dict[str, Sweeper] = {}
"""Of each database on PostgreSQL that is renewed."""
ROOM = 2 * 1024**3
NONE_FOUND = (
    "The tests run on SQLite and on PostgreSQL, and this machine has no PostgreSQL: install it (on Debian: "
    "apt-get install postgresql), or test on SQLite alone: PORTAL_TEST_DATABASES=sqlite make test"
)
CARETAKER = """
cat > /dev/null
kill $(cat "$0/pooler/pid" 2> /dev/null) 2> /dev/null
pid=$(head -n 1 "$0/postgresql/data/postmaster.pid" 2> /dev/null)
[ -n "$pid" ] && kill -QUIT "$pid" && while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
rm -rf "$0"
"""


class Run:
    """The folder of one run; removed, with the PostgreSQL in it, when the caretaker's pipe is closed."""

    def __init__(self) -> None:
        if "postgresql" in KINDS and binaries() is None:
            raise pytest.UsageError(NONE_FOUND)
        self.folder = tempfile.mkdtemp(prefix="rotonde-", dir=_in_memory())
        os.environ[RUN] = self.folder
        self.caretaker = subprocess.Popen(
            ["sh", "-c", CARETAKER, self.folder], stdin=subprocess.PIPE, start_new_session=True
        )

    def end(self) -> None:
        self.caretaker.communicate()


def _in_memory() -> str | None:
    """Where files are kept in memory, if there is room for them; None: where temporary files go."""
    memory = Path("/dev/shm")  # noqa: S108 (mkdtemp makes a closed folder in it)
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else None


def params() -> list[Any]:
    """For a fixture: each kind of database, `-m "not postgres"` leaves the second one out."""
    marks = {"postgresql": [pytest.mark.postgres]}
    return [pytest.param(kind, marks=marks.get(kind, [])) for kind in KINDS]


def folder() -> Path:
    return Path(os.environ[RUN])


@contextmanager
def once(name: str) -> Iterator[bool]:
    """True for the first process that comes here; others wait until it is ready."""
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ready = folder() / f"{name}.ready"
        yield not ready.exists()
        ready.touch()


def cluster() -> Cluster:
    """The PostgreSQL of this run, started when it is asked for the first time."""
    made = Cluster(folder())
    with once("cluster") as first:
        if first:
            made.start()
    return made


def fill(app: Flask) -> None:
    """The tables and what every portal has in them: neighbourhoods, place names, categories."""
    with app.app_context():
        migrations.upgrade()
        load(
            SYSTEM,
            None,
            neighbourhoods=loading.neighbourhoods(),
            places=loading.places(),
            streets=loading.streets(),
        )
        load_categories(SYSTEM, None, rows=loading.categories())
        db.session.remove()
        db.engine.dispose()


def _template(kind: str, url: str) -> None:
    settings = {"DATA_DIR": str(folder() / kind), "DATABASE_URL": url, "SECRET_KEY": "template"}
    Context().run(lambda: fill(create_app(**settings)))


def empty(kind: str, data: Path) -> str:
    """The address of a new database without a table."""
    data.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{data / 'portal.db'}" if kind == "sqlite" else _create("template0")


def fresh(kind: str, data: Path) -> str:
    """The address of a copy of the template; SQLite's lies in the folder `data`."""
    data.mkdir(parents=True, exist_ok=True)
    made: dict[str, Callable[[], str]] = {"sqlite": lambda: _copied(data), "postgresql": _created}
    return made[kind]()


def _copied(data: Path) -> str:
    with once("sqlite") as first:
        if first:
            _template("sqlite", "")
    shutil.copyfile(folder() / "sqlite" / "portal.db", data / "portal.db")
    return f"sqlite:///{data / 'portal.db'}"


def _created() -> str:
    server = cluster()
    with once("postgresql") as first:
        if first:
            server.do("CREATE DATABASE filled")
            _template("postgresql-data", server.url("filled"))
    return _create("filled")


def _create(template: str) -> str:
    name = f"test_{uuid4().hex}"
    cluster().copy(template, name)
    return _pooled(name) if pooler.WANTED else cluster().url(name)


def _pooled(name: str) -> str:
    with once("pooler") as first:
        if first:
            pooler.begin(folder() / "pooler", cluster().folder, runs_as())
    return pooler.url(folder() / "pooler", name)


def renew(url: str, data: Path) -> bool:
    """What `fresh` gave is again as it was then; whether who is connected to it still is.

    Nobody is in the midst of anything.
    """
    shutil.rmtree(data)
    data.mkdir()
    if not url.startswith("postgresql"):
        shutil.copyfile(folder() / "sqlite" / "portal.db", data / "portal.db")
        return False
    if url in SWEEPERS and SWEEPERS[url].sweep():
        return True
    drop(url)
    cluster().copy("filled", _name(url))
    SWEEPERS[url] = Sweeper(cluster().url(_name(url)))
    return False


@contextmanager
def undone() -> Iterator[None]:
    """On SQLite: what is done inside is undone in the database; files stay as they are."""
    with closing(sqlite3.connect(":memory:")) as before:
        with closing(db.engine.raw_connection()) as ours:
            ours.driver_connection.backup(before)
        yield
        db.session.rollback()
        with closing(db.engine.raw_connection()) as ours:
            before.backup(ours.driver_connection)
        db.session.expire_all()


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def drop(url: str) -> None:
    """Remove a database that was made here; SQLite's goes with its folder."""
    if url.startswith("postgresql"):
        if sweeper := SWEEPERS.pop(url, None):
            sweeper.close()
        cluster().do(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")
