"""Who co-signs in the demonstration, when, and how: the first time by mail, after that signed in."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from portal.accounts.commands import erase
from portal.accounts.models import Role
from portal.demo.happenings import Happening, moment
from portal.demo.people import LOCALE, Cast, home
from portal.dossiers import commands
from portal.dossiers.models import Kind, Signature, SignatureState
from portal.kernel import clock
from portal.kernel.commands import Submission
from portal.kernel.db import find
from portal.kernel.policy import NOBODY

EAGER = 1.6
"""Most sign in the first days, as with real petitions."""
READS_MAIL = timedelta(minutes=1)
FROM, HOURS = 17.5, 3.5
"""Neighbours sign in the evening."""


def happenings(cast: Cast, told: dict[str, Any]) -> Iterator[Happening]:
    """The signatures under one dossier: those that count, and those that do not or no longer."""
    for given in told.get("signatures", []):
        yield from _told(cast, told, given)
    yield from _counted(cast, told)


def _counted(cast: Cast, told: dict[str, Any]) -> Iterator[Happening]:
    number = told["supporters"] - _counted_otherwise(cast, told)
    if number < 1:
        return
    first, last = (date.fromisoformat(told["signing"][name]) for name in ("from", "until"))
    reasons = told.get("reasons", [])
    for n, key in enumerate(_willing(cast, told)[:number]):
        share = (n / number) ** EAGER
        said = {
            "reason": reasons[n] if n < len(reasons) else "",
            "joins_bundle": n < told.get("count_me_too", 0),
        }
        on = first + timedelta(days=int(share * (last - first).days))
        yield _sign(cast, told["key"], key, on, **said)


def _counted_otherwise(cast: Cast, told: dict[str, Any]) -> int:
    """A neighbour supports what they report; and whose account was erased is still counted."""
    reported = told["kind"] != Kind.PETITION and told["by"] in cast.neighbours
    left = [given for given in told.get("signatures", []) if given["state"] == SignatureState.ANONYMISED]
    return int(reported) + len(left)


def _willing(cast: Cast, told: dict[str, Any]) -> list[str]:
    """Neighbours in an order of this dossier's own, without who opened it or is told to sign otherwise.

    First those of the buildings where somebody went round the doors with it.
    """
    others = {told["by"], *(given["by"] for given in told.get("signatures", []))}
    free = [key for key, given in cast.neighbours.items() if key not in others and "leaves" not in given]

    def place(key: str) -> tuple[bool, bytes]:
        building = home(cast.neighbours[key])
        return not building or _drawn(told, building)[0] % 2 == 1, _drawn(told, key)

    return sorted(free, key=place)


def _drawn(told: dict[str, Any], word: str) -> bytes:
    return hashlib.sha256(f"{told['key']} {word}".encode()).digest()


def _sign(cast: Cast, dossier: str, by: str, on: str | date, **said: Any) -> Happening:
    def do(once: str) -> None:
        _signed(cast, dossier, by, once, **said)

    key = f"{dossier}:signed:{by}"
    return Happening(moment(on, FROM, HOURS, key), key, do)


def _signed(cast: Cast, dossier: str, by: str, once: str, *, confirmed: bool = True, **said: Any) -> None:
    """Who has an account signs in it; who is new gives an address and confirms it by the link in the mail."""
    given, person = cast.neighbours[by], cast.neighbour(by)
    known = person is not None and person.confirmed_at is not None and confirmed
    by_mail = {} if known else {"email": given["email"], "locale": LOCALE}
    said |= {"name": given["name"], "shown": given["name_shown"], "building": home(given)}
    actor = person if known else NOBODY
    signature = commands.sign(actor, cast.dossier(dossier), once=once, **by_mail, **said)
    if confirmed and not known:
        with clock.at(clock.now() + READS_MAIL):
            commands.confirm(signature.person, signature, once=f"{once}:confirmed")


def _told(cast: Cast, told: dict[str, Any], given: dict[str, Any]) -> Iterator[Happening]:
    """A signature that waits for its mail, was withdrawn or struck out, or lost its owner."""
    key, by, state = told["key"], given["by"], given["state"]
    confirmed = state != SignatureState.PENDING
    yield _sign(cast, key, by, given["on"], confirmed=confirmed)

    def signature() -> Signature:
        signed = find(Submission, f"demo:{key}:signed:{by}")
        return find(Signature, signed.model_id)

    def withdraw(once: str) -> None:
        commands.withdraw_signature(cast.who(by), signature(), once=once)

    def invalidate(once: str) -> None:
        moderator = next(m for m in cast.members if m["role"] == Role.MODERATOR)
        strikes = cast.with_address(moderator["email"])
        commands.invalidate(strikes, signature(), once=once, why=given["reason"])

    def leave(once: str) -> None:
        if (person := cast.neighbour(by)) is not None:
            erase(person, person, once=once)

    endings = {
        SignatureState.WITHDRAWN: (20.5, withdraw),
        SignatureState.INVALID: (11.0, invalidate),
        SignatureState.ANONYMISED: (20.5, leave),
    }
    if state in endings:
        hour, do = endings[state]
        yield Happening(moment(given["ended"], hour, 0.5, key), f"{key}:{state}:{by}", do)
