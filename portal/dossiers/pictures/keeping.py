"""What is kept of a picture: four files, covered where its sender says so, gone when nobody has them."""

import io
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from PIL import Image, ImageDraw

from portal.dossiers.models import Attachment
from portal.dossiers.pictures.reading import SMALL, read
from portal.kernel import jobs, storage
from portal.kernel.clock import now
from portal.kernel.db import db

WEBP = {"quality": 80}
AVIF = {"quality": 55, "speed": 8, "max_threads": 1}
"""As good to the eye as the WebP beside it, in a quarter less bytes (docs/performance.md)."""
BLOCKS = 8
"""What is covered keeps as much as a picture of so many pixels wide would show: no face, no letters."""
WHOLE = 1000
"""Boxes are told in thousandths of the picture."""
MOST_BOXES = 100
SPARED = timedelta(hours=1)
"""How long a file stays that no attachment has: somebody may be sending the same one at this moment."""
COVERED = timedelta(minutes=1)
"""How long the files stay that show what was covered; their address opens nothing from then on."""

HELD: list[Callable[[str], bool]] = []
"""What else may have a file beside attachments: each feature that keeps pictures adds its question."""

_one_at_a_time = threading.Lock()
"""One picture may need 300 MB for a second; four at once would need four times as much."""


class Box(NamedTuple):
    """A part of a picture: left, top, width and height, in thousandths of the whole."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def of(cls, text: str) -> "Box | None":
        """`"120,300,90,40"` as a box, cut off at the edges; None for what is none."""
        parts = text.split(",")
        if len(parts) != 4 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
            return None
        left, top, width, height = (int(part) for part in parts)
        box = cls(left, top, min(width, WHOLE - left), min(height, WHOLE - top))
        return box if box.width > 0 and box.height > 0 else None


def keep(content: bytes, alt: str = "") -> Attachment:
    """Keep a picture, large and small, and return its attachment, not in the session yet.

    Takes a second for a camera's photo: call it before the command, which holds the database's write lock.
    """
    with _one_at_a_time:
        return Attachment(alt=alt, **_kept(read(content)))


def keep_large(content: bytes) -> str:
    """Keep a picture in one size, for what is no attachment; return its key. As slow as `keep`."""
    with _one_at_a_time:
        return _store(read(content), "WEBP", WEBP)


def cover(attachment: Attachment, boxes: Iterable[Box]) -> dict[str, str | int]:
    """The picture with these parts made unknowable, in every size: values for `replace`, in a command."""
    with _one_at_a_time:
        image = Image.open(io.BytesIO(storage.get(attachment.large)))
        return _kept(_covered(image, list(boxes)[:MOST_BOXES]))


def replace(attachment: Attachment, files: dict[str, str | int]) -> None:
    """Put these files in the place of what the attachment has. For use inside a command."""
    old = attachment.keys
    for name, value in files.items():
        setattr(attachment, name, value)
    gone = [key for key in old if key not in attachment.keys]
    jobs.later("dossiers.forget_files", due=now() + COVERED, keys=gone, spared=COVERED.seconds)


def _covered(image: Image.Image, boxes: list[Box]) -> Image.Image:
    """Each box filled with what is left of the whole picture at a few pixels: nothing can be read back."""
    blocks = BLOCKS, max(1, round(BLOCKS * image.height / image.width))
    vague = image.resize(blocks, Image.Resampling.BOX).resize(image.size, Image.Resampling.BICUBIC)
    mask = Image.new("1", image.size)
    draw = ImageDraw.Draw(mask)
    for box in boxes:
        across, down = image.width / WHOLE, image.height / WHOLE
        right, bottom = (box.left + box.width) * across, (box.top + box.height) * down
        draw.rectangle((int(box.left * across), int(box.top * down), int(right), int(bottom)), fill=1)
    image.paste(vague, mask=mask)
    return image


def _kept(large: Image.Image) -> dict[str, str | int]:
    small = large.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return {
        "large": _store(large, "WEBP", WEBP),
        "small": _store(small, "WEBP", WEBP),
        "large_avif": _store(large, "AVIF", AVIF),
        "small_avif": _store(small, "AVIF", AVIF),
        "width": large.width,
        "height": large.height,
        "small_width": small.width,
        "small_height": small.height,
    }


def _store(image: Image.Image, kind: str, how: dict[str, int]) -> str:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return storage.put(file.getvalue(), kind.lower())


def described(attachments: Iterable[Attachment]) -> list[dict[str, str]]:
    """For who takes their own data along: the address of each picture, and what its sender said of it."""
    return [{"file": f"/photos/{one.large}", "description": one.alt} for one in attachments]


def forget(attachment: Attachment) -> None:
    """Take a picture away; its files go when nobody else has the same. For use inside a command."""
    gone = attachment.keys
    db.session.delete(attachment)
    jobs.later("dossiers.forget_files", due=now() + SPARED, keys=gone)


def forget_files(*, keys: list[str], job_id: int, spared: int = SPARED.seconds) -> None:
    """Remove the files that nothing has any more, and that have lain there for so many seconds."""
    for key in keys:
        if not _is_kept(key) and _age(key) >= timedelta(seconds=spared):
            storage.remove(key)


def _is_kept(key: str) -> bool:
    has_it = db.select(Attachment.id).where(Attachment.has(key)).limit(1)
    return db.session.scalar(has_it) is not None or any(held(key) for held in HELD)


def _age(key: str) -> timedelta:
    since = storage.since(key)
    return now() - since if since else timedelta()


jobs.task("dossiers.forget_files")(forget_files)
