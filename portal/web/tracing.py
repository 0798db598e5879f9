"""From where something is sent, in keyed digests: whether two came from the same place can be told, no more.

The network is the first part of the visitor's address, the device a cookie. The cookie is set when somebody
signs, and only then: who reads leaves nothing behind. Neither leads back to an address or a person, and all
that is asked by them is how many signatures of one dossier, or wrong codes, came the same way.
"""

import secrets
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import Flask, Response, current_app, g, request

from portal.kernel.digests import keyed

DEVICE = "device"
DAYS = 90
"""How long a device is known by its cookie: about as long as a petition gathers signatures."""
Bits = dict[int, int]
NETWORK: Bits = {4: 24, 6: 48}
"""By the version of an address so many bits of it are its network: an office, a part of a provider."""
HOME: Bits = {4: 32, 6: 64}
"""So many one home has."""
LETTERS = 16


def digest(kind: str, value: str) -> str:
    """The first letters of the keyed digest."""
    return keyed(kind, value).hex()[:LETTERS]


def _address() -> IPv4Address | IPv6Address | None:
    """The visitor's; None for what is no address."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _around(address: IPv4Address | IPv6Address | None, bits: Bits) -> IPv4Network | IPv6Network | None:
    """What the address lies in, this wide."""
    return ip_network((address, bits[address.version]), strict=False) if address else None


def network() -> str | None:
    """The visitor's network; None when the address is not one of the internet.

    Behind a proxy that the setting PROXIES does not count everybody comes from it: then nothing is known.
    """
    address = _address()
    return digest("network", str(_around(address, NETWORK))) if address and address.is_global else None


def home() -> str:
    """From where somebody tries, whatever the address is: those without one are counted together."""
    return digest("network", str(_around(_address(), HOME)))


def known_device() -> str | None:
    """The visitor's device, if something was sent from it before."""
    known = request.cookies.get(DEVICE, "")
    return digest("device", known) if 0 < len(known) <= LETTERS * 4 else None


def new_device() -> str:
    """One that is given its cookie with the answer."""
    g.new_device = secrets.token_urlsafe(LETTERS)
    return digest("device", g.new_device)


def init_app(app: Flask) -> None:
    app.after_request(_give)


def _give(response: Response) -> Response:
    if new := g.get("new_device"):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        age = DAYS * 24 * 60 * 60
        response.set_cookie(DEVICE, new, max_age=age, httponly=True, samesite="Lax", secure=secure)
    return response
