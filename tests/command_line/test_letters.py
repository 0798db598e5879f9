"""`portal dead-letters`: what failed too often is seen, and tried again when somebody says so."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.command_line import main
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db


def portal(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_dead_letters_are_shown_and_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", app.config["DATA_DIR"])
    monkeypatch.setenv("PORTAL_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    with transaction():
        for error in ("SMTPDataError", None):
            known = {"attempts": jobs.ATTEMPTS, "error": error, "dead_at": now()}
            db.session.add(jobs.Job(task="notices.sign_in", arguments={}, **known))
    first, second = (job.id for job in jobs.dead())
    db.session.remove()
    shown = portal("dead-letters").stdout
    assert "notices.sign_in" in shown
    assert "SMTPDataError" in shown
    assert "its worker died" in shown
    assert shown.endswith("2 dead letters.\n")
    unknown = portal("dead-letters", str(second + 1))
    db.session.rollback()
    assert (unknown.exit_code, [job.id for job in jobs.dead()]) == (2, [first, second])
    db.session.remove()
    assert portal("dead-letters", str(first)).exit_code == 0
    assert [job.id for job in jobs.dead()] == [second]
    db.session.remove()
    assert portal("dead-letters", "--again").stdout.startswith("1 are tried again")
    assert jobs.dead() == []


def test_a_command_without_a_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    done = portal("migrate")
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "The database is not there" in done.stderr
