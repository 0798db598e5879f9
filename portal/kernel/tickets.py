"""Links in mails: a ticket is the signed number of a row, made when the mail is written and kept nowhere.

Whoever holds one has read the mail. A ticket opens a page; only the button on that page changes something,
because mail scanners follow every link.
"""

import base64
import hashlib
import hmac
import re
from enum import StrEnum

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.kernel.errors import NotFound

SMALL = re.compile(r"(?<![a-z0-9])(\d{1,10})\.([a-z2-7]{20})(?![a-z0-9])")
LENGTH = 20
"""Letters of five bits: a hundred bits."""


class For(StrEnum):
    """What a ticket is good for; one made for one purpose opens nothing else."""

    SIGN_IN = "sign-in"
    SIGNATURE = "signature"
    REPORT = "report"
    CONSENT = "consent"
    MOVE = "move"
    TAKE_OVER = "take-over"
    STAND = "stand"
    VERDICT = "verdict"
    QUESTION = "question"
    CALENDAR = "calendar"
    DIGEST = "digest"
    NEWS = "news"
    QUIET = "quiet"
    ANSWER = "answer"
    KEPT = "kept"
    TOGETHER = "together"


def _signer(purpose: For) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"ticket:{purpose}")


def ticket(purpose: For, number: int) -> str:
    """The ticket for the row with this number."""
    return str(_signer(purpose).dumps(number))


def read(purpose: For, given: str) -> int:
    """The number in the ticket; NotFound when it was not made here for this purpose."""
    try:
        return int(_signer(purpose).loads(given))
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound("ticket") from error


def small(purpose: str, number: int) -> str:
    """A ticket in small letters, for addresses and the numbers of mails, which some servers write so."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.new(secret, f"{purpose}:{number}".encode(), hashlib.sha256).digest()
    return f"{number}.{base64.b32encode(made).decode().lower()[:LENGTH]}"


def read_small(purpose: str, text: str) -> int | None:
    """The number in the first small ticket for this purpose in this text."""
    for number, letters in SMALL.findall(text.lower()):
        if hmac.compare_digest(small(purpose, int(number)), f"{number}.{letters}"):
            return int(number)
    return None
