"""Mail comes in: on standard input from a mail server, or over LMTP; and where authorities are written to."""

import asyncio
import logging
import os
import signal
import sys
import threading
from typing import Any

import click
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from flask import Flask

from portal import create_app
from portal.accounts.queries import organisation
from portal.command_line.context import application
from portal.kernel.db import db
from portal.kernel.errors import Refused
from portal.kernel.policy import SYSTEM
from portal.kernel.process import begin
from portal.mailroom.commands import set_mailbox as set_it
from portal.mailroom.intake import Came, known_address, take_in

log = logging.getLogger(__name__)
EXITS = {Came.UNKNOWN: os.EX_NOUSER, Came.TOO_LARGE: os.EX_DATAERR, Came.FULL: os.EX_TEMPFAIL}
"""What tells a mail server to send it back, or (TEMPFAIL) to try later; all else is 0: it is ours now."""
REPLIES = {
    Came.UNKNOWN: "550 5.1.1 No dossier has this address",
    Came.TOO_LARGE: "552 5.3.4 Too large",
    Came.FULL: "452 4.2.2 Too many mails wait here, try again later",
}
LATER = "451 4.3.0 Not now, try again later"
ONE_EACH = "452 4.5.3 One recipient at a time"


@click.command("receive-mail")
@click.argument("to", nargs=-1)
@click.option("--from", "sender", default=None, help="Envelope sender; empty for a server's own mail.")
@click.option("--lmtp", metavar="HOST:PORT", help="Listen there for LMTP instead, until told to stop.")
def receive(to: tuple[str, ...], sender: str | None, lmtp: str | None) -> None:
    """Take in one mail from standard input, for the recipients TO; exit codes as of sysexits.h.

    0: taken in. 67: no dossier has this address. 65: too large. 75: not now, to be tried again.
    """
    if lmtp:
        listen(lmtp)
        return
    try:
        with application() as app:
            raw = sys.stdin.buffer.read(int(app.config["MAIL_MOST_BYTES"]) + 1)
            came = take_in(raw, to=to, envelope_sender=sender)
    except Exception as error:  # whatever it is, the mail is not ours yet: its server keeps it
        click.echo(f"Not now ({type(error).__name__}).", err=True)
        raise SystemExit(os.EX_TEMPFAIL) from error
    raise SystemExit(EXITS.get(came, os.EX_OK))


class Taker:
    """What the listener does with a mail: it says that it has it when it is on disk, and not before."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.one_at_a_time = asyncio.Lock()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if envelope.rcpt_tos:
            return ONE_EACH
        try:
            known = await asyncio.to_thread(self._inside, known_address, address)
        except Exception as error:  # the database is away: its server keeps the mail
            log.warning("a recipient could not be looked up: %s", type(error).__name__)
            return LATER
        if not known:
            return REPLIES[Came.UNKNOWN]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        async with self.one_at_a_time:
            try:
                came = await asyncio.to_thread(self._take, envelope)
            except Exception as error:  # see above
                log.warning("a mail could not be taken in: %s", type(error).__name__)
                return LATER
        return REPLIES.get(came, "250 2.0.0 Taken in")

    def _take(self, envelope: Any) -> Came:
        sender = envelope.mail_from or ""
        return Came(self._inside(take_in, envelope.content, to=envelope.rcpt_tos, envelope_sender=sender))

    def _inside(self, function: Any, *given: Any, **named: Any) -> Any:
        with self.app.app_context():
            try:
                return function(*given, **named)
            finally:
                db.session.remove()


class Listener(Controller):
    """An LMTP server of our own."""

    def factory(self) -> LMTP:
        most = int(self.handler.app.config["MAIL_MOST_BYTES"])
        return LMTP(
            self.handler, data_size_limit=most, hostname="rotonde", enable_SMTPUTF8=True, ident="LMTP"
        )


def listener(app: Flask, address: str) -> Listener:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise click.BadParameter(f"{address} is not HOST:PORT", param_hint="--lmtp")
    return Listener(Taker(app), hostname=host.strip("[]"), port=int(port))


def listen(address: str) -> None:
    """Listen until SIGTERM or Ctrl-C; what is being taken in is finished."""
    stop = threading.Event()
    app = create_app()
    server = listener(app, address)
    begin(app)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    try:
        server.start()
    except OSError as error:
        raise click.ClickException(f"{address} cannot be listened on ({error.strerror or error}).") from error
    click.echo(f"Listening for LMTP on {address}.")
    stop.wait()
    server.stop()


@click.command("mailbox")
@click.argument("authority")
@click.argument("address")
@click.option("--language", default="nl", show_default=True, help="In which it is written to.")
def set_mailbox(authority: str, address: str, language: str) -> None:
    """Say at which ADDRESS an AUTHORITY (its key) is told of what is put to it."""
    with application():
        try:
            set_it(SYSTEM, organisation(authority), address=address, locale=language)
        except Refused as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{authority} is written to at {address}.")
