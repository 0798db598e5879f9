"""Where and when a photo was made: read from what its camera wrote down, whatever state that is in."""

import csv
import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import ExifTags, Image

from portal.dossiers.pictures import Told, told

FUZZ = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "fuzz"
needs_fuzz = pytest.mark.skipif(not FUZZ.exists(), reason="shared/data/fuzz is not beside the checkout")
KRAAIENNEST = (52.31703, 4.97912)

pillow_heif.register_heif_opener()  # for what the tests write


def parts(degrees: float) -> tuple[float, float, float]:
    minutes = abs(degrees) % 1 * 60
    return abs(degrees) // 1, minutes // 1, minutes % 1 * 60


def noted(
    lat: float, lon: float, taken: str = "", kind: str = "JPEG", size: tuple[int, int] = (64, 48)
) -> bytes:
    """A photo that was made there."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "A camera"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "NS"[lat < 0], parts(lat)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "EW"[lon < 0], parts(lon)
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    file = io.BytesIO()
    Image.new("RGB", size).save(file, kind, exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_place_and_time_are_read_from_every_kind(kind: str) -> None:
    assert told(noted(*KRAAIENNEST, "2026:11:20 18:40:05", kind)) == Told(*KRAAIENNEST, "2026-11-20T18:40:05")


def test_south_and_west_are_below_zero() -> None:
    found = told(noted(-33.4489, -70.6693))
    assert (found.lat, found.lon) == (-33.4489, -70.6693)


@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (91, 5), (52, 181)])
def test_what_can_be_no_place_is_none(lat: float, lon: float) -> None:
    assert told(noted(lat, lon)) == Told()


def test_a_photo_without_a_note_tells_nothing() -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    assert told(file.getvalue()) == Told()


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x00\x00\x00\x18ftypheic"])
def test_what_is_no_photo_tells_nothing(content: bytes) -> None:
    assert told(content) == Told()


def test_what_a_device_says_is_checked() -> None:
    assert Told.of("52.317031", "4.97912", "2026-11-20T18:40:05") == Told(
        52.31703, 4.97912, "2026-11-20T18:40:05"
    )
    assert Told.of("52.3", "", "yesterday") == Told()
    assert Told.of("nan", "4.9", "2026-11-20T18:40:05+09:00") == Told(taken="2026-11-20T18:40:05")
    assert Told.of("1e400", "4.9", "2026-99-20T18:40:05") == Told()


@needs_fuzz
def test_the_samples_tell_what_their_list_says() -> None:
    with (FUZZ / "images_manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        found = told((FUZZ / "images" / row["file"]).read_bytes())
        if row["has_gps_latitude"] != "1" and not row["file"].endswith("HEIC"):
            assert found.lat is None, row


@needs_fuzz
def test_a_camera_and_an_iphone_tell_where_they_were() -> None:
    camera = told((FUZZ / "images" / "exif_DSCN0010.jpg").read_bytes())
    assert camera == Told(43.46745, 11.88513, "2008-10-22T16:28:39")
    phone = told((FUZZ / "images" / "exif_IMG_5195.HEIC").read_bytes())
    assert phone == Told(39.05134, -94.28877, "2021-04-11T15:47:53")
