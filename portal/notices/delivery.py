"""Getting a written mail out: to a folder by default, to an SMTP server by setting."""

import os
import smtplib
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.kernel.clock import now


class Talk(smtplib.SMTP):
    """A talk with a mail server that is over within so many seconds, in however many steps it answers.

    One that answers each step slowly would outlast the lease of the job: another worker would take it, and
    the mail would go out twice.
    """

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self.until = monotonic() + seconds
        super().__init__(host, port, timeout=seconds)

    def __exit__(self, *error: Any) -> None:
        """Whatever is said to our goodbye, the mail was taken: it must not go out again for that."""
        with suppress(smtplib.SMTPException):
            super().__exit__(*error)

    def getreply(self) -> tuple[int, bytes]:
        if self.sock:
            self.sock.settimeout(max(self.until - monotonic(), 0.001))
        return super().getreply()


class Address(UnstructuredHeader):
    """A header that holds an address of the web: it stands on one line, as it is, or no program finds it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", Address)  # type: ignore[arg-type]
POLICY = EmailPolicy(header_factory=HEADERS)


def way_out(url: str) -> dict[str, str]:
    """How a mail program stops such mails with one click (RFC 8058); its button sends a POST to `url`."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def compose(
    to: str, subject: str, text: str, *, number: int, more: dict[str, str] | None = None
) -> EmailMessage:
    """A mail whose Message-ID follows from the job's number: sent twice, it is recognised as one.

    `more`: other headers, also in the place of ours.
    """
    mail = EmailMessage(POLICY)
    mail["From"], mail["To"], mail["Subject"] = current_app.config["MAIL_SENDER"], to, subject
    mail["Date"] = format_datetime(now())
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    own = {"Message-ID": f"<notice-{number}@{host}>", "Auto-Submitted": "auto-generated"}
    for name, value in (own | (more or {})).items():
        mail[name] = value
    mail.set_content(text)
    return mail


def deliver(mail: EmailMessage, *, number: int) -> None:
    """Hand over the mail; any failure is raised, so that the job stays to be done."""
    if current_app.config["SMTP_HOST"]:
        _send(mail)
    else:
        _write(mail, number)


def mail_folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "mail"


def forget_mails(before: datetime) -> None:
    """Remove the files of mails that were written before then: they hold names and addresses."""
    folder = mail_folder()
    for file in folder.iterdir() if folder.is_dir() else ():
        if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
            file.unlink(missing_ok=True)


def _write(mail: EmailMessage, number: int) -> None:
    """The same job writes the same file: done again after a crash, it is one mail."""
    folder = mail_folder()
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{number}.part"
    with unfinished.open("wb") as file:
        file.write(mail.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / f"{number:08}.eml")


def _send(mail: EmailMessage) -> None:
    config = current_app.config
    with Talk(config["SMTP_HOST"], int(config["SMTP_PORT"]), float(config["SMTP_SECONDS"])) as server:
        if config["SMTP_STARTTLS"]:
            server.starttls()
        if config["SMTP_USER"]:
            server.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
        server.send_message(mail)
