"""Digests under the portal's own key: whether two things are the same can be told, and not what they are."""

import hashlib
import hmac

from flask import current_app


def keyed(kind: str, value: str) -> bytes:
    """HMAC-SHA256; of another kind the same value has another one."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).digest()
