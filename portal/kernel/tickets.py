"""Links in mails: a ticket is the signed number of a row, made when the mail is written and kept nowhere.

Whoever holds one has read the mail. A ticket opens a page; only the button on that page changes something,
because mail scanners follow every link.
"""

from enum import StrEnum

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.kernel.errors import NotFound


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
