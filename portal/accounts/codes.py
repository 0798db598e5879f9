"""Codes that show once more who somebody is: of an app, from a paper, from a mail."""

import base64
import hmac
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet

from portal.kernel.codes import Codes
from portal.kernel.digests import keyed

APP = "Rotonde"
STEP = 30
"""Seconds for which a code of the app stands there."""
AROUND = (-1, 0, 1)
"""Clocks differ: the code before, and the one after, is right as well."""
RECOVERY = Codes("23456789ABCDEFGHJKMNPQRTVWXYZ", (5, 5, 5, 5, 5), last=25)
"""116 bits: nobody finds one by trying, and a plain digest of one tells nothing."""
HOW_MANY = 10
DIGITS = 8
"""Of a code in a mail."""


def new_secret() -> str:
    """What an app is told once; 160 bits."""
    return pyotp.random_base32()


def possible(secret: str) -> bool:
    """Whether it is one as `new_secret` makes them: nobody gets a shorter one in by a form."""
    try:
        return len(base64.b32decode(secret)) == 20
    except ValueError:
        return False


def address(secret: str, whose: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=whose, issuer_name=APP)


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute whose code this is; None when it is none of now."""
    present = int(at.timestamp()) // STEP
    counter = pyotp.TOTP(secret)
    fitting = [present + n for n in AROUND if same(counter.generate_otp(present + n), typed)]
    return max(fitting, default=None)


def locked(secret: str) -> bytes:
    """As it is stored: without the portal's key a copy of the database opens nothing."""
    return _box().encrypt(secret.encode())


def opened(stored: bytes) -> str:
    return _box().decrypt(stored).decode()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(keyed("box", "second factor")))


def new_recovery() -> list[str]:
    """Codes for a paper. Chance of the operating system, in the groups and letters of RECOVERY."""
    return [RECOVERY.new() for _ in range(HOW_MANY)]


def recovery_key(typed: str) -> str:
    """The digest of a recovery code, however it was typed; empty when it is none."""
    code = RECOVERY.read(typed)
    return keyed("recovery", code).hex() if code else ""


def mailed(session_id: int, asked_at: datetime) -> str:
    """The code of the mail that was asked for in this session at this moment. It is kept nowhere."""
    number = int.from_bytes(keyed("proof", f"{session_id}:{asked_at.isoformat()}"), "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def same(one: str, typed: str) -> bool:
    """Told in the same time whatever differs."""
    return hmac.compare_digest(one.encode(), "".join(typed.split()).encode())
