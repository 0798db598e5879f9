"""How the weights are learnt: so that of each list of candidates the right one stands out, or none.

A conditional logit with "none of them" as one more answer. Small, without a library, and without chance: the
same examples give the same weights. No weight is below zero: a feature is a reason for and never against.
"""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from operator import mul

from portal.similar.features import FEATURES

ROUNDS, PACE, DECAY = 120, 0.3, 0.005
START = -5.0
KEPT = 25
"""So many candidates of each list are looked at: the rest has little in common with it."""
FIRST, SECOND, TINY = 0.9, 0.99, 1e-8

Row = Sequence[float]


@dataclass(frozen=True)
class Example:
    """A list of candidates, which of them are right, and out of which set of data it is."""

    rows: list[Row]
    right: frozenset[int]
    source: str


def shortened(rows: Sequence[Row], right: frozenset[int]) -> tuple[list[Row], frozenset[int]]:
    """The right ones, and those others that have most in common with the new one."""
    order = sorted(range(len(rows)), key=lambda i: (i not in right, -sum(rows[i]), i))[:KEPT]
    kept = frozenset(place for place, i in enumerate(order) if i in right)
    return [rows[i] for i in order], kept


def learn(
    examples: Sequence[Example], worth: Mapping[str, float], without: Set[str] = frozenset()
) -> tuple[dict[str, float], dict[str, float]]:
    """The weights that make the labels likeliest, and the bias of each set of data.

    `worth`: how much each set counts, however large it is.

    How many of a set are the same as something depends on how it was made, so each has a bias of its own.
    """
    sources = sorted({example.source for example in examples})
    used = [i for i, name in enumerate(FEATURES) if name not in without]
    lists: Lists = [
        (
            [[row[i] for i in used] for row in example.rows],
            example.right,
            sources.index(example.source),
        )
        for example in examples
    ]
    sizes = [sum(example.source == source for example in examples) for source in sources]
    share = [worth[source] / size for source, size in zip(sources, sizes, strict=True)]
    weights = _climb(lists, len(used), share)
    each = {FEATURES[i]: weight for i, weight in zip(used, weights, strict=False)}
    biases = dict(zip(sources, weights[len(used) :], strict=True))
    return each, biases


Lists = list[tuple[list[Row], frozenset[int], int]]


def _climb(lists: Lists, features: int, share: Sequence[float]) -> list[float]:
    """Adam, uphill, with weights held above zero."""
    size = features + len(share)
    at, slow, fast = [1.0] * features + [START] * len(share), [0.0] * size, [0.0] * size
    for turn in range(1, ROUNDS + 1):
        slope = _slope(lists, at, features, share)
        for i in range(size):
            step = slope[i] - (DECAY * at[i] if i < features else 0)
            slow[i] = FIRST * slow[i] + (1 - FIRST) * step
            fast[i] = SECOND * fast[i] + (1 - SECOND) * step * step
            moved = slow[i] / (1 - FIRST**turn) / (math.sqrt(fast[i] / (1 - SECOND**turn)) + TINY)
            at[i] += PACE * (1 - turn / (ROUNDS + 1)) * moved
            if i < features:
                at[i] = max(0.0, at[i])
    return at


def _slope(lists: Lists, at: Sequence[float], features: int, share: Sequence[float]) -> list[float]:
    """Which way the labels become likelier."""
    slope = [0.0] * len(at)
    weights = at[:features]
    for rows, right, source in lists:
        bias = at[features + source]
        odds = [math.exp(min(50.0, bias + sum(map(mul, weights, row)))) for row in rows]
        whole = 1 + sum(odds)
        best = sum(odds[i] for i in right)
        for i, row in enumerate(rows):
            pull = share[source] * ((odds[i] / best if i in right else 0.0) - odds[i] / whole)
            if abs(pull) > TINY:
                slope[features + source] += pull
                for j in range(features):
                    slope[j] += pull * row[j]
    return slope
