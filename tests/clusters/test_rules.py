"""Groups follow from the dossiers alone: in whatever order they come, change and go, they are the same."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clusters import rules
from portal.clusters.rules import Ground, Sketch
from portal.places.grid import METRES_PER_DEGREE

DAY = rules.MINUTES_PER_DAY
HERE = (52.32, 4.97)
METRE = 1 / METRES_PER_DEGREE


class Shelf:
    """Sketches kept as the database keeps them, spot by spot."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[Sketch, int]] = {}

    def ground(self) -> Ground:
        return Ground(
            lambda spot: [kept for kept in self.kept.values() if kept[0].spot == spot],
            lambda part: [kept for kept in self.kept.values() if kept[0].part == part],
        )

    def change(self, numbers: Iterable[int], now: dict[int, Sketch]) -> None:
        """These are now like this, or are gone."""
        before = {n: self.kept[n] for n in numbers if n in self.kept}
        after = {n: now[n] for n in numbers if n in now}
        for number in numbers:
            self.kept.pop(number, None)
        for number, one in after.items():
            self.kept[number] = one, before[number][1] if number in before else number
        moved = self.ground().follow({n: one for n, (one, _) in before.items()}, after)
        for number, root in moved.items():
            self.kept[number] = self.kept[number][0], root

    @property
    def roots(self) -> dict[int, int]:
        return {number: root for number, (_, root) in self.kept.items()}


def anew(now: dict[int, Sketch]) -> dict[int, int]:
    """All of them at once."""
    shelf = Shelf()
    shelf.change(sorted(now), now)
    return shelf.roots


WORDS = ("~bin", "~lamp", "olifantenpad", "plein", "weg")
sketches = st.builds(
    lambda days, north, east, terms, category, part, named: (
        days * DAY,
        (HERE[0] + north * METRE, HERE[1] + east * METRE) if not named else (None, None),
        terms,
        category,
        part,
    ),
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(0, 400),
    st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from(["", "", "vol"]),
    st.sampled_from([None, None, None, None, 1, 2]),
    st.sampled_from([False, False, False, False, True]),
)
steps = st.lists(
    st.tuples(st.integers(1, 16), st.one_of(st.none(), sketches, sketches, sketches)), max_size=40
)


def sketch(number: int, drawn: tuple) -> Sketch:  # type: ignore[type-arg]
    moment, (lat, lon), terms, category, part = drawn
    spot = rules.spot(lat, lon, "TH04", "Flat")
    return Sketch(number, moment, spot, terms, category, lat, lon, part)


@settings(max_examples=400, deadline=None)
@given(steps, st.integers(1, 5))
def test_step_by_step_is_the_same_as_at_once(happened: list, at_once: int) -> None:  # type: ignore[type-arg]
    """Coming in any order, changing words, place, day or part, going; some at a time, as the worker does."""
    shelf, now = Shelf(), dict[int, Sketch]()
    for start in range(0, len(happened), at_once):
        some = happened[start : start + at_once]
        for number, drawn in some:
            now.pop(number, None)
            if drawn is not None:
                now[number] = sketch(number, drawn)
        shelf.change(sorted({number for number, _ in some}), now)
        assert shelf.roots == anew(now)


@settings(max_examples=200, deadline=None)
@given(st.lists(sketches, max_size=16))
def test_what_is_in_a_group_is_near_its_oldest(drawn: list) -> None:  # type: ignore[type-arg]
    """However long a chain is, it leads nowhere else; the oldest comes first and has itself as the oldest."""
    now = {number: sketch(number, one) for number, one in enumerate(drawn, 1)}
    roots = anew(now)
    for number, root in roots.items():
        one, oldest = now[number], now[root]
        assert oldest.age <= one.age
        if one.part is None and number != root:
            assert rules.akin(oldest, one)
        assert roots[root] == root


@given(sketches, sketches)
def test_alike_is_the_same_from_either_side(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]
    first, second = sketch(1, one), sketch(2, other)
    assert rules.likeness(first, second) == rules.likeness(second, first)
    assert 0 <= rules.likeness(first, second) <= 1


def at(number: int, terms: str, *, metres: float = 0, days: int = 0) -> Sketch:
    lat, lon = HERE[0] + metres * METRE, HERE[1]
    return Sketch(number, days * DAY, rules.spot(lat, lon, None, ""), frozenset(terms.split()), "", lat, lon)


def grouped(*every: Sketch) -> list[set[int]]:
    roots = anew({one.id: one for one in every})
    return sorted(({n for n in roots if roots[n] == root} for root in set(roots.values())), key=min)


def test_words_place_and_time_all_count() -> None:
    bins = at(1, "~bin prullenbak vol")
    assert grouped(bins, at(2, "~bin prullenbak", metres=30, days=20)) == [{1, 2}]
    assert grouped(bins, at(2, "~lamp lantaarn", metres=5)) == [{1}, {2}]
    assert grouped(bins, at(2, "~bin prullenbak", metres=400)) == [{1}, {2}]
    assert grouped(bins, at(2, "~bin prullenbak", days=800)) == [{1}, {2}]


def test_a_row_of_bins_along_a_street_is_not_one_group() -> None:
    """Each is alike the next one, and the last lies 600 metres from the first."""
    row = [at(n, "~bin prullenbak", metres=100 * n, days=n) for n in range(7)]
    assert grouped(*row) == [{0, 1, 2, 3}, {4, 5, 6}]


def test_it_takes_more_than_one_word() -> None:
    assert grouped(at(1, "plein lawaai nacht feest"), at(2, "plein boom tak gevaarlijk")) == [{1}, {2}]
