"""A mailing: one job for many, sent in a fair order over one line, once to each; and mail that comes back."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from portal.accounts.commands import ask_sign_in
from portal.accounts.models import Person
from portal.accounts.own_data import export
from portal.answers.models import AnswerKind
from portal.kernel import clock, jobs, series
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.policy import NOBODY
from portal.mailroom.intake import Came, take_in
from portal.notices.models import Bounce
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature
from tests.mailroom.making import open_the_mailroom
from tests.processes import free_port
from tests.statements import sent


class Server:
    """A mail server: what it says of whom, what it took, and over how many lines."""

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.taken: list[tuple[str, str]] = []
        self.lines: set[Any] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.lines.add(session.peer)
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content)
        self.taken.append((envelope.rcpt_tos[0], mail["Message-ID"]))
        return "250 OK"

    def to(self, person: Person) -> int:
        return [address for address, _ in self.taken].count(str(person.email))


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    taking = Server()
    controller = Controller(taking, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["SMTP_HOST"], app.config["SMTP_PORT"] = "127.0.0.1", controller.port
    yield taking
    controller.stop()


def supported(number: int) -> tuple[Case, list[Person]]:
    """A dossier of an organiser of its own, and so many who support it."""
    case, people = Case(), [a_person(locale="en") for _ in range(number)]
    for person in people:
        a_signature(case.dossier, person)
    return case, people


def answered(case: Case) -> int:
    """In how many statements it is answered; the worker is told to tell all."""
    with sent() as seen:
        case.answer(AnswerKind.ACKNOWLEDGEMENT, level=None)
    return len(seen)


def ready() -> None:
    """Have all done that goes before what goes to many."""
    waits = Job.done_at.is_(None), Job.rank < jobs.MANY, Job.due_at <= clock.now()
    while db.session.scalar(db.select(Job.id).where(*waits).limit(1)) is not None:
        jobs.work(limit=1)


def worked(server: Server) -> list[str]:
    """To whom mails went in one turn of the worker."""
    before = len(server.taken)
    jobs.work(limit=1)
    return [address for address, _ in server.taken[before:]]


def test_each_organiser_has_a_turn_and_who_waits_goes_first(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MOST", 2)
    monkeypatch.setattr(series, "SECONDS", 600.0)
    (large, people), (small, others) = supported(4), supported(4)
    answered(large)
    large.dossier = large.another()
    more = [a_person() for _ in range(4)]
    for person in more:
        a_signature(large.dossier, person)
    answered(large)
    answered(small)
    ready()
    assert server.taken == []
    assert worked(server) == [person.email for person in people[:2]]
    assert worked(server) == [person.email for person in others[:2]], "not another one of the same organiser"
    ask_sign_in(NOBODY, None, email="reader@homes.example", locale="en")
    assert worked(server) == ["reader@homes.example"]
    assert worked(server) == [person.email for person in people[2:]]
    assert worked(server) == [person.email for person in others[2:]]
    jobs.work()
    assert [server.to(person) for person in [*people, *others, *more]] == [1] * 12


def test_many_cost_little(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row for who answers, one statement for each mail of the worker, one line to the mail server."""
    monkeypatch.setattr(series, "SECONDS", 600.0)  # also on a slow machine all of it is one turn
    (few, _), (many, people) = supported(1), supported(41)
    assert answered(few) == answered(many)
    costs = []
    ready()
    for _ in range(2):
        with sent() as seen:
            jobs.work(limit=1)
        costs.append(len(seen))
    assert [server.to(person) for person in people] == [1] * 41
    assert costs[1] - costs[0] == 40
    assert len(server.lines) == 1
    assert {job.done_at is not None for job in db.session.scalars(db.select(Job))} == {True}


