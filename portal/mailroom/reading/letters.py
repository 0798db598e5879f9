"""A mail read as a letter: from whom, to which address of ours, what it says, what came with it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.mailroom.reading import automatic, parts, senders
from portal.mailroom.reading.quoting import forwarded, own_words

ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To", "Resent-To")
REFERENCES = re.compile(r"<([^<>\s]+)>")
IN_SUBJECT = re.compile(r"\bK-\d{4,9}\b", re.IGNORECASE)
ENGLISH = {"the", "and", "will", "you", "your", "are", "this", "that", "with", "have", "our", "not"}
DUTCH = {
    "de",
    "het",
    "een",
    "en",
    "wij",
    "u",
    "je",
    "zijn",
    "dit",
    "dat",
    "met",
    "voor",
    "niet",
    "bij",
    "aan",
}
"""Words that one language has and the other has not."""


@dataclass(frozen=True)
class Letter:
    number: str
    """What makes it this mail and no other: a digest of its Message-ID, or of all of it when it has none."""
    sender: str
    """The one address that it is from; empty when that cannot be said."""
    recipients: list[str]
    references: list[str]
    refs: list[str]
    """References of dossiers in its subject, such as K-1042."""
    automatic: str
    failed: str
    """Of a mail of ours that came back: the status with which it failed for good (RFC 3464): 5.1.1."""
    results: list[senders.Result]
    text: str
    passed_on: str
    """The words of a mail that was passed on with nothing added."""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    unread: int = 0

    @property
    def language(self) -> str:
        words = re.findall(r"[a-z]+", self.text.lower())
        english, dutch = (sum(word in known for word in words) for known in (ENGLISH, DUTCH))
        return "en" if english > dutch else "nl"


def read(raw: bytes, *, ours: str, to: Sequence[str] = (), envelope_sender: str | None = None) -> Letter:
    """`ours` is the name under which our mail server writes down what it found out (authserv-id)."""
    mail = parts.parsed(raw)
    found = parts.of(mail)
    text = own_words(found.text)
    known = parts.header(mail, "Message-ID").strip()
    reply = found.calendar in {"REPLY", "COUNTER", "CANCEL"}
    references = f"{parts.header(mail, 'In-Reply-To')} {parts.header(mail, 'References')}"
    returned = automatic.automatic(mail, envelope_sender)
    if returned == automatic.RETURNED:
        references += " " + " ".join(_inside(raw))
    return Letter(
        number=hashlib.sha256(known.encode("utf-8", "replace") or raw).hexdigest(),
        sender=senders.sender(mail),
        recipients=[address.strip("<> ").lower() for address in to] + parts.addresses(mail, *ADDRESSED),
        references=REFERENCES.findall(references),
        refs=[ref.upper() for ref in IN_SUBJECT.findall(parts.header(mail, "Subject"))],
        failed=automatic.failed(mail) if returned == automatic.RETURNED else "",
        automatic=returned or (automatic.AUTOMATIC if reply else ""),
        results=senders.results(mail, ours),
        text=text,
        passed_on="" if text else forwarded(found.text),
        files=found.files,
        unread=found.unread,
    )


def _inside(raw: bytes) -> list[str]:
    """The numbers of the mails that a returned one holds, wherever its server put them."""
    text = raw[-200_000:].decode("ascii", "replace")
    return re.findall(r"^Message-ID:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
