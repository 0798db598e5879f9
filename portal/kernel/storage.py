"""Files by their content: the key of a file is its SHA-256, so it is kept once and cannot change."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app

from portal.kernel.errors import NotFound

KEY = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "files"


def path(key: str) -> Path:
    """Where the file with this key lies; NotFound for what is no key, such as a way out of the folder."""
    if not KEY.fullmatch(key):
        raise NotFound(key)
    return _folder() / key[:2] / key


def put(content: bytes, ending: str) -> str:
    """Keep these bytes, on disk before this returns; the key ends in `.ending`."""
    key = f"{hashlib.sha256(content).hexdigest()}.{ending}"
    target = path(key)
    if target.exists():
        return key
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, target)
    return key


def get(key: str) -> bytes:
    """The bytes kept under this key, or NotFound."""
    try:
        return path(key).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(key) from error


def writable() -> bool:
    """Whether something can be put here at this moment."""
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=_folder()) as file:
            file.write(b"something")
    except OSError:
        return False
    return True


def remove(key: str) -> None:
    """Forget the file; nothing happens when it is gone already."""
    path(key).unlink(missing_ok=True)
