"""Pairs that people labelled and what they were chosen from, out of files of other systems or our own."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from portal.command_line.columns import NAMES, plain
from portal.command_line.reading import Bad
from portal.command_line.tables import Table, Unreadable
from portal.places.grid import METRES_PER_DEGREE
from portal.similar import meaning
from portal.similar.evaluation import Question
from portal.similar.features import Sketch, metres
from portal.similar.words import DUTCH, ENGLISH, tokens

WITHIN = 500
"""So many metres around a report are looked for what may be the same."""
DEFAULT_POINT, SHARED = 100, 0.01
"""A point that so many rows have, and such a part of all, is where a system puts what it could not find."""
PETITION = {"title": ("action",), "text": ("background",), "opened": ("opened_at",)}
MORE = {
    "details": ("additional_details",),
    "group": ("main_category", "hoofdcategorie", "hauptkategorie", "reason", "category", "kategorie"),
    "created": ("created_at",),
    "flag": ("dup_flag",),
}
SAME, DIFFERENT = ("duplicate", "existing"), ("later", "earlier")
QUADRUPLE = ("anchor", "same_issue_other_words", "other_issue_same_place", "unrelated")
REFUSED = frozenset({"rejected", "hidden", "removed"})


@dataclass
class Pool:
    """All that is in a file: `standing` are the candidates, the others were never public."""

    everything: dict[str, Sketch]
    standing: list[Sketch]
    places: bool
    flagged: frozenset[str] = frozenset()
    """Said to be the same as something, without saying as what."""
    cells: dict[tuple[int, int], list[Sketch]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[tuple[str, ...], list[Sketch]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for one in self.standing if self.places else ():
            if one.lat is not None and one.lon is not None:
                self.cells[_cell(one.lat, one.lon)].append(one)
            if one.address:
                self.addresses[one.address].append(one)

    def candidates(self, new: Sketch) -> list[Sketch]:
        """What may be the same: all of it, or what was open then near it or at its address."""
        if not self.places:
            return [one for one in self.standing if one.key != new.key]
        found = {one.key: one for one in self.addresses.get(new.address, ())}
        found |= {one.key: one for one in self._around(new)}
        return [one for one in found.values() if one.key != new.key and _open_then(one, new)]

    def _around(self, new: Sketch) -> Iterator[Sketch]:
        if new.lat is None or new.lon is None:
            return
        row, column = _cell(new.lat, new.lon)
        for cell in ((row + i, column + j) for i in (-1, 0, 1) for j in (-2, -1, 0, 1, 2)):
            for one in self.cells.get(cell, ()):
                away = metres(new, one)
                if away is not None and away <= WITHIN:
                    yield one


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return int(lat * METRES_PER_DEGREE // WITHIN), int(lon * METRES_PER_DEGREE // WITHIN)


def _open_then(one: Sketch, new: Sketch) -> bool:
    if one.opened is None or new.opened is None:
        return True
    return one.opened <= new.opened and (one.closed is None or one.closed >= new.opened)


# Candidates


def with_meaning(known: Pool, wanted: Set[str], told: Callable[[int], None] = lambda done: None) -> Pool:
    """The same with the meaning of those that are wanted, which takes some fifty milliseconds each."""
    meant = {}
    for done, key in enumerate(sorted(wanted & known.everything.keys()), 1):
        meant[key] = meaning.given(known.everything[key])
        told(done)
    everything = known.everything | meant
    standing = [everything[one.key] for one in known.standing]
    return Pool(everything, standing, known.places, flagged=known.flagged)


def pool(path: Path) -> Pool:
    """The reports or petitions in such a file."""
    header, found = _read(path)
    columns = _columns(header)
    rows = [{name: row.get(column, "") for name, column in columns.items()} for row in found]
    nowhere = _nowhere(rows)
    kind = "petition" if "details" in columns else "issue"
    sketches = [replace(_sketch(row, nowhere), kind=kind) for row in rows]
    standing = [one for one, row in zip(sketches, rows, strict=True) if row.get("status") not in REFUSED]
    flagged = frozenset(row["id"] for row in rows if row.get("flag") == "1")
    return Pool({one.key: one for one in sketches}, standing, places="lat" in columns, flagged=flagged)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows; one that cannot be read spoils what would be measured, and is told."""
    with closing(Table(path)) as table:
        columns, rows = table.columns(), []
        for line, row in table.rows():
            if isinstance(row, Bad):
                raise Unreadable(f"Line {line}: {row}.")
            rows.append(row)
    return columns, rows


