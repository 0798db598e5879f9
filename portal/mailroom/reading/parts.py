"""The parts of a mail as it came, however broken: headers as text, what somebody wrote, what is attached.

Nothing in here raises for what a mail holds: a part that cannot be read is left out, or read as can be.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from portal.mailroom.reading.markup import plain

MOST_PARTS = 200
"""No mail of a person has more; one made to be endless has."""
LONGEST_BODY = 400_000
"""Characters that are looked at: a hundred times an answer, so that what is quoted fits."""
CALENDAR = "text/calendar"
BEGINS_FILE = re.compile(r"^begin [0-7]{3,4} \S")
LONGEST_HEADER = 20_000
SECRET = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
SIGNED = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)


@dataclass
class Parts:
    """What a mail holds."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    """Type and content of what was attached; the names given to it are nobody's business."""
    unread: int = 0
    """How many parts were no file that can be kept: a mail in the mail, a calendar, what is encrypted."""
    calendar: str = ""
    """The method of an invitation in it: REQUEST, REPLY, CANCEL."""

    @property
    def text(self) -> str:
        """What was written; from the HTML when there is nothing else worth reading."""
        written = "\n\n".join(part.strip("\n") for part in self.plain if part.strip())
        written, drawn = _without_files(written), "\n\n".join(map(plain, self.html))
        poor = not written.strip() or (PLEASE.search(written[:300]) is not None and drawn.strip())
        return drawn if poor else written


PLEASE = re.compile(
    r"does not support html|html[- ]?(e-?)?mail|ondersteunt geen html|html[- ]viewer|view (it|this) in html",
    re.IGNORECASE,
)
"""What a program writes in the place of the words when it sends only HTML."""


def parsed(raw: bytes) -> Message:
    """The mail; of one built to break its reader, such as a thousand parts deep, what its headers say."""
    try:
        return email.message_from_bytes(raw)
    except Exception:  # it can break it in any way
        return BytesHeaderParser().parsebytes(raw)


def _without_files(text: str) -> str:
    """Without files between the words, as programs wrote them before there was MIME (uuencode)."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        inside = inside or BEGINS_FILE.match(line) is not None
        if not inside:
            kept.append(line)
        inside = inside and line.strip() != "end"
    return "\n".join(kept)


def header(mail: Message, name: str) -> str:
    """A header on one line, decoded as far as it can be; the first one where there are several."""
    return next(iter(headers(mail, name)), "")


def headers(mail: Message, name: str) -> list[str]:
    return [
        _decoded(str(value)[:LONGEST_HEADER])
        for known, value in mail.raw_items()
        if known.lower() == name.lower()
    ]


def _decoded(value: str) -> str:
    """Bytes that are no ASCII, which no header should have, the parser keeps in letters of their own."""
    text = _as_text(value.encode("utf-8", "surrogateescape"), "")
    try:
        found = decode_header(text)
    except Exception:  # made to break its reader, it can break it in any way
        found = [(text, None)]
    words = [part if isinstance(part, str) else _as_text(part, charset or "") for part, charset in found]
    return " ".join("".join(words).split())


def addresses(mail: Message, *names: str) -> list[str]:
    """The addresses in these headers, in lower case, as they stand there."""
    values = [value for name in names for value in headers(mail, name)]
    try:
        found = getaddresses(values)
    except Exception:  # see above
        return []
    return [address.strip().lower() for _, address in found if "@" in address]


def _as_text(content: bytes, charset: str) -> str:
    """By the charset that it says it has, else as UTF-8, else as Windows writes here."""
    for name in (charset, "utf-8", "cp1252"):
        try:
            if name:
                return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def of(mail: Message) -> Parts:
    """Look through a mail, but not into the mails in it."""
    found = Parts()
    for part in _leaves(mail):
        kind, content = part.get_content_type(), _content(part)
        if kind == CALENDAR:
            found.calendar = found.calendar or _method(part, content)
            found.unread += 1
        elif kind in SIGNED:
            continue
        elif kind.startswith("message/") or kind in SECRET:
            found.unread += 1
        elif kind in {"text/plain", "text/html"} and not _attached(part):
            _written(part, content, found)
        elif content:
            found.files.append((kind, content))
    return found


def _leaves(mail: Message) -> Iterator[Message]:
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        inside = part.get_payload()
        if part.is_multipart() and part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting = [one for one in inside if isinstance(one, Message)] + waiting
        else:
            yield part


def _attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _content(part: Message) -> bytes:
    if part.is_multipart():
        return b""
    try:
        content = part.get_payload(decode=True)
    except Exception:  # see above
        return b""
    return content if isinstance(content, bytes) else b""


def _param(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except Exception:  # see above
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "").lower()


def _method(part: Message, content: bytes) -> str:
    said = re.search(rb"^METHOD:(\w+)", content, re.MULTILINE)
    return (_param(part, "method") or (said.group(1).decode().lower() if said else "request")).upper()


def _written(part: Message, content: bytes, found: Parts) -> None:
    text = _as_text(content, _param(part, "charset"))[:LONGEST_BODY]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")
    if part.get_content_type() == "text/html":
        found.html.append(text)
    else:
        flowed = _param(part, "format") == "flowed"
        found.plain.append(_unfolded(text, delsp=_param(part, "delsp") == "yes") if flowed else text)


def _unfolded(text: str, *, delsp: bool) -> str:
    """Lines that a program broke by itself (RFC 3676) are one again; what is quoted and `-- ` stay."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        line = line[1:] if line.startswith(" ") else line
        if goes_on and not quoted:
            lines[-1] += line
        else:
            lines.append(line)
        goes_on = line.endswith(" ") and line != "-- " and not quoted
        if goes_on and delsp:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