def test_a_worker_that_dies_in_the_midst_doubles_nothing(
    app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the worst moment: a mail is out, and that was not noted. It alone goes again, as the same mail."""
    case, people = supported(5)
    answered(case)
    ready()
    reach, lost = jobs.reach, people[2].id

    def dies(job_id: int, number: int) -> None:
        if number == lost:
            raise KeyboardInterrupt
        reach(job_id, number)

    monkeypatch.setattr(jobs, "reach", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.work()
    monkeypatch.setattr(jobs, "reach", reach)
    assert len(server.taken) == 3
    with clock.at(clock.now() + timedelta(seconds=app.config["JOB_LEASE_SECONDS"] + 1)):
        jobs.work()
    assert [server.to(person) for person in people] == [1, 1, 2, 1, 1]
    assert len(set(server.taken)) == 5
    late = db.session.scalars(db.select(Job).filter_by(task="notices.answer.all")).one()
    with pytest.raises(jobs.Lost):
        jobs.reach(late.id, people[1].id)


def test_one_who_is_refused_keeps_nobody_waiting(app: Flask, server: Server) -> None:
    """For good: no more notices. For now, or because of us: again later, while the others have theirs."""
    case, (gone, full, blocked, well) = supported(4)
    server.says[str(gone.email)] = "550 5.1.1 No such user here"
    server.says[str(full.email)] = "450 4.2.2 Mailbox full"
    server.says[str(blocked.email)] = "550 5.7.1 Your network is blocked"
    answered(case)
    jobs.work()
    assert [server.to(person) for person in (gone, full, blocked, well)] == [0, 0, 0, 1]
    assert [bounce.person_id for bounce in db.session.scalars(db.select(Bounce))] == [gone.id]
    server.says.clear()
    with clock.at(clock.now() + timedelta(minutes=2)):
        jobs.work()
        answered(case)
        jobs.work()
    assert [server.to(person) for person in (gone, full, blocked, well)] == [0, 2, 2, 2]


def test_a_server_that_goes_away_loses_nothing(app: Flask, server: Server) -> None:
    case, people = supported(3)
    answered(case)
    server.says[str(people[1].email)] = "421 4.3.2 Going down"
    jobs.work()
    assert [server.to(person) for person in people] == [1, 0, 0]
    server.says.clear()
    with clock.at(clock.now() + timedelta(minutes=2)):
        jobs.work()
    assert [server.to(person) for person in people] == [1, 1, 1]
    assert len(server.lines) == 2


def test_answers_that_wait_are_told_in_one_mail(browser: Browser) -> None:
    case, (person, *_) = supported(2)
    for text in ("The lamp comes.", "And a bench."):
        case.answer(AnswerKind.ACKNOWLEDGEMENT, text=text, level=None)
    case.answer(AnswerKind.DONE)
    several, done = browser.mails(str(person.email))
    assert str(several["Subject"]).startswith("2 answers: ")
    assert "The lamp comes." in several.get_content()
    assert "And a bench." in several.get_content()
    assert "/v/" in done.get_content(), "it asks something, and goes by itself"


REPORT = """From: MAILER-DAEMON@mx.homes.example
To: rotonde@rotonde.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.homes.example

Final-Recipient: rfc822; somebody@homes.example
Action: {action}
Status: {status}

--b1
Content-Type: text/rfc822-headers

Message-ID: {number}

--b1--
"""


def came_back(number: str, status: str, action: str = "failed") -> Came:
    """A server sends back the mail with this number."""
    raw = REPORT.format(number=number, status=status, action=action).encode()
    return take_in(raw, to=["rotonde@rotonde.example"], envelope_sender="")


def test_who_cannot_be_reached_gets_no_notices_until_they_say_so(app: Flask, browser: Browser) -> None:
    open_the_mailroom(app)
    case, (person, other) = supported(2)
    answered(case)
    (mail,), (foreign,) = browser.mails(str(person.email)), browser.mails(str(other.email))
    number = str(mail["Message-ID"])
    forged = str(foreign["Message-ID"]).replace(f".{other.id}.", f".{person.id}.")
    assert came_back(forged, "5.1.1") == Came.AUTOMATIC, "nobody can say so of somebody else"
    assert came_back(number, "5.2.2") == came_back(number, "4.4.1", "delayed") == Came.RETURNED
    assert export(person)["bounces"] == []
    assert came_back(number, "5.1.1") == came_back(number, "5.1.1") == Came.RETURNED
    assert export(person)["bounces"][0]["status"] == "5.1.1"

    answered(case)
    assert (len(browser.mails(str(person.email))), len(browser.mails(str(other.email)))) == (1, 2)
    browser.signs_in(a_person("moderator")).get("/mail")
    assert "Mail to 1 neighbour comes back" in browser.seen.text
    browser.signs_in(case.official).get("/mail")
    assert "comes back" not in browser.seen.text

    visitor = Browser(app)
    ask_sign_in(NOBODY, None, email=str(person.email), locale="en")
    (link,) = [mail for mail in visitor.mails(str(person.email)) if "/in/" in mail.get_content()]
    visitor.get(visitor.link(link, "/in/"))
    visitor.submit()
    visitor.get("/me")
    assert f"A mail to {person.email} came back" in visitor.seen.text
    visitor.submit("form[action='/me/reach']")
    assert "came back" not in visitor.seen.text
    answered(case)
    assert len(browser.mails(str(person.email))) == 3
