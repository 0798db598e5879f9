"""Mails: in the reader's language, with links that work, to a folder or to an SMTP server, once."""

import asyncio
import re
from collections.abc import Iterator
from email.message import EmailMessage
from time import monotonic
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask import Flask

from portal.accounts.commands import ask_sign_in
from portal.accounts.models import Role
from portal.answers.commands import answer
from portal.answers.models import AnswerKind
from portal.dossiers.commands import hand_over, sign, withdraw_signature
from portal.kernel import clock, jobs
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.policy import NOBODY
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue, an_organisation
from tests.processes import free_port


class Kept(Message):
    """Everything that a real SMTP server took."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.taken.append(message)


@pytest.fixture
def smtp(app: Flask) -> Iterator[Kept]:
    """An SMTP server on loopback, and the application set to use it."""
    kept = Kept()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    app.config["SMTP_HOST"] = "127.0.0.1"
    app.config["SMTP_PORT"] = server.port
    yield kept
    server.stop()


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(("locale", "greeting"), [("nl", "Hallo"), ("en", "Hello")])
def test_a_mail_is_in_the_language_of_its_reader(browser: Browser, locale: str, greeting: str) -> None:
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale=locale)
    (mail,) = browser.mails("reader@homes.example")
    assert greeting in text(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "\n" not in mail["Subject"]


def test_a_subject_cannot_bring_a_header_along(browser: Browser) -> None:
    issue = an_issue(title="Broken\r\nBcc: all@homes.example")
    sign(NOBODY, issue, name="A", email="reader@homes.example")
    (mail,) = browser.mails("reader@homes.example")
    assert mail["Bcc"] is None
    assert "Bcc: all@homes.example" in mail["Subject"]


def test_somebody_who_signs_again_is_told_that_it_counts_once(browser: Browser) -> None:
    issue = an_issue()
    person = a_person()
    a_signature(issue, person)
    sign(NOBODY, issue, name="Another name", email=person.email)
    (mail,) = browser.mails(person.email)
    browser.get(browser.link(mail, "/s/"))
    assert browser.status == 200


def test_a_signature_withdrawn_before_the_mail_went_gets_none(browser: Browser) -> None:
    signature = sign(NOBODY, an_issue(), name="A", email="quick@homes.example")
    withdraw_signature(signature.person, signature)
    assert browser.mails("quick@homes.example") == []


def _answered(app: Flask, supporters: int) -> list[str]:
    """An answer on a dossier with so many supporters beside the one who opened it; their addresses."""
    authority = an_organisation()
    official, issue = a_person(Role.OFFICIAL, of=authority), an_issue()
    people = [a_person() for _ in range(supporters)]
    for person in people:
        a_signature(issue, person)
    hand_over(issue.opener, issue, to=[authority])
    answer(
        official,
        issue,
        organisation=authority,
        kind=AnswerKind.GRANTED,
        level="decision",
        text="The lamp comes back.",
    )
    return [str(person.email) for person in people]


def test_every_supporter_hears_of_an_answer_once(browser: Browser) -> None:
    addresses = _answered(browser.app, 5)
    mails = browser.mails()
    assert sorted(str(mail["To"]) for mail in mails) == sorted(addresses)
    assert all("The lamp comes back." in text(mail) for mail in mails)
    assert re.search(r"/d/K-\d+#e\d+\s", text(mails[0]))
    browser.get(browser.link(mails[0], "/s/"))
    assert browser.status == 200


def test_an_answer_task_that_is_done_twice_mails_once(browser: Browser) -> None:
    addresses = _answered(browser.app, 3)
    browser.mails()
    for job in db.session.scalars(db.select(Job).where(Job.task.in_(["notices.answered", "notices.answer"]))):
        job.done_at = job.leased_until = None  # as after a worker that died just before this
    db.session.commit()
    assert sorted(str(mail["To"]) for mail in browser.mails()) == sorted(addresses)


def test_to_an_smtp_server(app: Flask, smtp: Kept) -> None:
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale="nl")
    jobs.work()
    (mail,) = smtp.taken
    assert mail["To"] == "reader@homes.example"
    assert mail["Message-ID"].startswith("<notice-")


def test_a_server_that_is_away_loses_no_mail(app: Flask, smtp: Kept) -> None:
    right = app.config["SMTP_PORT"]
    app.config["SMTP_PORT"] = 1  # nobody listens there
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale="nl")
    jobs.work()
    assert smtp.taken == []
    app.config["SMTP_PORT"] = right
    jobs.work()
    assert smtp.taken == [], "not before its time has come again"
    with clock.at(clock.now() + jobs.timedelta(minutes=2)):
        jobs.work()
    assert len(smtp.taken) == 1


def test_a_mail_server_that_takes_its_time_for_every_step_is_left_before_the_job_is_given_to_another(
    app: Flask, smtp: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(_kept: Kept, _server: Any, _session: Any, envelope: Any, sender: str, _more: Any) -> str:
        await asyncio.sleep(0.2)
        envelope.mail_from = sender
        return "250 OK"

    async def slow_again(*_: Any) -> str:
        await asyncio.sleep(0.2)
        return "250 OK"

    monkeypatch.setattr(Kept, "handle_MAIL", slow, raising=False)
    monkeypatch.setattr(Kept, "handle_DATA", slow_again)
    app.config["SMTP_SECONDS"] = 0.3
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale="nl")
    began = monotonic()
    jobs.work()
    assert monotonic() - began < app.config["JOB_LEASE_SECONDS"]
    (job,) = db.session.scalars(db.select(Job).filter_by(task="notices.sign_in"))
    assert (job.done_at, job.attempts) == (None, 1)
    assert job.error == "Unavailable"
