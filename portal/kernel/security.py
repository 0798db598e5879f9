"""For who watches over the portal, as lines of the log: who came in, who was refused, what changed.

A line names a person by number and anybody else by a digest: no name, address, code or ticket stands in it.
"""

import logging
from enum import StrEnum
from time import monotonic
from typing import Any

from portal.kernel.db import db
from portal.kernel.logs import FACTS, SECURITY

WAITING = "security"
log = logging.getLogger(SECURITY)


class Event(StrEnum):
    LINK_MADE = "link-made"
    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    LOCKED = "locked"
    PROVED = "proved"
    PROOF_FAILED = "proof-failed"
    FACTOR_CHANGED = "factor-changed"
    FACTOR_REMOVED = "factor-removed"
    CODES_CHANGED = "codes-changed"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    SESSION_ENDED = "session-ended"
    SESSIONS_ENDED = "sessions-ended"
    APPOINTED = "appointed"
    MEMBERSHIP_ENDED = "membership-ended"
    EXPORTED = "exported"
    HIDDEN = "hidden"
    ERASED = "erased"
    REFUSED = "refused"


def happened(event: Event, **facts: int | str | None) -> None:
    """Write it down once what is under way is kept: what is undone did not happen."""
    waiting: list[dict[str, Any]] | None = db.session.info.get(WAITING)
    line = {"event": str(event)} | facts
    if waiting is None:
        _write(line)
    else:
        waiting.append(line)


def refused(event: Event, **facts: int | str | None) -> None:
    """Write it down at once: the refusal undoes what was under way."""
    _write({"event": str(event)} | facts)


SELDOM = 15 * 60.0
"""Seconds in which the same refusal about the same is one line."""
MOST = 10_000
"""About so many things it is known when they were last told of."""
_told: dict[str, tuple[float, int]] = {}


def forget() -> None:
    """Of everything the next refusal is a line again."""
    _told.clear()


def refused_again(event: Event, about: str, **facts: int | str | None) -> None:
    """As `refused`, for what others can make happen as often as they like.

    In each process it is a line once in a while; that one says how `often` it happened since the last.
    """
    known, at = f"{event} {about}", monotonic()
    last, often = _told.get(known, (-SELDOM, 0))
    if at - last < SELDOM and known in _told:
        _told[known] = last, often + 1
        return
    if len(_told) >= MOST:
        forget()
    _told[known] = at, 0
    refused(event, **facts, **({"often": often + 1} if often else {}))


def kept() -> None:
    """The transaction under way was committed: what happened in it is true."""
    for line in db.session.info[WAITING]:
        _write(line)


def _write(line: dict[str, Any]) -> None:
    log.info(" ".join(f"{name}={value}" for name, value in line.items()), extra={FACTS: line})
