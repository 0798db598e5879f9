"""When two dossiers are about the same, and to which group each of them belongs.

Whether two are alike follows from these two alone: no word counts more or less because of what others wrote.
And to which group a dossier belongs follows from itself and from older ones. So it does not matter in which
order they come in, and what is brought up to date one by one is what is made anew at once (docs/clusters.md).
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from portal.places import grid
from portal.similar import words

RULES = 2
"""Counted up when what is written here makes other groups of the same dossiers."""
COMMON = Path(__file__).with_name("common.txt")
THING = "~"
CLOSE, FAR = 60, 300
"""Metres within which two are at the same place, and from which on they are not."""
SOON, SPAN = 60, 730
"""Days within which two are at the same time; and from the oldest of a group to the youngest, at most."""
LATE = 0.5
"""What is left of their likeness when as many days lie between two as a group may last."""
ALIKE = 0.5
"""From here on two are about the same."""
AKIN = 0.25
"""So much has everybody in common with the oldest of the group, so that no chain leads elsewhere."""
_OF_ANYTHING = "open closed nuisance gone road broken full dangerous dirty out late neighbours neighbourhood"
_OF_ANYTHING += " faded say letter money"
VAGUE = frozenset(THING + name for name in _OF_ANYTHING.split())
"""Things of the list that may be said of anything."""
NAMED, SAID, FILED = 1.0, 1.0, 0.75
"""What it counts: more, that both name the same things; that both use a word; that their category is one."""
FEWEST, MOST = 3.0, 8.0
"""A text with less in it is not the same as another one because of that little; of one with more not all of
it has to be in the other."""
BLOCK = 6
"""Bits of a cell that are left out to look around: blocks that are as high and wide as FAR, or more."""
MINUTES_PER_DAY = 24 * 60


@dataclass(frozen=True)
class Sketch:
    """What is known of a dossier when groups are made."""

    id: int
    moment: int
    """When it was opened, in minutes."""
    spot: str
    """The block of its point, or the name of its place where it has none; empty: it is nowhere."""
    terms: frozenset[str]
    category: str = ""
    lat: float | None = None
    lon: float | None = None
    part: int | None = None
    """What people said belongs together has the same number here."""

    @property
    def age(self) -> tuple[int, int]:
        return self.moment, self.id

    @cached_property
    def weight(self) -> float:
        """How much it says."""
        return _weight(self.terms) + (FILED if self.category else 0)


# What a dossier says


@cache
def _common() -> frozenset[str]:
    """The stems of words that stand in texts about anything."""
    listed = [word for line in _lines(COMMON) for word in words.tokens(line)]
    return frozenset(words.stem(word, language) for word in listed for language in words.LANGUAGES)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def tells(stem: str) -> bool:
    """Whether a stem says what a text is about."""
    return not stem.isdigit() and stem not in _common()


def terms(stems: Iterable[str], things: Iterable[str], place: str) -> frozenset[str]:
    """What a dossier is about: of the stems of its text and the things named there, those that tell it.

    The words of its address tell where it is, and that counts already.
    """
    where = {words.stem(word, language) for word in words.tokens(place) for language in words.LANGUAGES}
    said = {stem for stem in stems if tells(stem)} - where
    return frozenset(said | {thing for thing in things if thing not in VAGUE})


def fingerprint(of_index: str) -> str:
    """Of everything that decides which groups there are; `of_index`: the same of the index of words."""
    stuff = f"{RULES} {of_index} {COMMON.read_text(encoding='utf-8')}"
    return sha256(stuff.encode()).hexdigest()[:16]


# Where it is


def spot(lat: float | None, lon: float | None, code: str | None, name: str) -> str:
    """The block of a point; a place without one is near the same name in the same part of town, no other."""
    if lat is not None and lon is not None:
        row, column = _block(lat, lon)
        return f"{row}:{column}"
    named = " ".join(words.tokens(name))
    return f"{code or ''}|{named}" if named else ""


def _block(lat: float, lon: float) -> tuple[int, int]:
    row, column = divmod(grid.cell(lat, lon), 1 << grid.BITS)
    return row >> BLOCK, column >> BLOCK


def around(one: Sketch) -> list[str]:
    """The spots in which something near it may be."""
    if one.lat is None or one.lon is None:
        return [one.spot] if one.spot else []
    row, column = _block(one.lat, one.lon)
    return [f"{row + up}:{column + aside}" for up in (-1, 0, 1) for aside in (-1, 0, 1)]


def metres(one: Sketch, other: Sketch) -> float:
    """How far apart; the same from either side. Without a point only the same spot is near."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return 0.0 if one.spot and one.spot == other.spot else math.inf
    return grid.metres(one.lat, one.lon, other.lat, other.lon)


def days(one: Sketch, other: Sketch) -> float:
    return abs(one.moment - other.moment) / MINUTES_PER_DAY


# Whether two are alike


def _weight(found: Set[str]) -> float:
    """One word may name several things (`park`): the first of them counts double, no other."""
    return SAID * len(found) + (NAMED if any(term.startswith(THING) for term in found) else 0)


