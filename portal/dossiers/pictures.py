"""Pictures that people send: checked before they are opened, made small, rid of all that cannot be seen."""

import io
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from portal.dossiers.models import Attachment
from portal.kernel import jobs, storage
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.kernel.errors import Invalid

FIELD = "photo"
NOT_A_PHOTO, BROKEN = "not_a_photo", "photo_broken"
TOO_HEAVY, TOO_LARGE = "photo_too_heavy", "photo_too_large"
"""Why a file is refused: codes, worded in portal/issues/texts.py."""

MOST_BYTES = 15 * 1024 * 1024
LARGE, SMALL = 1600, 480
"""Longest side of what is kept, in pixels."""
QUALITY = 80
DECODERS: list[tuple[bytes, int, bytes, type[ImageFile], int]] = [
    (b"\xff\xd8\xff", 0, b"", JpegImageFile, 50_000_000),
    (b"\x89PNG\r\n\x1a\n", 0, b"", PngImageFile, 16_000_000),
    (b"RIFF", 8, b"WEBP", WebPImageFile, 16_000_000),
]
"""First bytes, where more are and which, the one decoder that is tried, and how many pixels it may meet.

What a file is called and what the browser says about it is not looked at. A JPEG is made smaller while it is
read, so it may be larger than what has to be unpacked whole.
"""
MOST_SCANS = 400
"""A JPEG of few bytes can ask for thousands of passes over all its pixels; cameras write about ten."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SPARED = timedelta(hours=1)
"""How long a file stays that no attachment has: somebody may be sending the same one at this moment."""

_one_at_a_time = threading.Lock()
"""One picture may need 200 MB for a second; four at once would need four times as much."""


def keep(content: bytes, alt: str = "") -> Attachment:
    """Keep a picture, large and small, and return its attachment, not in the session yet.

    Takes a second for a camera's photo: call it before the command, which holds the database's write lock.
    """
    with _one_at_a_time:
        large = _read(content)
        small = large.copy()
        small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
        files = [_webp(large), _webp(small)]
    return Attachment(
        large=_store(files[0]),
        small=_store(files[1]),
        width=large.width,
        height=large.height,
        small_width=small.width,
        small_height=small.height,
        alt=alt,
    )


def _read(content: bytes) -> Image.Image:
    """The picture, upright, at most LARGE, with nothing but its pixels."""
    decoder, most_pixels = _decoder(content)
    try:
        image: Any = decoder(io.BytesIO(content))
        fits = 0 < image.width * image.height <= most_pixels
        upright = _pixels(image) if fits else None
    except Exception as error:  # bytes made to break a decoder can break it in any way
        raise Invalid(FIELD, BROKEN) from error
    if upright is None:
        raise Invalid(FIELD, TOO_LARGE)
    return upright


def _decoder(content: bytes) -> tuple[type[ImageFile], int]:
    if len(content) > MOST_BYTES:
        raise Invalid(FIELD, TOO_HEAVY)
    for first, at, more, decoder, most_pixels in DECODERS:
        if content.startswith(first) and content.startswith(more, at):
            if decoder is JpegImageFile and content.count(b"\xff\xda") > MOST_SCANS:
                raise Invalid(FIELD, BROKEN)
            return decoder, most_pixels
    raise Invalid(FIELD, NOT_A_PHOTO)


def _pixels(image: Any) -> Image.Image:
    image.draft(None, (2 * LARGE, 2 * LARGE))
    image.load()
    turn = TURNS.get(_orientation(image))
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256, "L") if image.mode == "I" else image.convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    plain = image if image.mode == wanted else image.convert(wanted)
    plain.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    plain = plain.transpose(turn) if turn is not None else plain
    plain.info = {}
    return plain


def _orientation(image: Any) -> int:
    """How the camera was held. A note of that which cannot be read is no reason to refuse the photo."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # see _read: the note, too, can be made to break its reader
        return 1


def _webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY)
    return file.getvalue()


def _store(content: bytes) -> str:
    key = storage.put(content, "webp")
    storage.path(key).touch()  # it may be an old file that nobody has, about to be removed
    return key


def forget(attachment: Attachment) -> None:
    """Take a picture away; its files go when nobody else has the same. For use inside a command."""
    keys = [attachment.large, attachment.small]
    db.session.delete(attachment)
    jobs.later("dossiers.forget_files", due=now() + SPARED, keys=keys)


def forget_files(*, keys: list[str], job_id: int) -> None:
    """Remove the files that no attachment has any more."""
    for key in keys:
        has_it = db.select(Attachment.id).where(db.or_(Attachment.large == key, Attachment.small == key))
        if db.session.scalar(has_it.limit(1)) is None and _age(key) >= SPARED:
            storage.remove(key)


def _age(key: str) -> timedelta:
    path = storage.path(key)
    return now() - datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else timedelta()


jobs.task("dossiers.forget_files")(forget_files)
