"""Pages that everybody gets, read in a copy of the database that follows it. On a real one."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from portal.kernel import stamps
from portal.web.copies import WROTE
from portal.web.held import Shelf
from tests import databases
from tests.browser import Browser
from tests.cluster import Cluster, basebackup
from tests.conftest import close, make_app
from tests.factories import a_person, an_issue
from tests.processes import until

SUPPORTERS = "#dossiers-support .rail b"
pytestmark = pytest.mark.postgres


@pytest.fixture
def copy() -> Iterator[Cluster]:
    if "postgresql" not in databases.KINDS or basebackup() is None:
        pytest.skip("the tests run on SQLite alone, or this PostgreSQL cannot be copied")
    made = databases.cluster().copy_that_follows("copy")
    yield made
    if not made.killed:
        made.kill()


@pytest.fixture
def app(tmp_path: Path, copy: Cluster) -> Iterator[Flask]:
    url = databases.fresh("postgresql", tmp_path)
    reads = copy.url(url.partition("?")[0].rpartition("/")[2])
    made = make_app(url, tmp_path, READS_URL=reads, HELD_BYTES=1_000_000)
    with made.app_context():
        yield made
        end(made)
    databases.drop(url)


def end(app: Flask) -> None:
    assert isinstance(app.wsgi_app, Shelf)
    app.wsgi_app.close()
    close(app)


def has_it(app: Flask) -> bool:
    with psycopg.connect(app.config["READS_URL"].replace("+psycopg", "")) as connection:
        return connection.execute("SELECT 1 FROM dossiers").fetchone() is not None


def supporters(browser: Browser, path: str) -> int:
    browser.get(path)
    assert browser.status == 200
    found = browser.seen.select_one(SUPPORTERS)
    return int(found.text.split()[0]) if found else 0


def test_strangers_read_in_the_copy_and_who_wrote_in_our_own(
    app: Flask, copy: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/d/{an_issue(opener=a_person(email='opener@homes.example')).ref}"
    slow = stamps.FOLLOWED.replace(f"'{stamps.LATE} s'", "'1 hour'")  # not to be held against a busy machine
    monkeypatch.setattr(stamps, "FOLLOWED", slow)
    stranger, signer = Browser(app), Browser(app)
    until(lambda: has_it(app), "the copy has it")
    copy.do("SELECT pg_wal_replay_pause()")

    signer.get(path)
    signer.submit("#dossiers-support form", press="button.lamp", name="A signer", email="s@homes.example")
    signer.get(signer.link(signer.mails("s@homes.example")[-1], "/s/"))
    signer.submit(press="button.lamp")
    signer.client.delete_cookie("rotonde")  # and is nobody in particular again
    assert [supporters(signer, path) for _ in range(2)] == [1, 1]
    assert supporters(stranger, path) == 0, "who reads in the copy sees what it has, also what was held"
    assert supporters(Browser(app), path) == 0
    signer.client.delete_cookie(WROTE)
    assert supporters(signer, path) == 0

    new = f"/d/{an_issue().ref}"
    assert supporters(stranger, new) == 0, "what the copy does not have is looked for in our own"
    monkeypatch.setattr(stamps, "FOLLOWED", slow.replace("1 hour", "0 s"))
    late = make_app(
        app.config["DATABASE_URL"],
        Path(app.config["DATA_DIR"]),
        READS_URL=app.config["READS_URL"],
        HELD_BYTES=1,
    )
    assert supporters(Browser(late), path) == 1, "a copy that is late is not asked"
    with late.app_context():
        end(late)

    copy.do("SELECT pg_wal_replay_resume()")
    until(lambda: supporters(stranger, path) == 1, "the copy has the signature")
    copy.kill()
    assert supporters(stranger, path) == 1
    assert supporters(Browser(app), "/") == 0, "without the copy all is read in our own"
