"""From one row of another system's file to a report, or to the reason why it is none."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from portal.command_line.columns import plain
from portal.issues.commands import Incoming
from portal.issues.models import TITLE
from portal.kernel.clock import ZONE, now

FORMATS = (
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%m/%d/%Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d",
)  # fmt: skip
"""Beside ISO 8601. Day before month, unless AM and PM tell that it is American."""
OLDEST = datetime(1950, 1, 1, tzinfo=UTC)
CLOSED = {
    "closed", "resolved", "solved", "fixed", "done", "completed", "gesloten", "afgehandeld", "afgesloten",
    "opgelost", "klaar", "geschlossen", "erledigt", "abgeschlossen", "behoben", "gelost",
}  # fmt: skip
OPEN = {"open", "new", "opened", "nieuw", "gemeld", "in_behandeling", "offen", "neu", "in_bearbeitung"}
PLACE, STATUS, SOURCE_ID, BODY = 200, 80, 120, 20_000
"""Most characters that are kept."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Bad(Exception):
    """A row that is not taken over; the message is the reason."""


class Reader:
    """Reads rows of one file: knows its columns and counts rows without a number of their own."""

    def __init__(self, source: str, columns: Mapping[str, str], zone: tzinfo = ZONE) -> None:
        self.source, self.columns, self.zone = source, columns, zone
        self.seen: Counter[str] = Counter()

    def read(self, row: Mapping[str, str]) -> Incoming:
        """The report in this row. Bad when it has no number, no words, or an impossible day or point."""
        given = {field: _clean(row.get(column) or "") for field, column in self.columns.items()}
        source_id = self._number(row, given)
        title, body = words_of(given)
        lat, lon = point(given.get("lat", ""), given.get("lon", ""))
        closed_at = moment(given["closed"], self.zone) if given.get("closed") else None
        return Incoming(
            source=self.source,
            source_id=source_id,
            title=title,
            body=body,
            slug=given.get("slug") or plain(given.get("category", "")).replace("_", "-"),
            place_name=_short(given.get("place", ""), PLACE),
            lat=lat,
            lon=lon,
            opened_at=moment(given["opened"], self.zone),
            closed=is_closed(given.get("status", ""), closed_at),
            closed_at=closed_at,
            status=given.get("status", "")[:STATUS],
        )

    def _number(self, row: Mapping[str, str], given: Mapping[str, str]) -> str:
        """Its number there; without such a column one that follows from the row and stays the same."""
        if "id" not in self.columns:
            facts = json.dumps(sorted(row.items()), ensure_ascii=True)
            made = hashlib.sha256(facts.encode()).hexdigest()[:24]
            self.seen[made] += 1
            return made if self.seen[made] == 1 else f"{made}-{self.seen[made]}"
        if not given["id"]:
            raise Bad("missing id")
        if len(given["id"]) > SOURCE_ID:
            raise Bad(f"id is longer than {SOURCE_ID} characters")
        return given["id"]


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text).strip()


def _short(text: str, most: int) -> str:
    """On one line, cut between two words."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def words_of(given: Mapping[str, str]) -> tuple[str, str]:
    """Title and body: without a title the first words of the text, without words the category."""
    title, text = given.get("title", ""), given.get("text", "")[:BODY]
    named = title or text or given.get("category", "")
    if not named:
        raise Bad("empty: no title, text or category")
    short = _short(named, TITLE)
    whole = short == " ".join(named.split())
    if title and not whole:
        text = f"{title}\n\n{text}".strip()
    return short, "" if whole and not title else text


def moment(text: str, zone: tzinfo) -> datetime:
    """An aware time; one without a zone is local time there."""
    if not text:
        raise Bad("bad date: empty")
    found = _parsed(text)
    if found is None:
        raise Bad(f"bad date: {text[:40]!r}")
    try:
        aware = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:
        raise Bad(f"bad date: {text[:40]!r}") from error
    if not OLDEST < aware < now() + timedelta(days=1):
        raise Bad(f"bad date: {text[:40]!r} lies too far away")
    return aware


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        for form in FORMATS:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 (the caller adds the zone)
            except ValueError:
                continue
    return None


def point(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Degrees; 0, 0 is what some systems write for none. Bad when it is only half a point or not on earth."""
    if not lat and not lon:
        return None, None
    try:
        found = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError as error:
        raise Bad(f"bad coordinates: {lat[:20]!r}, {lon[:20]!r}") from error
    if not any(found):
        return None, None
    if not (abs(found[0]) <= 90 and abs(found[1]) <= 180):  # NaN is not, either
        raise Bad(f"bad coordinates: {lat[:20]!r}, {lon[:20]!r} are not degrees")
    return found


def is_closed(status: str, closed_at: datetime | None) -> bool:
    """The word counts before the day: a reopened report keeps the day on which it was closed."""
    word = plain(status)
    return word in CLOSED or (word not in OPEN and closed_at is not None)
