"""What people here said of two dossiers, as questions to the ranking: what came in, before its candidates."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.similar import meaning, ranking
from portal.similar.evaluation import Outcome
from portal.similar.features import FEATURES, MEANING, Sketch
from portal.similar.models import Indexed, Label, Meaning
from portal.similar.queries.suggesting import DAY, MOST, compared, likely_enough

KEPT = 25
"""So many candidates of what was never sent are kept in numbers: the likeliest."""
DIGITS = 4


@dataclass(frozen=True)
class Seen:
    """One candidate: its features, and what was said of it."""

    key: str
    features: Mapping[str, float]
    score: float
    same: bool | None
    """Whether somebody said that it belongs with the new one; None: nobody said anything."""
    exempt: bool = False
    """It is shown below a threshold that nobody set, too."""

    @property
    def likely(self) -> float:
        return ranking.likelihood(self.score)


@dataclass(frozen=True)
class Judged:
    """Something of which people said what it belongs with or not, and its candidates, the likeliest first."""

    key: str
    kind: str
    """One of ranking.SETS."""
    area: str | None
    seen: tuple[Seen, ...]
    missed: tuple[bool, ...]
    """What was said of those that the search did not find at all."""

    @property
    def outcome(self) -> Outcome:
        """Where the first right one came."""
        right = [place for place, one in enumerate(self.seen, 1) if one.same]
        asked = bool(right) or any(self.missed)
        best = self.seen[right[0] - 1].score if right else None
        first = self.seen[0].score if self.seen else None
        wrong = tuple(one.score for one in self.seen if one.same is False)
        return Outcome(asked, right[0] if right else None, first, best, wrong)

    def answers(self, value: float, *, given: bool) -> list[tuple[bool, bool]]:
        """Of each pair: whether it would be shown at this threshold, and what was said of it."""
        found, shown = [], 0
        for one in self.seen:
            enough = shown < MOST and (one.likely >= value or (one.exempt and not given))
            shown += enough
            if one.same is not None:
                found.append((enough, one.same))
        return [*found, *((False, same) for same in self.missed)]


def in_numbers(new: Sketch, other: Dossier, area: str | None) -> dict[str, Any]:
    """How something that is not sent compares to the other, which was shown, and to the likeliest beside it.

    Features and nothing else: no word of it can be read from them.
    """
    new, ranked = compared(new)
    key = str(other.id)
    kept = [one for place, one in enumerate(ranked) if place < KEPT or one.sketch.key == key]
    return {
        "kind": ranking.set_of(new.kind),
        "area": area,
        "right": next((place for place, one in enumerate(kept) if one.sketch.key == key), None),
        "rows": [{n: round(value, DIGITS) for n, value in one.features.items() if value} for one in kept],
        "meant": [new.vector is not None and one.sketch.vector is not None for one in kept],
        "exempt": [likely_enough(new, one, 1, given=False) for one in kept],
    }


def judged(*, words_only: bool = False, without: Set[str] = frozenset()) -> Iterator[Judged]:
    """All that was labelled here; each new one as if it came in again, before what was there then.

    `words_only`: without meaning; `without`: features that are left out.
    """
    said: dict[int, dict[str, bool]] = {}
    there = db.select(Indexed.dossier_id)  # what was hidden or withdrawn meanwhile is nobody's example
    wanted = db.select(Label).where(Label.other_id.in_(there))
    for label in db.session.scalars(wanted.order_by(Label.id)):
        if label.dossier_id is not None:
            said.setdefault(label.dossier_id, {})[str(label.other_id)] = label.same
        elif label.compared is not None:
            yield _unsent(label, label.compared, words_only, without)
    for dossier_id, answers in said.items():
        new = db.select(Dossier, Indexed.moment, Meaning.whole, Meaning.gist)
        new = new.join(Indexed, Indexed.dossier_id == Dossier.id)
        new = new.outerjoin(Meaning, Meaning.dossier_id == Dossier.id)
        row = db.session.execute(new.where(Dossier.id == dossier_id)).one_or_none()
        if row is not None:
            yield _again(row, answers, words_only, without)


def _again(row: Any, said: Mapping[str, bool], words_only: bool, without: Set[str]) -> Judged:
    dossier: Dossier = row.Dossier
    new = _sketch(dossier)
    new = new if words_only else meaning.known(new, row.whole, row.gist)
    new, ranked = compared(new, {dossier.id}, joinable=False, before=row.moment, without=without)
    over = _over(dossier, [int(one.sketch.key) for one in ranked]) - {int(key) for key in said}
    seen = []
    for one in ranked:
        key, exempt = one.sketch.key, likely_enough(new, one, 1, given=False)
        if int(key) not in over:
            seen.append(Seen(key, one.features, one.score, said.get(key), exempt))
    found = {one.sketch.key for one in ranked}
    missed = tuple(same for key, same in said.items() if key not in found)
    kind = ranking.set_of(dossier.kind)
    return Judged(str(dossier.id), kind, dossier.neighbourhood_code, tuple(seen), missed)


def _over(dossier: Dossier, numbers: list[int]) -> set[int]:
    """Those that were settled already when this one came: nobody would have been shown them."""
    settled = Dossier.settled_at.is_not(None), Dossier.settled_at < dossier.opened_at
    return set(db.session.scalars(db.select(Dossier.id).where(Dossier.id.in_(numbers), *settled)))


def _sketch(dossier: Dossier) -> Sketch:
    return Sketch(
        key="new",
        title=dossier.title,
        body=dossier.body,
        language=dossier.language,
        kind=dossier.kind,
        category=dossier.category_slug or "",
        group=dossier.category.main if dossier.category else "",
        lat=dossier.lat,
        lon=dossier.lon,
        place=dossier.place_name,
        opened=dossier.opened_at.timestamp() / DAY,
    )


def _unsent(label: Label, kept: Mapping[str, Any], words_only: bool, without: Set[str]) -> Judged:
    """Features of today that were not known then count as nothing in common."""
    sets = ranking.weights()[kept["kind"]]
    seen = []
    for place, row in enumerate(kept["rows"]):
        features = {name: float(row.get(name, 0)) for name in FEATURES}
        weights = sets[MEANING if kept["meant"][place] and not words_only else ranking.WORDS]
        same = True if place == kept["right"] else None
        key = str(label.other_id) if same else f"beside-{label.id}-{place}"
        seen.append(Seen(key, features, weights.score(features, without), same, kept["exempt"][place]))
    seen.sort(key=lambda one: -one.score)
    missed = (True,) if kept["right"] is None else ()
    return Judged(f"unsent-{label.id}", kept["kind"], kept["area"], tuple(seen), missed)
