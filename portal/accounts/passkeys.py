"""Passkeys (WebAuthn): what a browser is asked to make or to show, and whether its answer is right.

What is asked of it is kept nowhere: it says when it was asked, and is signed for whom. Of a passkey the last
one that it answered is known; that, and those before it, are answered no more.
"""

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm

from portal.accounts.codes import APP
from portal.kernel.clock import now
from portal.kernel.digests import keyed
from portal.kernel.settings import setting

WORKS = timedelta(minutes=10)
SIGNED = 24
"""Bytes of what is asked that show that it was us who asked."""
TICK = timedelta(microseconds=1)
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
LONGEST = 10_000
"""Letters of an answer."""
BROKEN: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
BROKEN += (RecursionError, NotImplementedError, struct.error, UnsupportedAlgorithm)
"""What comes of reading something that only looks like an answer."""


class NotRight(Exception):
    """The answer is not one to what was asked, here, of this person, a short while ago."""


@dataclass(frozen=True)
class Shown:
    """What a passkey answered."""

    key: str
    known: bytes
    """Its name and its public key, as the library reads them again."""
    counter: int
    tick: int
    """When it was asked."""


def key_of(name: bytes) -> str:
    """By what a passkey is found."""
    return sha256(name).hexdigest()


def challenge(whose: str) -> bytes:
    """For a browser that is known by this word; nobody else's answer to it is right."""
    tick = (now() - BEGIN) // TICK
    return tick.to_bytes(8, "big") + _sign(tick, whose)


def _sign(tick: int, whose: str) -> bytes:
    return keyed("passkey", f"{tick} {whose}")[:SIGNED]


def _tick(asked: bytes, whose: str) -> int:
    """When this was asked of this browser; NotRight when it was not, or too long ago."""
    tick = int.from_bytes(asked[:8], "big")
    if not compare_digest(asked[8:], _sign(tick, whose)):
        raise NotRight("asked of nobody here")
    if not timedelta() <= now() - (BEGIN + tick * TICK) <= WORKS:
        raise NotRight("asked too long ago")
    return tick


def _library() -> Any:
    """It is imported when somebody has a passkey: most processes never need it, and it takes a while."""
    return import_module("fido2.server")


def _server() -> Any:
    place = urlsplit(setting("PUBLIC_URL"))
    ours = f"{place.scheme}://{place.netloc}"
    who = {"id": place.hostname, "name": APP}
    return _library().Fido2Server(who, attestation="none", verify_origin=lambda origin: origin == ours)


def to_make(whose: str, person: Any, known: list[bytes]) -> dict[str, Any]:
    """What a browser is asked so that it makes one. Who it is for stands in it as a digest and an address."""
    user = {"id": keyed("passkey of", str(person.id)), "name": person.email, "displayName": person.email}
    have = [_read(one) for one in known]
    how = {"resident_key_requirement": "preferred", "user_verification": "preferred"}
    options, _ = _server().register_begin(user, have, challenge=challenge(whose), **how)
    return _plain(options)


def to_show(whose: str, known: list[bytes]) -> dict[str, Any]:
    """What a browser is asked so that it shows one of these; without them, any that it has of ours.

    Written by hand: the page at the door, which everybody may open, needs no library for it.
    """
    have = [{"type": "public-key", "id": _text(_read(one).credential_id)} for one in known]
    asked = {"challenge": _text(challenge(whose)), "userVerification": "preferred"}
    return asked | {"rpId": urlsplit(setting("PUBLIC_URL")).hostname, "allowCredentials": have}


def made(whose: str, answer: str) -> Shown:
    """The new passkey; NotRight when it is none."""
    given, asked = _answered(answer)
    tick = _tick(asked, whose)
    try:
        found = _server().register_complete(_state(asked), given)
    except BROKEN as error:
        raise NotRight(type(error).__name__) from error
    known = found.credential_data
    return Shown(key_of(known.credential_id), bytes(known), found.counter, tick)


def name_in(answer: str) -> str:
    """By what the passkey is found that this answer claims to be of."""
    given, _ = _answered(answer)
    try:
        return key_of(_websafe(given["rawId"]))
    except BROKEN as error:
        raise NotRight("no name") from error


def shown(whose: str, answer: str, known: bytes) -> Shown:
    """That it is this passkey; NotRight when it is not."""
    given, asked = _answered(answer)
    tick, one = _tick(asked, whose), _read(known)
    try:
        _server().authenticate_complete(_state(asked), [one], given)
        read = import_module("fido2.webauthn").AuthenticationResponse.from_dict(given)
    except BROKEN as error:
        raise NotRight(type(error).__name__) from error
    return Shown(key_of(one.credential_id), known, read.response.authenticator_data.counter, tick)


def _answered(answer: str) -> tuple[dict[str, Any], bytes]:
    """The answer, and to what it is one."""
    try:
        given = json.loads(answer[:LONGEST])
        asked = json.loads(_websafe(given["response"]["clientDataJSON"]))["challenge"]
        return given, _websafe(asked)
    except BROKEN as error:
        raise NotRight("no answer") from error


def _state(asked: bytes) -> dict[str, Any]:
    return {"challenge": _text(asked), "user_verification": "preferred"}


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _websafe(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _read(known: bytes) -> Any:
    return import_module("fido2.webauthn").AttestedCredentialData(known)


def _plain(options: Any) -> dict[str, Any]:
    """As it is written into a page."""
    found: dict[str, Any] = json.loads(json.dumps(dict(options.public_key)))
    return found
