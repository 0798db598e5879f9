"""`portal verify` names the first broken entry; `portal doctor` says what to mend."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from portal.accounts.commands import ask_sign_in
from portal.command_line import checking, main
from portal.dossiers.commands import tell
from portal.kernel.clock import at, now
from portal.kernel.db import db
from portal.kernel.jobs import Job, timedelta
from portal.kernel.policy import NOBODY
from tests.command_line.asking import portal
from tests.factories import an_issue


def test_all_timelines_are_well(place: Flask) -> None:
    issue = an_issue()
    tell(issue.opener, issue, text="It flickers.")
    done = portal("verify")
    assert done.exit_code == 0
    assert "1 timelines checked, 0 broken." in done.output


def test_the_first_broken_entry_is_named(place: Flask) -> None:
    issue = an_issue()
    for words in ("One.", "Two.", "Three."):
        tell(issue.opener, issue, text=words)
    ref = issue.ref
    db.session.execute(text("UPDATE entries SET text = 'Never said.' WHERE text = 'Two.'"))
    db.session.commit()
    done = portal("verify")
    assert done.exit_code == 1
    assert f"{ref} entry 3 (told): its words were changed" in done.output
    assert "1 broken" in done.output


def test_the_doctor_finds_nothing(place: Flask) -> None:
    done = portal("doctor")
    assert done.exit_code == 0, done.output
    assert "All is well." in done.output
    assert done.output.count("well ") == len(checking.CHECKS)


def test_the_doctor_sees_that_no_worker_runs(place: Flask) -> None:
    with at(now() - timedelta(hours=1)):
        ask_sign_in(NOBODY, None, email="reader@homes.example", locale="nl")
    done = portal("doctor")
    assert done.exit_code == 1
    assert "portal work" in done.output


def test_the_doctor_sees_a_job_that_was_given_up(place: Flask) -> None:
    db.session.add(Job(task="notices.sign_in", arguments={}, dead_at=now()))
    db.session.commit()
    assert "1 jobs failed too often." in portal("doctor").output


def test_the_doctor_sees_tables_of_another_version(place: Flask) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()
    done = portal("doctor")
    assert done.exit_code == 1
    assert "portal migrate" in done.output


def test_the_doctor_sees_a_mail_server_that_is_away(place: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PORTAL_SMTP_PORT", "1")
    assert "PORTAL_SMTP_HOST" in portal("doctor").output


def test_the_doctor_sees_a_secret_that_others_can_read(place: Flask, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("known")
    (tmp_path / "secret").chmod(0o644)
    assert "chmod 600" in portal("doctor").output


@pytest.mark.parametrize("words", [[name] for name in main.commands])
def test_every_command_explains_itself(words: list[str]) -> None:
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0
    assert len(done.output.splitlines()[2].strip()) > 20


def test_a_command_that_is_not_there() -> None:
    assert CliRunner().invoke(main, ["dance"]).exit_code == 2


def test_an_index_that_is_behind_is_named_and_made_anew(place: Flask) -> None:
    an_issue(title="Prullenbak weg")
    assert "well   index" in portal("doctor").output
    db.session.execute(text("DELETE FROM similar_dossiers"))
    db.session.commit()
    said = portal("doctor").output
    assert "WRONG  index" in said
    assert "Mend it: portal similar rebuild" in said
    assert "1 dossiers are in the index" in portal("similar", "rebuild").output
    assert "well   index" in portal("doctor").output
    db.session.execute(text("UPDATE similar_words SET shown = 'older' WHERE stem = '=rules'"))
    db.session.commit()
    assert "by older rules" in portal("doctor").output
