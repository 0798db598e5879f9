"""What programs that watch are told: alive, ready, and figures that are right with several processes."""

import json
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal.accounts.commands import ask_sign_in
from portal.kernel import jobs
from portal.kernel.beats import Pulse
from portal.kernel.clock import at, now
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.measures import exposition
from portal.kernel.policy import NOBODY
from tests.conftest import close, make_app
from tests.factories import a_petition, a_signature, an_issue
from tests.processes import environment
from tests.statements import sent


def told(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, json.loads(answer.text)


def test_alive_says_so_and_asks_nothing(app: Flask) -> None:
    with sent() as statements:
        answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "alive\n")
    assert not statements
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_names_what_is_not(app: Flask) -> None:
    well = {"ready": True} | dict.fromkeys(WELL, "well")
    assert told(app) == (503, well | {"ready": False, "worker": "none was seen lately"})
    pulse = Pulse()
    pulse()
    pulse()  # too early to be written again
    assert told(app) == (200, well)
    with at(now() + timedelta(minutes=3)):
        assert told(app)[1]["worker"] == "none was seen lately"
        pulse()
        assert told(app)[0] == 200
    files = Path(app.config["DATA_DIR"]) / "files"
    shutil.rmtree(files)
    files.write_text("in the place of a folder")
    for revision, said in (("0001", "older than this code"), ("of the next version", "well")):
        db.session.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        db.session.commit()
        status, found = told(app)
        assert status == 503
        assert found["storage"] == "cannot be written in"
        assert found["migrations"] == said


WELL = ("database", "migrations", "storage", "worker")


def test_a_database_that_is_away_is_said_without_its_address(tmp_path: Path) -> None:
    away = make_app("postgresql+psycopg://somebody:secret@127.0.0.1:1/portal", tmp_path)
    with away.app_context():
        status, found = told(away)
        assert away.test_client().get("/healthz").status_code == 200
        figures = away.test_client().get("/metrics").text
        close(away)
    assert status == 503
    assert found == {"ready": False} | dict.fromkeys(WELL, "no answer") | {"storage": "well"}
    assert "portal_database_up 0.0" in figures


ELSEWHERE = [
    ({"REMOTE_ADDR": "192.0.2.7"}, {}),
    ({}, {"X-Forwarded-For": "192.0.2.7"}),
    ({}, {"Host": "rotonde.example"}),
    ({}, {"Host": "127.0.0.1.rotonde.example"}),
]


@pytest.mark.parametrize(("environment", "headers"), ELSEWHERE)
def test_figures_are_for_this_machine_or_for_who_has_the_token(
    app: Flask, environment: dict[str, str], headers: dict[str, str]
) -> None:
    def ask(**more: str) -> int:
        known = headers | more
        answer = app.test_client().get("/metrics", environ_overrides=environment, headers=known)
        return answer.status_code

    assert app.test_client().get("/metrics").status_code == 200
    assert ask() == ask(Authorization="Bearer ") == 404
    app.config["METRICS_TOKEN"] = "a long word"  # noqa: S105
    assert ask(Authorization="Bearer another word") == 404
    assert ask(Authorization="Bearer a long word") == 200


def value(page: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_figures_of_the_outbox_the_clocks_and_what_was_done(app: Flask) -> None:
    client = app.test_client()
    before = client.get("/metrics").text
    with at(now() - timedelta(days=400)):
        a_petition(state="handed_over")
    issue = an_issue()
    a_signature(issue)
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale="en")
    while jobs.work():
        pass
    db.session.add(Job(task="a", arguments={}, due_at=now() - timedelta(hours=1)))
    db.session.add(Job(task="b", arguments={}, due_at=now() + timedelta(hours=1)))
    db.session.add(Job(task="c", arguments={}, dead_at=now()))
    db.session.commit()
    client.get(f"/d/{issue.ref}")
    client.get("/no/such/page?with=words")
    after = client.get("/metrics").text

    def more(name: str) -> float:
        return value(after, name) - value(before, name)

    assert [value(after, f"portal_{name}") for name in NOW] == [1, 1, 1, 1, 1]
    assert 3600 <= value(after, "portal_outbox_oldest_seconds") < 3700
    assert more('portal_requests_total{endpoint="dossiers.show",method="GET",status="200"}') == 1
    assert more('portal_requests_total{endpoint="nothing",method="GET",status="404"}') == 1
    assert more('portal_request_seconds_count{endpoint="dossiers.show"}') == 1
    assert more('portal_request_seconds_bucket{endpoint="dossiers.show",le="+Inf"}') == 1
    assert more('portal_signatures_total{verb="confirmed"}') == 1
    mails = list((Path(app.config["DATA_DIR"]) / "mail").iterdir())
    assert more('portal_mails_total{outcome="sent"}') == len(mails) > 0
    assert issue.ref not in after
    assert "such/page" not in after


NOW = ("outbox_due", "outbox_later", "dead_letters", "clocks_overdue", "database_up")


def test_a_mail_that_fails_is_counted(app: Flask) -> None:
    def failed() -> float:
        return value(exposition().decode(), 'portal_mails_total{outcome="failed"}')

    before = failed()
    app.config |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": 1}
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale="en")
    jobs.work()
    assert failed() == before + 1


COUNT = """
import os, signal, sys, types
from portal.kernel import measures
app = types.SimpleNamespace(config={"METRICS_DIR": sys.argv[1], "DATA_DIR": ""})

def process(number):
    measures.share(app)
    measures.MAILS.labels("sent").inc(number)
    measures.SECONDS.labels("a").observe(0.3)
    if os.fork() == 0:
        measures.MAILS.labels("sent").inc(100)
        os.kill(os.getpid(), signal.SIGKILL)
    os.wait()

for number in (1, 20):
    if os.fork() == 0:
        process(number)
        os.kill(os.getpid(), signal.SIGKILL)
    os.wait()
process(300)
print(measures.exposition().decode())
"""


def test_all_processes_count_together_and_nothing_is_lost_with_one(tmp_path: Path) -> None:
    """Three start one after the other, each forks another; all but the last are killed."""
    words = [sys.executable, "-c", COUNT, str(tmp_path / "metrics")]
    done = subprocess.run(words, env=environment(tmp_path, 0), capture_output=True, text=True, check=True)
    assert value(done.stdout, 'portal_mails_total{outcome="sent"}') == 1 + 20 + 300 + 3 * 100
    assert value(done.stdout, 'portal_request_seconds_bucket{endpoint="a",le="0.25"}') == 0
    assert value(done.stdout, 'portal_request_seconds_bucket{endpoint="a",le="0.5"}') == 3
    assert value(done.stdout, 'portal_request_seconds_count{endpoint="a"}') == 3
    kept = sorted(file.name for file in (tmp_path / "metrics").glob("counter_*.db"))
    assert len(kept) == 3, "the last two, and in one all that are gone"
    assert "counter_gone.db" in kept
