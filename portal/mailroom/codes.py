"""Addresses to which an authority answers: one for each dossier that is put to it, which nobody can guess.

Like a ticket it is the signed number of a row, made when a mail is written and kept nowhere. It is in small
letters, because some servers write addresses so.
"""

import base64
import hashlib
import hmac
import re

from flask import current_app

KEY = re.compile(r"(?<![a-z0-9])(\d{1,10})\.([a-z2-7]{20})(?![a-z0-9])")
LENGTH = 20
"""Letters of five bits: a hundred bits."""


def key(addressee_id: int) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.new(secret, f"answer-by-mail:{addressee_id}".encode(), hashlib.sha256).digest()
    return f"{addressee_id}.{base64.b32encode(made).decode().lower()[:LENGTH]}"


def read(text: str) -> int | None:
    """The number of the addressee whose key stands in this address or reference."""
    for number, letters in KEY.findall(text.lower()):
        if hmac.compare_digest(key(int(number)), f"{number}.{letters}"):
            return int(number)
    return None


def reply_to(addressee_id: int) -> str:
    """Where the answer goes; empty when this portal takes no mail."""
    local, at, domain = str(current_app.config["ANSWER_ADDRESS"]).rpartition("@")
    return f"{local}+{key(addressee_id)}{at}{domain}" if at else ""


def is_ours(address: str) -> bool:
    """Whether this portal writes from it, or takes mail there."""
    local, _, domain = str(current_app.config["ANSWER_ADDRESS"]).lower().rpartition("@")
    name, _, at = address.lower().rpartition("@")
    sender = str(current_app.config["MAIL_SENDER"]).lower()
    return f"<{address.lower()}>" in sender or (
        bool(local) and at == domain and name.partition("+")[0] == local
    )
