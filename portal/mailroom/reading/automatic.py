"""Mails that no human wrote: a program says that somebody is away, a server that it could not deliver."""

import re
from email.message import Message

from portal.mailroom.reading.parts import header

RETURNED, AUTOMATIC = "returned", "automatic"
BY_ITSELF = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Autoreply-From",
    "X-Mail-Autoreply",
    "X-Vacation",
)
AWAY = re.compile(
    r"^\W*(automatic(ally generated)? reply|auto(matic)?[- ]?(reply|response)|automatisch (antwoord|bericht)|"
    r"out of (the )?office|afwezig(heid(sassistent|sbericht|smelding)?)?\b|niet aanwezig|"
    r"ik ben (er )?(niet|afwezig)|vakantie(melding|bericht)|"
    r"on (holiday|leave|vacation)\b|away from (my|the) (office|desk|mail))",
    re.IGNORECASE,
)
CAME_BACK = re.compile(
    r"^\W*(undeliver(able|ed)|onbestelbaar|niet (af)?geleverd|returned mail|failure notice|"
    r"mail delivery (failed|failure|system)|delivery (status notification|failure|has failed)|"
    r"bezorging mislukt|kan niet worden bezorgd|message not delivered|warning: (could not send|message))",
    re.IGNORECASE,
)
READ = re.compile(r"^\W*(read|gelezen|not read|niet gelezen|leesbevestiging|read receipt)\s*:", re.IGNORECASE)
STATUS = re.compile(r"\s*(\d\.\d{1,3}\.\d{1,3})\b")
DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon)@|mailer-daemon", re.IGNORECASE)


def automatic(mail: Message, envelope_sender: str | None = None) -> str:
    """RETURNED, AUTOMATIC, or empty for what a human may have written.

    `envelope_sender` is the sender that the servers were told: an empty one is that of a server.
    """
    if _returned(mail, envelope_sender):
        return RETURNED
    said = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    by_itself = any(mail.get(name) is not None for name in BY_ITSELF)
    precedence = header(mail, "Precedence").lower() in {"auto_reply", "auto-reply", "junk"}
    subject = header(mail, "Subject")
    receipt = mail.get_content_type() == "multipart/report" or READ.match(subject)
    none = envelope_sender == "" or header(mail, "Return-Path").strip() == "<>"
    away = AWAY.match(subject)
    automatic_ = said not in {"", "no"} or by_itself or precedence or receipt or none or away
    return AUTOMATIC if automatic_ else ""


def _returned(mail: Message, envelope_sender: str | None) -> bool:
    report = (
        mail.get_content_type() == "multipart/report"
        and "delivery-status" in str(mail.get("Content-Type")).lower()
    )
    daemon = DAEMON.search(header(mail, "From")) is not None
    failed = mail.get("X-Failed-Recipients") is not None
    none = envelope_sender == "" or header(mail, "Return-Path").strip() == "<>"
    return (
        report
        or failed
        or (CAME_BACK.match(header(mail, "Subject")) is not None and (daemon or none))
        or daemon
    )


def failed(mail: Message) -> str:
    """The status with which a server says that our mail failed for good; empty when it says no such thing."""
    reports = (part for part in mail.walk() if part.get_content_type() == "message/delivery-status")
    for report in reports:
        blocks = report.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and header(block, "Action").strip().lower() == "failed":
                status = STATUS.match(header(block, "Status"))
                return status[1] if status is not None else ""
    return ""
