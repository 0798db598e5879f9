"""Getting a written mail out: to a folder by default, to an SMTP server by setting."""

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from portal.kernel import tickets
from portal.kernel.clock import now
from portal.kernel.errors import Unavailable
from portal.kernel.measures import MAILS
from portal.kernel.outages import Away, away
from portal.notices.lines import POLICY, send

BOUNCED = "bounced"
"""What a small ticket in the number of a mail is for: who sends it back to us shows that the mail was ours,
and for whom. So nobody can have somebody else's mails stopped."""


def way_out(url: str) -> dict[str, str]:
    """How a mail program stops such mails with one click (RFC 8058); its button sends a POST to `url`."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def compose(
    to: str,
    subject: str,
    text: str,
    *,
    number: int | str,
    owner: int | None = None,
    more: dict[str, str] | None = None,
) -> EmailMessage:
    """A mail whose Message-ID follows from the job's number: sent twice, it is recognised as one.

    `owner`: the number of the person whose address it is. `more`: other headers, also in the place of ours.
    """
    mail = EmailMessage(POLICY)
    mail["From"], mail["To"], mail["Subject"] = current_app.config["MAIL_SENDER"], to, subject
    mail["Date"] = format_datetime(now())
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    key = f".{tickets.small(BOUNCED, owner)}" if owner is not None else ""
    own = {"Message-ID": f"<notice-{number}{key}@{host}>", "Auto-Submitted": "auto-generated"}
    for name, value in (own | (more or {})).items():
        mail[name] = value
    mail.set_content(text)
    return mail


def deliver(mail: EmailMessage, *, number: int | str) -> None:
    """Hand over the mail; any failure is raised, so that the job stays to be done."""
    try:
        if current_app.config["SMTP_HOST"]:
            send(mail)
        else:
            _keep(mail, number)
    except Exception:
        MAILS.labels("failed").inc()
        raise
    MAILS.labels("sent").inc()


def _keep(mail: EmailMessage, number: int | str) -> None:
    try:
        _write(mail, number)
    except OSError as error:
        if away(error) is Away.ROOM:
            raise
        raise Unavailable(str(error.strerror)) from error


def mail_folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "mail"


def forget_mails(before: datetime) -> None:
    """Remove the files of mails that were written before then: they hold names and addresses."""
    folder = mail_folder()
    for file in folder.iterdir() if folder.is_dir() else ():
        if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
            file.unlink(missing_ok=True)


def _write(mail: EmailMessage, number: int | str) -> None:
    """The same job writes the same file: done again after a crash, it is one mail."""
    folder = mail_folder()
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{number}.part"
    with unfinished.open("wb") as file:
        file.write(mail.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / f"{number:>08}.eml")
