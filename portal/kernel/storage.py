"""Files by their content: the key of a file is its SHA-256, so it is kept once and cannot change.

They lie in the data folder, or by setting in a bucket (portal/kernel/shelves.py); nobody else knows where.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import current_app

from portal.kernel.errors import NotFound
from portal.kernel.shelves import Bucket, Folder, Shelf, Where

KEY = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")

_bucket = cache(Bucket)
"""Its connections are kept: making them anew would cost more than most files."""


def _shelf() -> Shelf:
    known = current_app.config
    if not known.get("S3_BUCKET"):
        return Folder(Path(known["DATA_DIR"]) / "files")
    names = ("S3_BUCKET", "S3_ENDPOINT", "S3_REGION", "S3_KEY", "S3_SECRET")
    return _bucket(Where(*(known[name] for name in names)))


@contextmanager
def _at(key: str) -> Iterator[Shelf]:
    """For what is done with one file; NotFound for what is not there or no key, such as a way out of it."""
    if not KEY.fullmatch(key):
        raise NotFound(key)
    try:
        yield _shelf()
    except FileNotFoundError as error:
        raise NotFound(key) from error


def named(content: bytes, ending: str) -> str:
    """The key of these bytes."""
    return f"{hashlib.sha256(content).hexdigest()}.{ending}"


def put(content: bytes, ending: str) -> str:
    """Keep these bytes, on disk before this returns; the key ends in `.ending`.

    What was there already is new again: it may be an old file that nobody has, about to be removed.
    """
    key = named(content, ending)
    with _at(key) as shelf:
        shelf.put(key, content)
    return key


def get(key: str) -> bytes:
    """The bytes kept under this key, or NotFound."""
    with _at(key) as shelf:
        return shelf.get(key)


@contextmanager
def lying(key: str) -> Iterator[Path]:
    """The file as one of this machine, with the time since when it is kept; not for writing in it."""
    with _at(key) as shelf:
        if isinstance(shelf, Folder):
            yield shelf.path(key)
            return
        with tempfile.NamedTemporaryFile() as file:
            file.write(shelf.get(key))
            file.flush()
            moment = shelf.told(key)[1].timestamp()
            os.utime(file.name, (moment, moment))
            yield Path(file.name)


def size(key: str) -> int:
    """How many bytes it has, or NotFound."""
    with _at(key) as shelf:
        return shelf.told(key)[0]


def since(key: str) -> datetime | None:
    """When it was put there the last time; None when it is not there."""
    try:
        with _at(key) as shelf:
            return shelf.told(key)[1]
    except NotFound:
        return None


def remove(key: str) -> None:
    """Forget the file; nothing happens when it is gone already."""
    with _at(key) as shelf:
        shelf.remove(key)


def all_keys() -> Iterator[str]:
    """All that is kept; not the half ones that somebody is just writing."""
    return (key for key in _shelf().all_keys() if KEY.fullmatch(key))


def writable() -> bool:
    """Whether something can be put here at this moment."""
    try:
        _shelf().try_to_write()
    except OSError:
        return False
    return True


def is_empty() -> bool:
    """Whether nothing is kept yet."""
    return next(all_keys(), None) is None


def take_in(folder: Path) -> None:
    """Files that lie in a folder as ours do, out of a backup: where they belong by setting, as they are."""
    shelf = _shelf()
    if isinstance(shelf, Folder) and shelf.folder == folder:
        return
    for key in filter(KEY.fullmatch, Folder(folder).all_keys()):
        shelf.put(key, Folder(folder).get(key))
    shutil.rmtree(folder, ignore_errors=True)
