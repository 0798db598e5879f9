"""Web push: a message to one device, which only that device can open (RFC 8291), signed as ours (RFC 8292).

The address comes from a stranger's browser, so it is called with care: only https, only services that are
known, only addresses out on the internet, no redirects, and not for long.
"""

import base64
import ipaddress
import json
import socket
import ssl
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from py_vapid import Vapid02

from portal.kernel.clock import now
from portal.kernel.errors import Refused

SECONDS = 10
STAYS = 7 * 24 * 3600
"""How long the service may keep a message for a device that is off."""
PROOF_HOLDS = 12 * 3600
LONGEST = 3000
"""Most bytes of a message; services take 4096 when it is encrypted."""
GONE = {404, 410}


class Undeliverable(Exception):
    """The service did not take the message; the job tries again later."""


def _key() -> Vapid02:
    return Vapid02.from_raw(current_app.config["PUSH_KEY"].encode())


def public_key() -> str:
    """Our public key, as a browser wants it."""
    point = _key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def may_be_sent_to(endpoint: str) -> bool:
    """Whether this is the address of a service that is known, over https."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    local = current_app.config["PUSH_LOCAL"]
    known, host = current_app.config["PUSH_HOSTS"], parts.hostname or ""
    safe = parts.scheme == "https" and port in {None, 443} and not parts.username
    ours = not known or any(host == name or host.endswith(f".{name}") for name in known)
    named = bool(host) and ":" not in host
    return named and ((safe and ours) or (local and host == "127.0.0.1"))


def _address(host: str, port: int) -> str:
    """Where this host is, out on the internet; a name that leads inside is refused."""
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    good = [one for one in sorted(found) if _outside(one) or current_app.config["PUSH_LOCAL"]]
    if not good:
        raise Refused(f"{host} is not on the internet")
    return good[0]


def _outside(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(known, "ipv4_mapped", None) or known
    return bool(inner.is_global and not inner.is_multicast)


class _Line(HTTPConnection):
    """To the address that was looked at, and not to what its name leads to a moment later."""

    def __init__(self, scheme: str, host: str, port: int) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.scheme = scheme

    def connect(self) -> None:
        line = socket.create_connection((_address(self.host, self.port), self.port), SECONDS)
        if self.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
        self.sock = line


def sealed(message: dict[str, str], p256dh: str, auth: str) -> bytes:
    """The message as only the device with these keys can read it."""
    plain = json.dumps(message, ensure_ascii=False).encode()
    if len(plain) > LONGEST:
        raise ValueError("the message is too long")
    device, secret = (base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)) for key in (p256dh, auth))
    return bytes(
        http_ece.encrypt(plain, private_key=generate_private_key(SECP256R1()), dh=device, auth_secret=secret)
    )


def send(endpoint: str, body: bytes, topic: str) -> bool:
    """Hand the sealed message to the device's service. False when the device is no more."""
    if not may_be_sent_to(endpoint):
        raise Refused("not the address of a service that is known")
    parts = urlsplit(endpoint)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(STAYS),
        "Topic": topic,
        "Urgency": "normal",
        **_proof(f"{parts.scheme}://{parts.netloc}"),
    }
    line = _Line(parts.scheme, str(parts.hostname), parts.port or 443)
    try:
        line.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
        status = line.getresponse().status
    finally:
        line.close()
    if status not in {200, 201, 202, 204, *GONE}:
        raise Undeliverable(str(status))
    return status not in GONE


def _proof(audience: str) -> dict[str, Any]:
    contact = current_app.config["PUSH_CONTACT"]
    expires = int(now().timestamp()) + PROOF_HOLDS
    return dict(_key().sign({"sub": contact, "aud": audience, "exp": expires}))
