"""How good the ranking is: what share of what is the same it finds, and how often it is wrong.

All is measured on one half by weights that were learnt on the other. What is the same as the same thing lies
in the same half, so that nothing is known from learning but the weights.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import sha256
from operator import mul
from typing import Any

from portal.similar.features import FEATURES, Corpus, Sketch, compare_all
from portal.similar.ranking import Weights, likelihood

AT = (1, 5, 10)
STEPS = 20
"""Points of a curve of precision."""


@dataclass(frozen=True)
class Question:
    """Something that came in, what it is the same as, and what somebody said it is not the same as."""

    new: Sketch
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """A question with its candidates and their features, row by row, worked out once for all weights."""

    key: str
    half: int
    candidates: Sequence[str]
    right: frozenset[int]
    wrong: frozenset[int]
    rows: Sequence[Sequence[float]]


@dataclass(frozen=True)
class Outcome:
    """Where the right one came, and the scores: of the first, of the right one, of those that differ."""

    asked: bool
    """Whether there is a right one at all."""
    rank: int | None
    first: float | None
    right: float | None
    wrong: tuple[float, ...] = ()


def halves(questions: Iterable[Question]) -> dict[str, int]:
    """Key of what came in -> 0 or 1; all that hangs together by being the same is in one half."""
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while above.setdefault(key, key) != key:
            key = above[key]
        return key

    asked = list(questions)
    for question in asked:
        for other in sorted(question.right):
            one, two = sorted((top(question.new.key), top(other)))
            above[two] = one
    return {q.new.key: sha256(top(q.new.key).encode()).digest()[0] % 2 for q in asked}


def sheets(
    questions: Sequence[Question],
    candidates: Callable[[Sketch], Sequence[Sketch]],
    corpus: Corpus,
    told: Callable[[int], None] = lambda done: None,
) -> list[Sheet]:
    """The features of every candidate of every question; `told` hears how many are done."""
    half, found = halves(questions), []
    for done, question in enumerate(questions, 1):
        others = candidates(question.new)
        keys = [other.key for other in others]
        rows = [_row(features) for features in compare_all(question.new, others, corpus)]
        right, wrong = (_places(keys, wanted) for wanted in (question.right, question.wrong))
        found.append(Sheet(question.new.key, half[question.new.key], keys, right, wrong, rows))
        told(done)
    return found


def _row(features: Mapping[str, float]) -> Sequence[float]:
    return array("d", [features[name] for name in FEATURES])


def _places(keys: Sequence[str], wanted: Set[str]) -> frozenset[int]:
    return frozenset(i for i, key in enumerate(keys) if key in wanted)


def outcome(
    sheet: Sheet, weights: Weights, without: Set[str] = frozenset(), *, asked: bool = True
) -> Outcome:
    """What these weights make of it; of two with the same score the one that stands first comes first."""
    by = [0.0 if name in without else weights.each[name] for name in FEATURES]
    scores = [weights.bias + sum(map(mul, by, row)) for row in sheet.rows]
    rank, best = None, None
    if sheet.right:
        place = max(sheet.right, key=lambda i: (scores[i], -i))
        best = scores[place]
        rank = 1 + sum(s > best or (s == best and i < place) for i, s in enumerate(scores))
    return Outcome(
        asked, rank, max(scores, default=None), best, tuple(scores[i] for i in sorted(sheet.wrong))
    )


def recall(outcomes: Sequence[Outcome], at: int, threshold: float = float("-inf")) -> float:
    """The share of those that have a right one which show it among the first so many."""
    asked = [o for o in outcomes if o.asked]
    seen = sum(o.rank is not None and o.rank <= at and (o.right or 0) >= threshold for o in asked)
    return seen / len(asked) if asked else 0.0


def reciprocal(outcomes: Sequence[Outcome], threshold: float = float("-inf")) -> float:
    """The mean of one divided by the rank of the right one."""
    asked = [o for o in outcomes if o.asked]
    found = [o.rank for o in asked if o.rank is not None and (o.right or 0) >= threshold]
    return sum(1 / rank for rank in found) / len(asked) if asked else 0.0


def shown(outcomes: Sequence[Outcome], threshold: float) -> float:
    """The share for which anything at all is suggested."""
    return sum(o.first is not None and o.first >= threshold for o in outcomes) / len(outcomes)


def threshold_for(outcomes: Sequence[Outcome], share: float) -> float:
    """The highest score at which this share of what is the same is called the same."""
    scores = sorted((o.right for o in outcomes if o.asked and o.right is not None), reverse=True)
    return scores[min(len(scores), max(1, round(share * sum(o.asked for o in outcomes)))) - 1]


def threshold_showing(outcomes: Sequence[Outcome], share: float) -> float:
    """The lowest score at which something is suggested for no more than this share of them."""
    scores = sorted((o.first for o in outcomes if o.first is not None), reverse=True)
    allowed = int(share * len(outcomes))
    return scores[-1] if allowed >= len(scores) else scores[allowed] + 1e-9


def wrongly(outcomes: Sequence[Outcome], threshold: float) -> float:
    """The share of pairs that people let stand side by side which would be called the same."""
    scores = [score for o in outcomes for score in o.wrong]
    return sum(score >= threshold for score in scores) / len(scores) if scores else 0.0


def curve(outcomes: Sequence[Outcome]) -> list[dict[str, float]]:
    """For falling thresholds: how many get a suggestion, how often the first is right, how much is found."""
    order = sorted((o for o in outcomes if o.first is not None), key=lambda o: -(o.first or 0))
    cuts = sorted({max(1, len(order) * step // STEPS) for step in range(1, STEPS + 1)}) if order else []
    asked = sum(o.asked for o in outcomes)
    points = []
    for cut in cuts:
        hits = sum(o.rank == 1 for o in order[:cut])
        score = order[cut - 1].first or 0.0
        point = {"score": score, "likely": likelihood(score), "shown": cut / len(outcomes)}
        points.append(point | {"precision": hits / cut, "recall": hits / asked if asked else 0.0})
    return points


def measures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All of it, as numbers with names."""
    found: dict[str, Any] = {"questions": sum(o.asked for o in outcomes)}
    found |= {f"recall_at_{at}": recall(outcomes, at) for at in AT}
    return found | {"mrr": reciprocal(outcomes), "curve": curve(outcomes)}


def above(outcomes: Sequence[Outcome]) -> float:
    """The share of those in which what is the same scores above all that was said to differ."""
    return sum((o.right or 0) > max(o.wrong) for o in outcomes) / len(outcomes)
