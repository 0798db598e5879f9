"""`kill -9` of server and worker in the midst of signing: no yes is lost, no mail is lost or doubled."""

import http.client
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from flask import Flask

from portal.dossiers.models import Signature
from portal.kernel.db import db
from portal.kernel.jobs import Job
from tests import databases
from tests.conftest import close, make_app
from tests.factories import an_issue
from tests.processes import Running, gone, portal, until

NEIGHBOURS = 6
"""How many sign at the same time, each one address after the other."""
SIGNED_BEFORE_THE_KILL = 40
FIELD = re.compile(r'name="(csrf_token|once)"[^>]*value="([^"]+)"')


class Neighbours:
    """People who sign as fast as they are answered; `acknowledged` holds whom the portal said yes to."""

    def __init__(self, running: Running, path: str, name: str) -> None:
        self.running, self.path, self.name = running, path, name
        self.acknowledged: list[str] = []
        self.threads = [threading.Thread(target=self._sign, args=(n,)) for n in range(NEIGHBOURS)]
        for thread in self.threads:
            thread.start()

    def _sign(self, number: int) -> None:
        count = 0
        while True:
            email = f"{self.name}{number}x{count}@homes.example"
            try:
                if not self._signed(email):
                    return
            except (OSError, http.client.HTTPException):
                return  # the server was killed: this one was not acknowledged
            self.acknowledged.append(email)
            count += 1

    def _signed(self, email: str) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=30)) as connection:
            connection.request("GET", self.path)
            page = connection.getresponse()
            cookie = page.getheader("Set-Cookie", "").partition(";")[0]
            text = page.read().decode()
            assert page.status == 200, self.running.said[-6000:]
            form = text[text.index(f'action="{self.path}/signatures"') :]
            data = dict(FIELD.findall(form.partition("</form>")[0])) | {"name": "A neighbour", "email": email}
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", f"{self.path}/signatures", urlencode(data), headers)
            with closing(connection.getresponse()) as answer:
                answer.read()
        assert answer.status == 303, f"{answer.status} for {email}"
        return True

    def join(self) -> None:
        for thread in self.threads:
            thread.join()


@pytest.fixture
def place(kind: str, tmp_path: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application for looking, and the settings with which processes find the same data."""
    url = databases.fresh(kind, tmp_path)
    app = make_app(url, tmp_path)
    with app.app_context():
        yield app, {"DATABASE_URL": url, "JOB_LEASE_SECONDS": "2", "SECRET_KEY": "for the tests"}
        close(app)
    databases.drop(url)


def recipients(folder: Path) -> Counter[str]:
    mails = [message_from_bytes(file.read_bytes()) for file in (folder / "mail").glob("*.eml")]
    return Counter(str(mail["To"]) for mail in mails)


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(Job.id)).where(Job.done_at.is_(None))) or 0


def test_what_was_acknowledged_survives(place: tuple[Flask, dict[str, str]], tmp_path: Path) -> None:
    app, settings = place
    path = f"/d/{an_issue().ref}"
    db.session.remove()
    acknowledged: list[str] = []
    for name in ("first", "second"):
        with Running("serve", data=tmp_path, **settings) as running:
            running.wait_until_it_answers()
            neighbours = Neighbours(running, path, name)
            until(lambda n=neighbours: len(n.acknowledged) >= SIGNED_BEFORE_THE_KILL, "forty signatures")
            everybody = running.family()
            for process in everybody:
                _kill(process)
            until(lambda e=everybody: gone(e), "all processes are gone")
            neighbours.join()
            acknowledged += neighbours.acknowledged
    with Running("serve", data=tmp_path, **settings) as running:
        running.wait_until_it_answers()
        until(lambda: waiting() == 0, "every mail is out")
    signed = set(db.session.scalars(db.select(Signature)).all())
    stored = Counter(signature.person.email for signature in signed if signature.person)
    assert set(acknowledged) <= set(stored)
    assert set(stored.values()) == {1}
    assert set(recipients(tmp_path)) == set(stored), "one mail to each"
    assert set(recipients(tmp_path).values()) == {1}
    verified = portal("verify", data=tmp_path, **settings)
    assert verified.returncode == 0, verified.stdout


def _kill(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return  # it went with its parent
