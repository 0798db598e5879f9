"""Mail servers hand mail over: on standard input with the exit codes they know, and over LMTP on loopback."""

import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.command_line import main, receiving
from portal.kernel.db import db
from portal.mailroom.intake import Came
from portal.mailroom.models import MailState
from portal.mailroom.queries import mailbox
from tests.answers.making import answers
from tests.factories import an_organisation
from tests.mailroom.making import OFFICIAL, OURS, MailCase, a_mail, mails
from tests.processes import TOP, Running, environment, free_port, until


@pytest.fixture
def lmtp(app: Flask) -> Iterator[tuple[MailCase, smtplib.LMTP]]:
    """A listener on loopback, and a client that speaks to it."""
    case = MailCase(app)
    db.session.commit()
    server = receiving.listener(app, f"127.0.0.1:{free_port()}")
    server.start()
    client = smtplib.LMTP("127.0.0.1", server.port)
    yield case, client
    client.close()
    server.stop()


def test_over_lmtp(lmtp: tuple[MailCase, smtplib.LMTP]) -> None:
    """Taken in is on disk; an address of nobody is refused before the mail is sent; twice is once."""
    case, client = lmtp
    to, raw = case.reply_to, a_mail(case)
    assert client.sendmail(OFFICIAL, [to], raw) == {}
    assert client.sendmail(OFFICIAL, [to], raw) == {}
    db.session.commit()
    assert [entry.text for entry in answers(case.dossier)] == ["The lamps come in week 49."]
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail(OFFICIAL, ["antwoord+1.aaaaaaaaaaaaaaaaaaaa@rotonde.example"], raw)
    assert {code for code, _ in refused.value.recipients.values()} == {550}
    kept = client.sendmail(OFFICIAL, [to, "antwoord@rotonde.example"], a_mail(case, number=2))
    assert {code for code, _ in kept.values()} == {452}, "one at a time: the other one is sent once more"
    assert client.sendmail("", [to], a_mail(case, "I am away.", number=3)) == {}
    db.session.commit()
    assert [mail.state for mail in mails()] == [MailState.PLACED, MailState.PLACED, MailState.AUTOMATIC]


def test_over_lmtp_when_the_database_is_away(
    lmtp: tuple[MailCase, smtplib.LMTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server keeps what we could not take in, and what is too large goes back."""
    case, client = lmtp

    def away(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "take_in", away)
        with pytest.raises(smtplib.SMTPDataError) as later:
            client.sendmail(OFFICIAL, [case.reply_to], a_mail(case))
        assert later.value.smtp_code == 451
        patched.setattr(receiving, "known_address", away)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            client.sendmail(OFFICIAL, [case.reply_to], a_mail(case))
        assert [code for code, _ in refused.value.recipients.values()] == [451]
    assert client.sendmail(OFFICIAL, [case.reply_to], a_mail(case)) == {}


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:", ":25"])
def test_a_place_that_cannot_be_listened_on(app: Flask, address: str) -> None:
    assert CliRunner().invoke(main, ["receive-mail", "--lmtp", address]).exit_code == 2


@pytest.mark.parametrize("came", [Came.FULL, Came.TOO_LARGE, Came.UNKNOWN, Came.LOOP, Came.AUTOMATIC])
def test_exit_codes(own_app: Flask, monkeypatch: pytest.MonkeyPatch, came: Came) -> None:
    _as_operator(own_app, monkeypatch)
    monkeypatch.setattr(receiving, "take_in", lambda *_, **__: came)
    known = {Came.FULL: os.EX_TEMPFAIL, Came.TOO_LARGE: os.EX_DATAERR, Came.UNKNOWN: os.EX_NOUSER}
    assert CliRunner().invoke(main, ["receive-mail"], input=b"x").exit_code == known.get(came, 0)


def _as_operator(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", app.config["DATA_DIR"])
    monkeypatch.setenv("PORTAL_DATABASE_URL", app.config["DATABASE_URL"])


def test_where_an_authority_is_written_to(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _as_operator(own_app, monkeypatch)
    authority = an_organisation(email_domain="stadsdeel.example")
    said = CliRunner().invoke(main, ["mailbox", authority.key, "post@stadsdeel.example", "--language", "en"])
    assert (said.exit_code, "post@stadsdeel.example" in said.output) == (0, True)
    db.session.commit()
    box = mailbox(authority.id)
    assert box is not None
    assert (box.address, box.locale) == ("post@stadsdeel.example", "en")
    for wrong in ("post@homes.example", "no address"):
        assert CliRunner().invoke(main, ["mailbox", authority.key, wrong]).exit_code == 1


def test_on_standard_input(own_app: Flask) -> None:
    """As Postfix's pipe calls it: a process of its own, which ends with a code when the mail is on disk."""
    case = MailCase(own_app)
    settings = {
        "DATABASE_URL": own_app.config["DATABASE_URL"],
        "SECRET_KEY": own_app.config["SECRET_KEY"],
        "ANSWER_ADDRESS": own_app.config["ANSWER_ADDRESS"],
        "MAIL_AUTHSERV_ID": OURS,
    }
    raw, to = a_mail(case, to="undisclosed-recipients:;"), case.reply_to
    place = Path(own_app.config["DATA_DIR"])
    db.session.commit()
    done = _process(raw, "--from", OFFICIAL, to, data=place, **settings)
    assert (done.returncode, done.stderr) == (0, b"")
    db.session.commit()
    assert [entry.text for entry in answers(case.dossier)] == ["The lamps come in week 49."]
    gone = settings | {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}
    assert _process(raw, to, data=place, **gone).returncode == os.EX_TEMPFAIL


def test_over_lmtp_from_a_process_of_its_own(own_app: Flask) -> None:
    """As systemd keeps it alive: what it took is on disk when it says so, and SIGTERM ends it in order."""
    case, port = MailCase(own_app), free_port()
    kept = {"DATABASE_URL": own_app.config["DATABASE_URL"], "SECRET_KEY": own_app.config["SECRET_KEY"]}
    ours = {"ANSWER_ADDRESS": own_app.config["ANSWER_ADDRESS"], "MAIL_AUTHSERV_ID": OURS}
    raw, to, place = a_mail(case), case.reply_to, Path(own_app.config["DATA_DIR"])
    db.session.commit()
    with Running("receive-mail", "--lmtp", f"127.0.0.1:{port}", data=place, **kept | ours) as listener:
        until(lambda: _listens(port) or listener.process.poll() is not None, "it listens")
        with smtplib.LMTP("127.0.0.1", port) as client:
            assert client.sendmail(OFFICIAL, [to], raw) == {}
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail(OFFICIAL, ["antwoord+1.aaaaaaaaaaaaaaaaaaaa@rotonde.example"], raw)
        db.session.commit()
        assert [entry.text for entry in answers(case.dossier)] == ["The lamps come in week 49."]
        assert listener.terminate() == 0, listener.said
    assert "Traceback" not in listener.said


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _process(raw: bytes, *words: str, data: Path, **settings: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, str(TOP / "bin" / "start.py"), "receive-mail", *words]
    own = environment(data, free_port(), **settings)
    return subprocess.run(command, env=own, input=raw, capture_output=True, check=False)
