"""`portal backup` while somebody writes, `portal restore` in a new place: the same, or a sentence why not."""

import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from portal.command_line import dumping
from portal.dossiers.commands import tell
from portal.dossiers.models import SUPPORTERS, Dossier
from portal.dossiers.timeline import Entry
from portal.kernel import storage
from portal.kernel.db import db
from tests import databases
from tests.command_line.asking import portal
from tests.conftest import close, make_app
from tests.dossiers.making import a_photo
from tests.factories import a_signature, an_issue

New = Callable[[], str]


@pytest.fixture
def new(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[New]:
    """Makes the settings those of a new machine, with an empty database; gives its address."""
    if kind == "postgresql" and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not on this machine")
    made: list[str] = []

    def machine() -> str:
        folder = tmp_path / f"new-{len(made)}"
        monkeypatch.setenv("PORTAL_DATA_DIR", str(folder))
        if kind == "sqlite":
            monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
            made.append(f"sqlite:///{folder / 'portal.db'}")
        else:
            made.append(databases.empty(kind, tmp_path))
            monkeypatch.setenv("PORTAL_DATABASE_URL", made[-1])
        return made[-1]

    yield machine
    for url in made:
        databases.drop(url)


def test_what_was_backed_up_comes_back(place: Flask, kind: str, new: New, tmp_path: Path) -> None:
    name = {"sqlite": "kept", "postgresql": "kept.tar.gz"}[kind]
    issue = an_issue(title="De lantaarn is stuk")
    tell(issue.opener, issue, text="It flickers.")
    a_signature(issue)
    photo, number = a_photo(issue).large, issue.id
    (tmp_path / "push-key").write_text("the key of those who follow")
    with db.engine.connect().execution_options(write=True) as writer:  # somebody has the pen meanwhile
        writer.execute(text("UPDATE dossiers SET title = 'Half written'"))
        done = portal("backup", tmp_path / name)
    assert done.exit_code == 0, done.output
    assert ", 2 files, the keys." in done.output
    found = db.session.get_one(Dossier, number)
    tell(found.opener, found, text="Said after it.")
    url = new()
    done = portal("restore", tmp_path / name)
    assert done.exit_code == 0, done.output
    assert "1 timelines checked, 0 broken." in done.output
    assert "2 files checked, 0 changed, 0 missing." in done.output
    assert portal("verify").exit_code == 0
    assert (tmp_path / "new-0" / "push-key").read_text() == "the key of those who follow"
    assert (tmp_path / name).stat().st_mode & 0o077 == 0, "nobody else can read it"
    db.session.remove()
    again = make_app(url, tmp_path / "new-0")
    with again.app_context():
        found = db.session.get_one(Dossier, number)
        assert found.title == "De lantaarn is stuk"
        assert db.session.scalar(db.select(SUPPORTERS).where(Dossier.id == number)) == 1
        assert storage.get(photo) == b"large"
        told = db.session.scalars(db.select(Entry.text).filter_by(dossier_id=number, verb="told"))
        assert list(told) == ["It flickers."]
        close(again)


def test_a_restore_says_what_is_damaged(place: Flask, new: New, tmp_path: Path) -> None:
    issue = an_issue()
    photo = a_photo(issue)
    changed, missing = photo.large, photo.small
    tell(issue.opener, issue, text="It flickers.")
    db.session.execute(text("UPDATE entries SET text = 'Never said.' WHERE verb = 'told'"))
    db.session.commit()
    assert portal("backup", tmp_path / "kept").exit_code == 0
    (tmp_path / "kept" / "files" / changed[:2] / changed).write_bytes(b"another picture")
    (tmp_path / "kept" / "files" / missing[:2] / missing).unlink()
    new()
    done = portal("restore", tmp_path / "kept")
    assert done.exit_code == 1
    assert "its words were changed" in done.output
    assert "is not what was uploaded" in done.output
    assert f"The file {missing} is missing." in done.output
    assert "1 files checked, 1 changed, 1 missing." in done.output


def test_what_cannot_be_put_back_is_one_sentence(
    place: Flask, kind: str, new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, folder = tmp_path / "kept.tar", tmp_path / "new-0"
    assert portal("backup", kept).exit_code == 0
    assert "is there already" in portal("backup", kept).output
    assert "is no folder" in portal("backup", tmp_path / "nowhere" / "kept").output
    assert f"{tmp_path} is not empty" in portal("restore", kept).output
    (tmp_path / "file").write_text("in the place of a folder")
    assert "Nothing was put back" in portal("restore", kept, "--into", tmp_path / "file" / "var").output
    new()
    half = tmp_path / "half.tar"
    half.write_bytes(kept.read_bytes()[:5000])
    assert "is not a whole backup" in portal("restore", half).output
    _changed(kept, tmp_path / "other.tar")
    assert "is not the one that was put there" in portal("restore", tmp_path / "other.tar").output
    other = "sqlite://" if kind == "postgresql" else "postgresql+psycopg://u@127.0.0.1:1/none"
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("PORTAL_DATABASE_URL", other)
        assert f"The backup is of {kind}" in portal("restore", kept).output
    assert not any(folder.iterdir()), "nothing is left of what failed"
    assert portal("restore", kept).exit_code == 0


def _changed(kept: Path, other: Path) -> None:
    """The same backup with something else in the place of its database."""
    with tarfile.open(kept) as before, tarfile.open(other, "w") as after:
        for member in before:
            if member.name.startswith("portal."):
                member = copied(before.getmember("about.json"), name=member.name)
            after.addfile(member, before.extractfile("about.json" if member.name[0] == "p" else member))


def copied(member: tarfile.TarInfo, name: str) -> tarfile.TarInfo:
    made = copy(member)
    made.name = name
    return made


def test_a_newer_backup_waits_for_newer_code(place: Flask, new: New, tmp_path: Path) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    db.session.commit()
    assert portal("backup", tmp_path / "kept").exit_code == 0
    new()
    assert "newer version" in portal("restore", tmp_path / "kept").output


def test_a_tar_opens_no_way_out(tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text("{}")
    with tarfile.open(tmp_path / "bad.tar", "w") as bad:
        for name in ("../out", "files/../../out", "/out", "about.json/../../out"):
            bad.add(tmp_path / "about.json", name)
        link = tarfile.TarInfo("secret")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        bad.addfile(link)
    assert portal("restore", tmp_path / "bad.tar", "--into", tmp_path / "in").exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["about.json", "bad.tar", "in"]
    assert not any((tmp_path / "in").iterdir())


def test_a_damaged_database_is_not_called_a_backup(tmp_path: Path) -> None:
    rows = sqlite3.connect(tmp_path / "it.db")
    rows.executescript("CREATE TABLE c (d PRIMARY KEY); CREATE TABLE a (b REFERENCES c (d))")
    rows.execute("INSERT INTO a VALUES (1)")
    rows.commit()
    rows.close()
    assert dumping.ailing(tmp_path / "it.db") == "a row of a refers to a row of c that is not there"


def test_without_pg_dump_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(dumping.CannotDump, match="postgresql-client"):
        dumping.dump(dumping.make_url("postgresql+psycopg://somebody@127.0.0.1/portal"), tmp_path / "dump")
