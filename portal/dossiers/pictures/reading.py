"""From the bytes that somebody sends to an upright picture of at most LARGE, with nothing but its pixels."""

import io
from typing import Any, NamedTuple

from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from portal.kernel.errors import Invalid
from portal.kernel.later import Later

pillow_heif = Later("pillow_heif")

FIELD = "photo"
NOT_A_PHOTO, BROKEN = "not_a_photo", "photo_broken"
TOO_HEAVY, TOO_LARGE = "photo_too_heavy", "photo_too_large"
"""Why a file is refused: codes, worded in portal/dossiers/texts.py."""

MOST_BYTES = 15 * 1024 * 1024
LARGE, SMALL = 1600, 480
"""Longest side of what is kept, in pixels."""
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


def heic(content: io.BytesIO) -> Any:
    """Only its one picture is read, by one thread: one photo at a time is enough for one server."""
    options = pillow_heif.options
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DECODE_THREADS = 1
    return pillow_heif.HeifImageFile(content)


class Decoder(NamedTuple):
    """First bytes, where more are and which, the one reader that is tried, how many pixels it may meet."""

    first: bytes
    at: int
    more: tuple[bytes, ...]
    opens: Any
    most_pixels: int


HEIF = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"))
DECODERS = [
    Decoder(b"\xff\xd8\xff", 0, (b"",), JpegImageFile, 50_000_000),
    Decoder(b"\x89PNG\r\n\x1a\n", 0, (b"",), PngImageFile, 16_000_000),
    Decoder(b"RIFF", 8, (b"WEBP",), WebPImageFile, 16_000_000),
    Decoder(b"\x00", 4, HEIF, heic, 25_000_000),
]
"""What a file is called and what the browser says about it is not looked at.

A JPEG is made smaller while it is read, so it may be larger than what has to be unpacked whole.
"""


def read(content: bytes) -> Image.Image:
    """The picture, upright, at most LARGE, with nothing but its pixels. Raises Invalid with a code."""
    decoder = _decoder(content)
    try:
        image: Any = decoder.opens(io.BytesIO(content))
        upright = _pixels(image) if _fits(image, decoder) else None
    except Exception as error:  # bytes made to break a decoder can break it in any way
        raise Invalid(FIELD, BROKEN) from error
    if upright is None:
        raise Invalid(FIELD, TOO_LARGE)
    return upright


def opened(content: bytes) -> Any:
    """The file with its header read and not its pixels. Raises Invalid, or what its decoder raises."""
    return _decoder(content).opens(io.BytesIO(content))


def _decoder(content: bytes) -> Decoder:
    if len(content) > MOST_BYTES:
        raise Invalid(FIELD, TOO_HEAVY)
    for decoder in DECODERS:
        if content.startswith(decoder.first) and content.startswith(decoder.more, decoder.at):
            if decoder.opens is JpegImageFile and content.count(b"\xff\xda") > MOST_SCANS:
                raise Invalid(FIELD, BROKEN)
            return decoder
    raise Invalid(FIELD, NOT_A_PHOTO)


def _fits(image: Any, decoder: Decoder) -> bool:
    return 0 < image.width * image.height <= decoder.most_pixels


def _pixels(image: Any) -> Image.Image:
    image.draft(None, (2 * LARGE, 2 * LARGE))
    image.load()
    turn = TURNS.get(_orientation(image))
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256, "L") if image.mode == "I" else image.convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    plain: Image.Image = image if image.mode == wanted else image.convert(wanted)
    plain.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    plain = plain.transpose(turn) if turn is not None else plain
    plain.info = {}
    return plain


def _orientation(image: Any) -> int:
    """How the camera was held. A note of that which cannot be read is no reason to refuse the photo."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # see read: the note, too, can be made to break its reader
        return 1
