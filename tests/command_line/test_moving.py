"""`portal move` takes a living SQLite portal into PostgreSQL: all of it, or one sentence why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from portal.accounts.models import Organisation, OrganisationKind
from portal.command_line import moving
from portal.command_line.rows import Sum
from portal.dossiers.commands import tell
from portal.dossiers.models import Dossier
from portal.kernel import jobs
from portal.kernel.commands import transaction
from portal.kernel.db import Base, db
from portal.kernel.jobs import Job
from tests import databases
from tests.command_line.asking import portal
from tests.conftest import close, make_app
from tests.factories import a_petition, a_signature, an_issue, an_organisation

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif("postgresql" not in databases.KINDS, reason="the tests run on SQLite alone"),
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal on SQLite that the command line finds, with one of nearly everything."""
    url = databases.fresh("sqlite", tmp_path)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
    app = make_app(url, tmp_path)
    with app.app_context():
        a_petition(state="handed_over")
        issue = an_issue(title="De lantaarn 'naast' de ☂ is stuk")
        tell(issue.opener, issue, text="It flickers.\n\tAt night.")
        for _ in range(3):
            a_signature(issue)
        while jobs.work():
            pass
        first = an_organisation(OrganisationKind.PLATFORM)
        second = an_organisation(OrganisationKind.COALITION)
        with transaction():
            first.parent_id = second.id  # a row that refers to one that comes after it
            gone = Job(task="gone", arguments={"nothing": None})
            db.session.add_all([gone, Job(task="kept", arguments={"words": "é", "n": 1.5})])
            db.session.flush()
            db.session.delete(db.session.get_one(Job, gone.id))
        yield app
        close(app)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    """The address of an empty PostgreSQL."""
    url = databases.empty("postgresql", tmp_path)
    yield url
    databases.drop(url)


def test_all_of_it_is_there_afterwards(place: Flask, target: str, tmp_path: Path) -> None:
    title = db.session.scalar(db.select(Dossier.title).where(Dossier.title.contains("☂")))
    highest = db.session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'"))
    done = portal("move", "--to", target.replace("+psycopg", ""))
    assert done.exit_code == 0, done.output
    assert f"{len(Base.metadata.sorted_tables)} tables with" in done.output
    assert " 0 differ." in done.output
    assert "2 timelines checked, 0 broken." in done.output
    there = make_app(target, tmp_path)
    with there.app_context():
        assert db.session.scalar(db.select(Dossier.title).where(Dossier.title.contains("☂"))) == title
        family = db.session.scalars(db.select(Organisation).where(Organisation.parent_id.is_not(None))).all()
        assert len(family) == 1
        jobs.later("new")
        db.session.commit()
        assert db.session.scalar(db.select(db.func.max(Job.id))) == (highest or 0) + 1, "no number twice"
        assert there.test_client().get("/dossiers").status_code == 200
        close(there)
    again = portal("move", "--to", target)
    assert again.exit_code == 1
    assert "That database is not empty; nothing was copied." in again.output


def test_what_is_broken_and_what_is_written_meanwhile_is_not_passed_over(
    place: Flask, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.execute(text("UPDATE entries SET text = 'Never said.' WHERE verb = 'told'"))
    db.session.commit()
    compare = moving._compare

    def while_somebody_writes(sums: dict[str, Sum], address: str) -> None:
        with db.engine.connect().execution_options(write=True) as writer:
            writer.execute(text("UPDATE dossiers SET title = 'Written since'"))
            writer.commit()
        compare(sums, address)

    monkeypatch.setattr(moving, "_compare", while_somebody_writes)
    done = portal("move", "--to", target)
    assert done.exit_code == 1
    assert " 0 differ." in done.output, "the copy is of one moment"
    assert "its words were changed" in done.output
    assert "Timelines are broken" in done.output
    assert "The portal was written in meanwhile" in done.output


def test_what_fails_leaves_nothing_and_a_row_that_differs_is_seen(
    place: Flask, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.execute(text("UPDATE entries SET text = 'a' || char(0) || 'b' WHERE verb = 'told'"))
    db.session.commit()
    done = portal("move", "--to", target)
    assert done.exit_code == 1
    assert "entries cannot be copied (DataError)." in done.output
    db.session.execute(text("UPDATE entries SET text = 'It flickers.' WHERE verb = 'told'"))
    db.session.commit()
    compare = moving._compare

    def after_somebody_changed_a_row(sums: dict[str, Sum], address: str) -> None:
        with moving._target(address) as there:
            there.execute(text("UPDATE jobs SET attempts = attempts + 1 WHERE task = 'kept'"))
            there.commit()
        compare(sums, address)

    monkeypatch.setattr(moving, "_compare", after_somebody_changed_a_row)
    done = portal("move", "--to", target)
    assert done.exit_code == 1
    assert "jobs: " in done.output
    assert " 1 differ." in done.output


@pytest.mark.parametrize("wrong", ["sqlite:///other.db", "not an address", "mysql://somewhere/portal"])
def test_only_postgresql_is_moved_to(place: Flask, wrong: str) -> None:
    assert portal("move", "--to", wrong).exit_code == 2


def test_a_database_that_is_away_is_one_sentence(place: Flask) -> None:
    done = portal("move", "--to", "postgresql://somebody:secret@127.0.0.1:1/portal")
    assert done.exit_code == 1
    assert done.output.strip() == "Error: That database does not answer; nothing was copied."