def topic(one: Sketch, other: Sketch) -> float:
    """How much the one that says less has in common with the other, from 0 to 1."""
    if one.terms and one.terms == other.terms:
        return 1.0
    shared = _weight(one.terms & other.terms)
    if one.category and one.category == other.category:
        shared += FILED
    return min(1.0, shared / max(FEWEST, min(MOST, one.weight, other.weight)))


def near(one: Sketch, other: Sketch) -> float:
    away = metres(one, other)
    return min(1.0, max(0.0, (FAR - away) / (FAR - CLOSE)))


def meanwhile(one: Sketch, other: Sketch) -> float:
    late = max(0.0, days(one, other) - SOON) / (SPAN - SOON)
    return 1 - late * (1 - LATE) if late <= 1 else 0.0


def likeness(one: Sketch, other: Sketch) -> float:
    """Words, place and time together, from 0 to 1; the same from either side."""
    place_and_time = near(one, other) * meanwhile(one, other)
    return place_and_time * topic(one, other) if place_and_time >= ALIKE else 0.0


def akin(oldest: Sketch, one: Sketch) -> bool:
    """Whether a group that began with the oldest may have this one in it."""
    fits = metres(oldest, one) <= FAR and days(oldest, one) <= SPAN
    return fits and topic(oldest, one) >= AKIN


# To which group each belongs

Load = Callable[[str], Iterable[tuple[Sketch, int]]]
"""Spot -> every dossier there, with the oldest of its group as it was when it was looked at last."""


@dataclass
class Ground:
    """The dossiers around those that changed, fetched spot by spot as they are needed."""

    load: Load
    parts: Callable[[int], Iterable[tuple[Sketch, int]]]
    """Those that people said belong together."""
    found: dict[int, Sketch] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)
    spots: dict[str, set[int]] = field(default_factory=dict)
    mates: dict[int, set[int]] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    """Dossier -> the oldest of its group, of all whose group is another one now."""

    def put(self, one: Sketch, root: int) -> None:
        if one.id not in self.found:
            self.found[one.id], self.roots[one.id] = one, root

    def at(self, place: str) -> set[int]:
        if place not in self.spots:
            rows = list(self.load(place))
            self.spots[place] = {one.id for one, _ in rows}
            for one, root in rows:
                self.put(one, root)
        return self.spots[place]

    def with_(self, part: int) -> set[int]:
        if part not in self.mates:
            rows = list(self.parts(part))
            self.mates[part] = {one.id for one, _ in rows}
            for one, root in rows:
                self.put(one, root)
        return self.mates[part]

    def beside(self, one: Sketch) -> Iterator[Sketch]:
        """Every other one that may be near it."""
        for place in around(one):
            yield from (self.found[number] for number in sorted(self.at(place)) if number != one.id)

    def root(self, one: Sketch) -> int:
        """The oldest of the group that it belongs to: that of an older one which it is most alike."""
        if one.part is not None:
            return min((self.found[n] for n in self.with_(one.part)), key=lambda mate: mate.age).id
        best: tuple[float, tuple[int, int], int] | None = None
        for other in self.beside(one):
            if other.age > one.age or (alike := likeness(one, other)) < ALIKE:
                continue
            oldest = self._oldest(other)
            if akin(oldest, one):
                chosen = (-alike, oldest.age, oldest.id)
                best = chosen if best is None else min(best, chosen)
        return one.id if best is None else best[2]

    def _oldest(self, one: Sketch) -> Sketch:
        """The one that its group began with: it lies around it, unless people put them together."""
        if one.part is not None:
            self.with_(one.part)
        elif self.roots[one.id] not in self.found:
            for place in around(one):
                self.at(place)
        return self.found.get(self.roots[one.id], one)

    def follow(self, before: dict[int, Sketch], after: dict[int, Sketch]) -> dict[int, int]:
        """What follows when these became other ones, came or went: dossier -> the oldest of its group now.

        Those that are fetched are as they are now.
        """
        for one in after.values():
            self.at(one.spot)
        numbers = [number for number in (*before, *after) if before.get(number) != after.get(number)]
        changed = [known[number] for number in numbers for known in (before, after) if number in known]
        wanted = set(after)
        for one in changed:
            wanted |= {other.id for other in self.beside(one) if other.age > one.age}
        for part in {one.part for one in changed if one.part is not None}:
            wanted |= self.with_(part)
        self.settle(wanted)
        return self.moved

    def settle(self, numbers: Iterable[int]) -> None:
        """Find the groups of these anew, and of the younger ones whose group follows from theirs.

        From the oldest on: whatever a group follows from has been settled before it.
        """
        waiting = [(self.found[number].age, number) for number in set(numbers)]
        heapq.heapify(waiting)
        last = -1
        while waiting:
            _, number = heapq.heappop(waiting)
            if number == last:
                continue
            last, one = number, self.found[number]
            root = self.root(one)
            if root != self.roots[number]:
                self.roots[number] = self.moved[number] = root
                for other in self._after(one):
                    heapq.heappush(waiting, (other.age, other.id))

    def _after(self, one: Sketch) -> Iterator[Sketch]:
        """Younger ones that may be in its group because of it."""
        return (other for other in self.beside(one) if other.age > one.age and likeness(one, other) >= ALIKE)
