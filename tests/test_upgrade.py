"""The first version that could be used, with its demonstration, is one of today after an upgrade.

tests/data/first-demo.tar.xz is the data folder as `portal demo` of that version left it (revision 0001),
without its secret.
"""

import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.dossiers import commands
from portal.dossiers.models import Attachment, Dossier, Signature, State
from portal.dossiers.queries import supporters_of
from portal.kernel import jobs, storage
from portal.kernel.db import db
from tests import databases
from tests.browser import Browser
from tests.command_line.asking import portal
from tests.conftest import close, make_app

FIRST = Path(__file__).parent / "data" / "first-demo.tar.xz"
KEPT = [
    "SELECT name, state, shown, reason FROM signatures",
    "SELECT ref, kind, state, title, body FROM dossiers",
    "SELECT email, name FROM people",
    "SELECT verb, text, hash FROM entries",
]


def unpack(into: Path) -> None:
    """By hand: `extractall` warns without a filter, and takes none before Python 3.11.4."""
    with tarfile.open(FIRST) as archive:
        for member in filter(tarfile.TarInfo.isfile, archive):
            file, content = into / member.name, archive.extractfile(member)
            assert content is not None
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the first version, known to the commands."""
    unpack(tmp_path)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def upgraded(kind: str, first: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    done = portal("migrate")
    assert done.exit_code == 0, done.output
    url = f"sqlite:///{first / 'portal.db'}"
    if kind == "postgresql":
        url = databases.empty(kind, first)
        done = portal("move", "--to", url.replace("+psycopg", ""))
        assert done.exit_code == 0, done.output
        monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    app = make_app(url, first)
    with app.app_context():
        yield app
        close(app)
    databases.drop(url)


def stood(path: Path) -> list[list[tuple[object, ...]]]:
    with sqlite3.connect(path) as rows:
        found = [sorted(rows.execute(query).fetchall(), key=repr) for query in KEPT]
    rows.close()
    return found


def test_all_of_it_is_there_and_goes_on(upgraded: Flask, tmp_path: Path) -> None:
    before = tmp_path / "before"
    unpack(before)
    now = [sorted((tuple(row) for row in db.session.execute(db.text(q))), key=repr) for q in KEPT]
    if db.engine.name == "postgresql":  # it has true and false, and not 1 and 0
        now[0] = sorted(((*row[:2], int(row[2]), row[3]) for row in now[0]), key=repr)
    assert now == stood(before / "portal.db")
    verified = portal("verify")
    assert verified.exit_code == 0, verified.output
    while jobs.work():
        pass
    visitor = Browser(upgraded)
    dossiers = db.session.scalars(db.select(Dossier)).all()
    for dossier in dossiers:
        visitor.get(f"/d/{dossier.ref}", follow_redirects=False)
        open_to_all = dossier.state not in {State.DRAFT, State.UNCONFIRMED}
        assert (visitor.status == 200) is open_to_all, (dossier.ref, dossier.state, visitor.status)
    for photo in db.session.scalars(db.select(Attachment)):
        assert all(storage.get(key) for key in (photo.large, photo.small))
    visitor.get("/dossiers?q=urinoir")
    assert visitor.seen.select("main article, main .card"), "the index is made when the worker goes by"
    someone = db.session.scalars(db.select(Person).where(Person.erased_at.is_(None))).first()
    assert someone is not None
    signed = {s.dossier_id for s in db.session.scalars(db.select(Signature).filter_by(person_id=someone.id))}
    another = next(d for d in dossiers if d.state == State.OPEN and d.id not in signed)
    supporters = supporters_of([another.id])
    commands.sign(someone, another)
    assert supporters_of([another.id]) == {another.id: supporters[another.id] + 1}
    visitor.signs_in(someone).get("/me")
    assert visitor.status == 200
