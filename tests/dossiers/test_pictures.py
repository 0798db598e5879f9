"""Pictures: upright, small enough, without a trace of camera or place; and no file that breaks the portal."""

import csv
import io
import json
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from flask import Flask
from PIL import ExifTags, Image

from portal.dossiers import pictures
from portal.dossiers.models import Attachment
from portal.kernel import clock, storage
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.errors import Invalid

TOP = Path(__file__).parent.parent.parent
FUZZ = TOP.parent / "shared" / "data" / "fuzz"
ABSENT = "shared/data/fuzz is not beside the checkout"
MEMORY = 2 * 1024**3
"""Address space of the process that opens the fuzzed files."""


FIRST_BYTES = [
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x00\x00\x00\x00WEBP",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
]

pillow_heif.register_heif_opener()  # for what the tests write; the portal opens nothing by its name


def encoded(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def plain(size: tuple[int, int] = (300, 200), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size)


def opened(key: str) -> Image.Image:
    image = Image.open(io.BytesIO(storage.get(key)))
    image.load()
    return image


def bare(key: str) -> bool:
    """Whether there is nothing in the file beside the picture."""
    image = opened(key)
    return not image.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        pictures.keep(content)
    assert caught.value.field == "photo"
    return caught.value.message


@pytest.fixture
def files(tmp_path: Path) -> Flask:
    """Nothing but a folder for files: no picture needs the database to be looked at."""
    app = Flask("files")
    app.config["DATA_DIR"] = str(tmp_path)
    with app.app_context():
        yield app


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_four_kinds_become_large_and_small_twice(files: Flask, kind: str) -> None:
    kept = pictures.keep(encoded(plain((2400, 1200)), kind), "A lamp")
    assert (kept.width, kept.height, kept.small_width, kept.small_height) == (1600, 800, 480, 240)
    assert [opened(key).size for key in kept.keys] == [(1600, 800), (480, 240)] * 2
    assert [opened(key).format for key in kept.keys] == ["WEBP", "WEBP", "AVIF", "AVIF"]
    assert kept.alt == "A lamp"
    assert kept.large.endswith(".webp")


def test_a_small_picture_is_not_made_larger(files: Flask) -> None:
    kept = pictures.keep(encoded(plain((30, 20))))
    assert (kept.width, kept.small_width) == (30, 30)


def test_everything_but_the_pixels_is_gone(files: Flask) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    content = encoded(plain(), exif=exif.tobytes(), comment=b"SecretComment", icc_profile=b"SecretProfile")
    assert content.count(b"Secret") == 3
    kept = pictures.keep(content)
    for key in kept.keys:
        assert bare(key)
        assert b"Secret" not in storage.get(key)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_is_upright(files: Flask, orientation: int) -> None:
    """A red mark in the upper left corner of what was seen is there, however the camera was held."""
    seen = Image.new("RGB", (320, 160))
    seen.paste((255, 0, 0), (0, 0, 80, 80))
    undo = {**pictures.TURNS, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    held = seen.transpose(undo[orientation]) if orientation in undo else seen
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    kept = pictures.keep(encoded(held, exif=exif.tobytes()))
    assert (kept.width, kept.height) == (320, 160)
    red, green, _ = opened(kept.large).getpixel((30, 30))
    assert red > 200 > 60 > green


def test_transparency_stays(files: Flask) -> None:
    kept = pictures.keep(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert opened(kept.large).mode == "RGBA"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("I;16", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG")],
)
def test_any_way_of_writing_colours_is_read(files: Flask, mode: str, kind: str) -> None:
    assert pictures.keep(encoded(plain(mode=mode), kind)).width == 300


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a\x01\x00\x01\x00",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(files: Flask, content: bytes) -> None:
    assert refused(content) == pictures.NOT_A_PHOTO


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP"])
def test_other_pictures_are_refused(files: Flask, kind: str) -> None:
    assert refused(encoded(plain(), kind)) == pictures.NOT_A_PHOTO


@pytest.mark.parametrize("first", FIRST_BYTES)
def test_a_file_that_lies_about_its_kind_is_refused(files: Flask, first: bytes) -> None:
    assert refused(first + b"<script>alert(1)</script>" * 50) == pictures.BROKEN


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_half_a_photo_is_refused(files: Flask, kind: str) -> None:
    content = encoded(Image.effect_noise((300, 200), 80).convert("RGB"), kind)
    assert refused(content[: len(content) // 2]) == pictures.BROKEN


def said_to_be(size: tuple[int, int], heic: bytes) -> bytes:
    """This picture, with another size in its head: to write a large one takes seconds."""
    at = heic.index(b"ispe") + 8
    return heic[:at] + struct.pack(">II", *size) + heic[at + 8 :]


@pytest.mark.parametrize(
    ("kind", "size"), [("JPEG", (9000, 6000)), ("PNG", (6000, 3000)), ("WEBP", (6000, 3000))]
)
def test_a_bomb_is_refused_by_its_size(files: Flask, kind: str, size: tuple[int, int]) -> None:
    content = encoded(plain(size), kind)
    assert len(content) < 2_000_000
    assert refused(content) == pictures.TOO_LARGE


def test_a_heic_is_believed_when_it_says_that_it_is_a_bomb(files: Flask) -> None:
    assert refused(said_to_be((6000, 4200), encoded(plain(), "HEIF"))) == pictures.TOO_LARGE


def test_a_jpeg_of_a_thousand_passes_is_refused(files: Flask) -> None:
    assert refused(encoded(plain()) + b"\xff\xda" * 1000) == pictures.BROKEN


def test_more_than_15_megabytes_is_refused(files: Flask) -> None:
    content = encoded(plain())
    assert refused(content + bytes(pictures.MOST_BYTES)) == pictures.TOO_HEAVY
    assert pictures.keep(content + bytes(pictures.MOST_BYTES - len(content))).width == 300


def test_a_heic_that_lies_about_its_size_is_refused(files: Flask) -> None:
    assert refused(said_to_be((100, 100), encoded(plain((1200, 800)), "HEIF"))) == pictures.BROKEN


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@cache
def packed_gigabyte() -> bytes:
    zipped = zlib.compressobj(9)
    return b"".join(zipped.compress(bytes(1 << 20)) for _ in range(1024)) + zipped.flush()


@pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_note_in_a_png_that_unpacks_to_a_gigabyte_is_not_unpacked(files: Flask, name: bytes) -> None:
    head = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\1\0\0\0", b"iCCP": b"a\0\0"}[name]
    content = encoded(plain(), "PNG")
    bomb = content[:33] + chunk(name, head + packed_gigabyte()) + content[33:]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with suppress(Invalid):  # either will do: refused, or read without its note
        assert bare(pictures.keep(bomb).large)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


def zip_of(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.html", content)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize(
    "other",
    [
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7 /OpenAction",
        b"<?php system($_GET[0]); ?>",
        zip_of(b"<script>alert(1)</script>" * 100),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ],
    ids=["page", "pdf", "php", "zip", "svg"],
)
def test_what_is_a_photo_and_something_else_too_keeps_only_its_pixels(
    files: Flask, kind: str, other: bytes
) -> None:
    kept = pictures.keep(encoded(plain(), kind) + other)
    assert all(bare(key) and other[:12] not in storage.get(key) for key in kept.keys)
    hidden = encoded(plain(), "JPEG", comment=other)
    assert all(other[:12] not in storage.get(key) for key in pictures.keep(hidden).keys)


@pytest.mark.parametrize(
    "svg",
    [
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xef\xbb\xbf<svg onload=alert(1)>",
        b"<svg><image href='file:///etc/passwd'/></svg>",
    ],
)
def test_a_drawing_with_a_script_is_refused(files: Flask, svg: bytes) -> None:
    assert refused(svg) == pictures.NOT_A_PHOTO
    assert refused(zip_of(svg)) == pictures.NOT_A_PHOTO


def test_a_file_goes_when_nobody_has_it_any_more(kept_in: str, app: Flask) -> None:
    with transaction():
        first, second = (pictures.keep(encoded(plain())) for _ in range(2))
        db.session.add_all([first, second])
    key = first.large
    later = clock.now() + timedelta(hours=2)
    for one, stays in ((first, True), (second, False)):
        with transaction():
            pictures.forget(one)
        pictures.forget_files(keys=[key], job_id=0)
        assert storage.since(key)  # somebody may be sending the same one just now
        with clock.at(later):
            pictures.forget_files(keys=[key], job_id=0)
        assert bool(storage.since(key)) is stays
    assert db.session.scalars(db.select(Attachment)).all() == []


CHILD = """
import json, sys, tempfile
from pathlib import Path
from flask import Flask
from portal import create_app
from portal.dossiers import pictures
from portal.kernel import storage
from portal.kernel.errors import Invalid
app = Flask("files")
app.config["DATA_DIR"] = sys.argv[1]
with app.app_context():
    for name in sys.argv[2:]:
        try:
            kept = pictures.keep(Path(name).read_bytes())
            said = {"sizes": [kept.width, kept.height], "keys": kept.keys}
        except Invalid as error:
            said = {"refused": error.message}
        print(json.dumps({"file": Path(name).name} | said), flush=True)
"""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (90, 90))


@pytest.mark.skipif(not FUZZ.exists(), reason=ABSENT)
def test_no_file_made_to_break_a_reader_breaks_ours(files: Flask) -> None:
    """Each gives a clean picture or a refusal in words; within 2 GiB, and without standing still."""
    names = sorted(str(path) for path in (FUZZ / "images").iterdir())
    command = [sys.executable, "-c", CHILD, files.config["DATA_DIR"], *names]
    run = subprocess.run(
        command, cwd=TOP, capture_output=True, text=True, timeout=180, preexec_fn=_limited, check=False
    )
    said = {line["file"]: line for line in map(json.loads, run.stdout.splitlines())}
    assert run.returncode == 0, run.stderr
    assert set(said) == {Path(name).name for name in names}
    with (FUZZ / "images_manifest.csv").open(newline="") as file:
        manifest = {row["file"]: row for row in csv.DictReader(file)}
    for name, result in said.items():
        told = manifest[name]
        read = told["format"] in {"JPEG", "PNG", "WEBP", "MPO"} and told["pillow_result"] == "loads"
        good = read or name.endswith(".HEIC")  # which Pillow alone does not read
        assert ("sizes" in result) is good, (result, told)
        assert all(bare(key) for key in result.get("keys", []))
