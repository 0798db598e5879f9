"""The code of a receipt: made, written, read and kept as a keyed digest only.

Ten characters in groups, `K7QM-4XTP-29`: nine by chance, and one by which a typing error is noticed. No two
of them look or sound alike.
"""

import hashlib
import hmac
from ipaddress import ip_address, ip_network

from flask import current_app

ALPHABET = "23456789ACEFHKMPQRTVWXY"
"""A prime number of them: so the last one tells every wrong character, and every two that changed places."""
CHANCE = 9
GROUPS = (slice(0, 4), slice(4, 8), slice(8, 10))
LOOK_ALIKES = str.maketrans({"S": "5", "Z": "2", "B": "8", "G": "6", "U": "V"})
"""What is typed for what stands there."""


def _keyed(purpose: str, text: str) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()


def code_for(key: str) -> str:
    """The code of one submit of a form: the same when it is sent again because the answer got lost."""
    number = int.from_bytes(_keyed("receipt-code", key), "big")
    places = [number // len(ALPHABET) ** place % len(ALPHABET) for place in range(CHANCE)]
    return _checked("".join(ALPHABET[place] for place in places))


def _checked(start: str) -> str:
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(start, 1))
    return start + ALPHABET[total % len(ALPHABET)]


def in_groups(code: str) -> str:
    """As people read it."""
    return "-".join(code[group] for group in GROUPS)


def read(typed: str) -> str:
    """The code that was typed, in any case, with anything between the groups; empty when it is none."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(LOOK_ALIKES)
    possible = len(code) == CHANCE + 1 and set(code) <= set(ALPHABET)
    return code if possible and _checked(code[:CHANCE]) == code else ""


def digest(code: str) -> str:
    """What is kept of a code. Without the secret key nobody can tell from it which code it was."""
    return _keyed("receipt", code).hex()


def network(address: str | None) -> str:
    """A keyed digest of where a request came from; of IPv6 the part that one home has."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return _keyed("network", "unknown").hex()[:16]
    home = ip_network((known, 64 if known.version == 6 else 32), strict=False)
    return _keyed("network", str(home)).hex()[:16]
