"""The line to the mail server: it stays open, because many mails go over it one after the other."""

import re
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from io import BytesIO
from time import monotonic
from typing import Any

from flask import current_app

from portal.kernel.errors import Unavailable


class Address(UnstructuredHeader):
    """A header that holds an address of the web: it stands on one line, as it is, or no program finds it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", Address)  # type: ignore[arg-type]
POLICY = EmailPolicy(header_factory=HEADERS)
RESTS = 5.0
"""After so many seconds without a mail the server may have hung up: it is asked first."""
OVER_ONE = 100
"""Mails over one line; servers put an end to more."""
NOT_NOW = frozenset({421, 452})
"""The server goes, or has no room: that holds for every mail."""
GONE = re.compile(r"5\.(0\.0|1\.([0-6]|10)|2\.1|4\.[14])")
"""What is said of an address that is not there, or no more (RFC 3463); not of one that is full, or that
takes nothing from us."""
SAYS_NO = frozenset({550, 551, 553})
STATUS = re.compile(rb"^\s*(\d\.\d{1,3}\.\d{1,3})\b")


class NoSuchMailbox(Exception):
    """There is nobody at this address, says its server, and asks us not to try again."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class NotTaken(Exception):
    """The server did not take this mail; the job tries again later."""


class Talk(smtplib.SMTP):
    """A talk in which one mail is over within so many seconds, in however many steps the server answers.

    One that answers each step slowly would outlast the lease of the job: another worker would take it, and
    the mail would go out twice.
    """

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self.seconds, self.until = seconds, monotonic() + seconds
        super().__init__(host, port, timeout=seconds)

    def begin(self) -> None:
        """From now on the next mail has its time."""
        self.until = monotonic() + self.seconds

    def getreply(self) -> tuple[int, bytes]:
        if self.sock:
            self.sock.settimeout(max(self.until - monotonic(), 0.001))
        return super().getreply()


@dataclass
class Line:
    """An open connection, and to where it leads."""

    server: Talk
    to: tuple[Any, ...]
    carried: int = 0
    used: float = 0.0


_own = threading.local()


def _wanted() -> tuple[Any, ...]:
    config = current_app.config
    return tuple(config[f"SMTP_{name}"] for name in ("HOST", "PORT", "STARTTLS", "USER", "PASSWORD"))


def hang_up() -> None:
    """Close this thread's line, if there is one."""
    line: Line | None = getattr(_own, "line", None)
    _own.line = None
    if line is not None:
        line.server.close()


def _opened() -> Line:
    """The line of this thread; a new one where there is none, or it is worn."""
    line: Line | None = getattr(_own, "line", None)
    if line is not None:
        line.server.begin()
    if line is not None and line.to == _wanted() and line.carried < OVER_ONE and _alive(line):
        return line
    if line is not None:
        _farewell(line)
    hang_up()
    host, port, starttls, user, password = _wanted()
    server = Talk(host, int(port), float(current_app.config["SMTP_SECONDS"]))
    if starttls:
        server.starttls(context=ssl.create_default_context())
    if user:
        server.login(user, password)
    server.ehlo_or_helo_if_needed()
    _own.line = Line(server, _wanted())
    return _own.line


def _alive(line: Line) -> bool:
    if monotonic() - line.used < RESTS:
        return True
    try:
        return line.server.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _farewell(line: Line) -> None:
    try:
        line.server.quit()
    except (OSError, smtplib.SMTPException):
        return  # it had hung up before us


def send(mail: EmailMessage) -> None:
    """Hand over one mail. Unavailable: no mail goes at this moment. After a failure the line is a new one."""
    try:
        line = _begun(mail)
        _said_yes(line.server, line.server.rcpt, parseaddr(str(mail["To"]))[1], to_somebody=True)
        _said_yes(line.server, line.server.data, _flat(mail))
    except (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException) as error:
        hang_up()
        raise Unavailable(type(error).__name__) from error
    except BaseException:
        hang_up()
        raise
    line.carried, line.used = line.carried + 1, monotonic()


def _begun(mail: EmailMessage) -> Line:
    """A line over which the server lets us begin; when it hung up since the last mail, a new one."""
    sender, to = parseaddr(str(mail["From"]))[1], parseaddr(str(mail["To"]))[1]
    fresh = getattr(_own, "line", None) is None
    line = _opened()
    options = [] if to.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    try:
        code, said = line.server.mail(sender, options)
    except smtplib.SMTPServerDisconnected:
        code, said = 421, b"hung up"
    if code in NOT_NOW and not fresh and line.carried:
        hang_up()
        line = _opened()
        code, said = line.server.mail(sender, options)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    return line


def _said_yes(
    server: smtplib.SMTP, step: Callable[[Any], tuple[int, bytes]], given: Any, *, to_somebody: bool = False
) -> None:
    """What the server answered to this step, as an exception where it is no yes."""
    try:
        code, said = step(given)
    except smtplib.SMTPDataError as error:
        code, said = error.smtp_code, _bytes(error.smtp_error)
    if code in {250, 251}:
        return
    if code in NOT_NOW:
        raise smtplib.SMTPResponseException(code, said)
    found = STATUS.match(said)
    status = found[1].decode() if found else ""
    if to_somebody and (GONE.fullmatch(status) if status else code in SAYS_NO):
        raise NoSuchMailbox(status or str(code))
    raise NotTaken(f"{code} {status}")


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _flat(mail: EmailMessage) -> bytes:
    """The mail as it travels."""
    to = BytesIO()
    policy = POLICY if str(mail["To"]).isascii() else POLICY.clone(utf8=True)
    BytesGenerator(to, policy=policy).flatten(mail, linesep="\r\n")
    return to.getvalue()
