"""Where and when a photo was made, as its camera wrote down: offered to who sends it, kept in no picture."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags

from portal.dossiers.pictures.reading import opened

DIGITS = 5
"""Of a degree: one metre."""
LONGEST_TIME = len("2026-11-24T12:00:00")


@dataclass(frozen=True, slots=True)
class Told:
    """A place with both its numbers or without, and the time on the clock of the camera, as ISO text."""

    lat: float | None = None
    lon: float | None = None
    taken: str = ""

    @classmethod
    def of(cls, lat: str, lon: str, taken: str) -> "Told":
        """What a device read from the photo before it made it smaller; nonsense is nothing."""
        point = _point(lat, lon)
        return cls(point[0], point[1], _time(taken))


def told(content: bytes) -> Told:
    """What is written in the file. A note that cannot be read is none: the photo itself may be good."""
    try:
        exif = opened(content).getexif()
        place = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
        return Told(place[0], place[1], _moment(exif))
    except Exception:  # notes made to break their reader can break it in any way
        return Told()


def _place(gps: Any) -> tuple[float, float] | tuple[None, None]:
    tags = ExifTags.GPS
    lat = _degrees(gps.get(tags.GPSLatitude), gps.get(tags.GPSLatitudeRef), "S")
    lon = _degrees(gps.get(tags.GPSLongitude), gps.get(tags.GPSLongitudeRef), "W")
    return _point(lat, lon)


def _degrees(parts: Any, side: Any, other_side: str) -> float | None:
    """52° 19' 1.3" as 52.31703; south and west are below zero."""
    if not parts:
        return None
    degrees = sum(float(part) / 60**power for power, part in enumerate(parts[:3]))
    name = side.decode("ascii", "ignore") if isinstance(side, bytes) else str(side or "")
    return -degrees if name.strip().upper().startswith(other_side) else degrees


def _point(lat: Any, lon: Any) -> tuple[float, float] | tuple[None, None]:
    """Both or none; 0, 0 is what a camera writes that does not know."""
    try:
        point = round(float(lat), DIGITS), round(float(lon), DIGITS)
    except (TypeError, ValueError, OverflowError):
        return None, None
    right = math.isfinite(sum(point)) and abs(point[0]) <= 90 and abs(point[1]) <= 180 and any(point)
    return point if right else (None, None)


def _moment(exif: Any) -> str:
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    written = detail.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or ""
    day, _, clock = str(written).strip("\x00 ").partition(" ")
    return _time(f"{day.replace(':', '-')}T{clock}")


def _time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text[:LONGEST_TIME])
    except ValueError:
        return ""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")