def _columns(header: Iterable[str]) -> dict[str, str]:
    """Our field -> the column it is read from."""
    known = {plain(column): column for column in header}
    found: dict[str, str] = {}
    for name in [*NAMES, *MORE]:
        names = (*PETITION.get(name, ()), *NAMES.get(name, ()), *MORE.get(name, ()))
        column = next((known[one] for one in names if one in known), None)
        if column is not None and not (name == "group" and column == found.get("category")):
            found[name] = column
    if "id" not in found:
        raise Unreadable("No column tells the numbers of its rows (id).")
    return found


def _nowhere(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    points = Counter((row.get("lat", ""), row.get("lon", "")) for row in rows)
    return {point for point, n in points.items() if n > max(DEFAULT_POINT, SHARED * len(rows))} | {("", "")}


def _sketch(row: Mapping[str, str], nowhere: set[tuple[str, str]]) -> Sketch:
    point = row.get("lat", ""), row.get("lon", "")
    lat, lon = (None, None) if point in nowhere else map(float, point)
    title = _beyond(row.get("title", ""), row.get("category", ""))
    body = [row.get("text", ""), row.get("details", "")]
    return Sketch(
        key=row["id"],
        title=title,
        body=" ".join(filter(None, body)),
        language=ENGLISH,
        category=row.get("category", ""),
        group=row.get("group", ""),
        lat=lat,
        lon=lon,
        place=row.get("place", ""),
        opened=_days(row.get("opened") or row.get("created")),
        closed=_days(row.get("closed")),
    )


def _beyond(title: str, category: str) -> str:
    """What a title says beyond the name of its category, which many systems put there by themselves."""
    known = set(tokens(category))
    return " ".join(word for word in title.split() if not known or not set(tokens(word)) <= known)


def _days(text: str | None) -> float | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / 86_400


# Pairs


def questions(path: Path, known: Pool) -> list[Question]:
    """What came in and what is right for it, one for each new one.

    Of a pair of which both may be candidates, the later one is the new one: the other is what it could have
    been shown. Pairs of which one is in no file of candidates are left out.
    """
    header, rows = _read(path)
    columns = {plain(column): column for column in header}
    first, second, same = _pair_columns(columns)
    right: dict[str, set[str]] = defaultdict(set)
    wrong: dict[str, set[str]] = defaultdict(set)
    standing = {one.key for one in known.standing}
    for row in rows:
        one, two = known.everything.get(row[first]), known.everything.get(row[second])
        if one is None or two is None or two.key not in standing:
            continue
        new, other = (one, two) if one.key not in standing else _later(one, two)
        (right if same else wrong)[new.key].add(other.key)
    every = known.everything
    return [
        Question(every[key], frozenset(right.get(key, ())), frozenset(wrong.get(key, ())))
        for key in {**right, **wrong}
    ]


def unasked(known: Pool, asked: Iterable[Question], number: int, seed: int) -> list[Question]:
    """So many that are the same as nothing known, taken by chance: for these nothing should be suggested."""
    paired = {q.new.key for q in asked} | {key for q in asked for key in q.right | q.wrong} | known.flagged
    free = [one for one in known.standing if one.key not in paired]
    taken = Random(seed).sample(free, min(number, len(free)))  # noqa: S311 (a sample, not a secret)
    return [Question(one) for one in taken]


def _pair_columns(columns: Mapping[str, str]) -> tuple[str, str, bool]:
    for names, same in ((SAME, True), (DIFFERENT, False)):
        found = [
            next((c for p, c in columns.items() if p.startswith(n) and p.endswith("_id")), "") for n in names
        ]
        if all(found):
            return found[0], found[1], same
    raise Unreadable("Pairs have columns duplicate_id and existing_id, or later_id and earlier_id.")


def _later(one: Sketch, other: Sketch) -> tuple[Sketch, Sketch]:
    if one.opened is None or other.opened is None or (one.opened, one.key) >= (other.opened, other.key):
        return one, other
    return other, one


def quadruples(path: Path) -> list[tuple[Sketch, ...]]:
    """Anchor, the same in other words, something else at its place, something else; none in other files."""
    header, rows = _read(path)
    if not set(QUADRUPLE) <= set(header):
        return []
    return [
        tuple(_sentence(f"{path.stem}-{number}-{name}", row[name]) for name in QUADRUPLE)
        for number, row in enumerate(rows, 1)
    ]


def _sentence(key: str, text: str) -> Sketch:
    return Sketch(key, text, kind="issue", language=DUTCH)
