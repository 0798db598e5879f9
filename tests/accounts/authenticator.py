"""A device that holds passkeys, without the device: it answers as a browser does."""

import json
import secrets
from hashlib import sha256
from typing import Any

from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

FLAG = AuthenticatorData.FLAG


def asked_in(page: BeautifulSoup, what: str) -> dict[str, Any]:
    """What the button of the page asks a browser: to `make` or to `show` one."""
    button = page.select_one(f"[data-{what}]")
    assert button is not None, page
    found: dict[str, Any] = json.loads(str(button[f"data-{what}"]))
    return found


class Passkey:
    """One, as it comes into being. `counter` moves with each use, unless it stays 0."""

    def __init__(self, origin: str = "http://localhost", *, counts: bool = True) -> None:
        self.origin, self.place = origin, origin.rpartition("/")[2].partition(":")[0]
        self.private = generate_private_key(SECP256R1())
        self.name, self.counts, self.counter = secrets.token_bytes(16), counts, 0

    def make(self, asked: dict[str, Any]) -> str:
        public = ES256.from_cryptography_key(self.private.public_key())
        known = AttestedCredentialData.create(Aaguid.NONE, self.name, public)
        about = AuthenticatorData.create(self._hash(), FLAG.UP | FLAG.AT, self.counter, known)
        client = self._client("webauthn.create", asked)
        made = {"attestationObject": websafe_encode(AttestationObject.create("none", about, {}))}
        return self._answer(made | {"clientDataJSON": websafe_encode(client)})

    def show(self, asked: dict[str, Any], *, flags: Any = FLAG.UP) -> str:
        self.counter += self.counts
        about = AuthenticatorData.create(self._hash(), flags, self.counter)
        client = self._client("webauthn.get", asked)
        signature = self.private.sign(about + sha256(client).digest(), ECDSA(SHA256()))
        given = {"clientDataJSON": client, "authenticatorData": about, "signature": signature}
        return self._answer({name: websafe_encode(value) for name, value in given.items()})

    def _hash(self) -> bytes:
        return sha256(self.place.encode()).digest()

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        named = websafe_encode(self.name)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
