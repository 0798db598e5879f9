"""Passwords: whether one is good enough, and keeping it so that nobody can read it back."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.kernel.errors import Invalid

SHORTEST, LONGEST = 12, 200
COMMON = Path(__file__).parent / "data" / "common-passwords.txt"
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with the least that OWASP advises: 19 MiB for a blink, so that several fit into a worker."""
OURS = ("rotonde", "bewoner", "buurtplatform")
"""Words that somebody tries first on a portal like this."""


@cache
def common() -> frozenset[str]:
    return frozenset(COMMON.read_text().split())


@cache
def nobodys() -> str:
    """What the password of somebody unknown is held against, so that it takes as long as anybody's."""
    return HASHER.hash("of nobody")


def check(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Invalid("password", …) for what is short, what many chose, and little more than a known word."""
    low = password.lower()
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("password", "length")
    known = [word.lower() for word in (*OURS, *about) if len(word) > 3]
    rest = low
    for word in known:
        rest = rest.replace(word, "")
    if low in common() or len(set(low)) < 5 or len(rest) < SHORTEST - 4:
        raise Invalid("password", "easy")


def kept(password: str) -> str:
    """What is stored of it."""
    return HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether it is the one; for somebody who has none it takes as long, and is never right."""
    try:
        return HASHER.verify(stored or nobodys(), password[:LONGEST]) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False
