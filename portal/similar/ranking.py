"""One ranking of what may be the same: the features, each times its weight, added up.

The weights stand in `weights.toml`, written by `portal roundabout learn` from pairs that people labelled.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.similar.features import FEATURES, MEANING, REPORTS, Corpus, Sketch, compare_all

WEIGHTS = Path(__file__).with_name("weights.toml")
REPORT, PETITION = SETS = ("report", "petition")
"""Reports are the same when they are about one spot; plans and petitions when they ask one thing."""
WORDS = "words"
BIAS = "bias"
HEADER = """# How much each feature adds to the score of a pair, by kind, and by whether its meaning is known.
# Learnt by `portal roundabout learn` from both halves of the labelled pairs: docs/roundabout.md.
# What each feature is: features.py. Those of kind and lineage are set by hand: no labelled pair has them.
"""

Known = Mapping[str, Mapping[str, "Weights"]]


@dataclass(frozen=True)
class Weights:
    """How much each feature adds, and what is taken off beforehand: most pairs have nothing to do with
    each other."""

    each: Mapping[str, float]
    bias: float

    def score(self, features: Mapping[str, float], without: Set[str] = frozenset()) -> float:
        """Above 0 when it is likelier the same than not; `without`: features that are left out."""
        return self.bias + sum(
            weight * features[name] for name, weight in self.each.items() if name not in without
        )


@dataclass(frozen=True)
class Found:
    """A candidate with its features and its score."""

    sketch: Sketch
    features: Mapping[str, float]
    score: float

    @property
    def likely(self) -> float:
        """How likely it is the same, between 0 and 1."""
        return likelihood(self.score)


def likelihood(score: float) -> float:
    """What a score means, between 0 and 1."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


def read(text: str) -> dict[str, dict[str, Weights]]:
    """The weights in such a file: of each kind those for words alone, and those for words with meaning."""
    return {
        kind: {name: _weights(given) for name, given in both.items()}
        for kind, both in tomllib.loads(text).items()
    }


def _weights(given: Mapping[str, float]) -> Weights:
    return Weights({each: float(given[each]) for each in FEATURES}, float(given[BIAS]))


def write(known: Known) -> str:
    """The file with these weights."""
    lines = [HEADER]
    for kind, both in known.items():
        for name, weights in both.items():
            lines += [f"[{kind}.{name}]", *(f"{each} = {weights.each[each]:.2f}" for each in FEATURES)]
            lines += [f"{BIAS} = {weights.bias:.2f}", ""]
    return "\n".join(lines)


@cache
def weights() -> dict[str, dict[str, Weights]]:
    """Those that the portal goes by."""
    return read(WEIGHTS.read_text(encoding="utf-8"))


def set_of(kind: str) -> str:
    """By which of the two sets something of this kind is compared."""
    return REPORT if kind in REPORTS else PETITION


def chosen(new: Sketch, other: Sketch) -> Weights:
    """The weights for this pair: with meaning where both have theirs."""
    meant = new.vector is not None and other.vector is not None
    return weights()[set_of(new.kind)][MEANING if meant else WORDS]


def rank(
    new: Sketch, candidates: Sequence[Sketch], corpus: Corpus | None = None, without: Set[str] = frozenset()
) -> list[Found]:
    """The candidates, the likeliest first; how rare a word is, is counted among them unless told."""
    known = corpus or Corpus(candidates)
    found = [
        Found(other, features, chosen(new, other).score(features, without))
        for other, features in zip(candidates, compare_all(new, candidates, known), strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.sketch.key))
