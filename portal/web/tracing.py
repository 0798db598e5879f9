"""From where something is sent, in keyed digests: whether two came from the same place can be told, no more.

The network is the first part of the visitor's address, the device a cookie. The cookie is set when somebody
signs, and only then: who reads leaves nothing behind. Neither leads back to an address or a person, and all
that is asked by them is how many signatures of one dossier came the same way.
"""

import hashlib
import hmac
import secrets
from ipaddress import ip_address, ip_network

from flask import Flask, Response, current_app, g, request

DEVICE = "device"
DAYS = 90
"""How long a device is known by its cookie: about as long as a petition gathers signatures."""
PREFIX = {4: 24, 6: 48}
"""So many bits of an address are its network: a home, an office, a part of a provider."""
LETTERS = 16


def digest(kind: str, value: str) -> str:
    """The first letters of HMAC-SHA256 under the portal's own key."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:LETTERS]


def network() -> str | None:
    """The visitor's network; None when the address is not one of the internet.

    Behind a proxy that the setting PROXIES does not count everybody comes from it: then nothing is known.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    if not address.is_global:
        return None
    return digest("network", str(ip_network((address, PREFIX[address.version]), strict=False)))


def device() -> str:
    """The visitor's device; a new one is given its cookie with the answer."""
    known = request.cookies.get(DEVICE, "")
    if not known or len(known) > LETTERS * 4:
        known = g.new_device = secrets.token_urlsafe(LETTERS)
    return digest("device", known)


def init_app(app: Flask) -> None:
    app.after_request(_give)


def _give(response: Response) -> Response:
    if new := g.get("new_device"):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        age = DAYS * 24 * 60 * 60
        response.set_cookie(DEVICE, new, max_age=age, httponly=True, samesite="Lax", secure=secure)
    return response
