"""What rises this week: what more is reported about than usual."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from portal.accounts.models import Organisation
from portal.clusters import rules
from portal.clusters.queries.groups import inside
from portal.dossiers.models import Category, Dossier
from portal.dossiers.queries import categories
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.petitions.policy import BUNDLED_KINDS
from portal.similar import words
from portal.similar.models import SEEN

WEEK = timedelta(days=7)
WEEKS = 12
"""So many weeks before this one say what is usual."""
LEAST = 3
"""Fewer in a week are chance."""
TIMES = 2
"""It rises when there are so many times as many as usual."""
MOST = 6
READ = 20_000
CATEGORY = "="


@dataclass(frozen=True)
class Trend:
    """A word or a category that stands in more new dossiers than usual."""

    word: str
    category: Category | None
    now: int
    usual: float
    """The middle one of the weeks before: half of them had more, half had fewer."""


@dataclass(frozen=True)
class Opened:
    """A new dossier: how many weeks ago, the words of its title with their stems, all that is counted."""

    number: int
    ago: int
    said: list[tuple[str, str]]
    keys: frozenset[str]


def trends(organisation: Organisation) -> list[Trend]:
    """What rises most first. The week is the last seven days."""
    opened = _opened(organisation)
    this_week = [one for one in opened if one.ago == 0]
    counts: dict[str, list[int]] = {key: [0] * (WEEKS + 1) for one in this_week for key in one.keys}
    for one in opened:
        for key in one.keys & counts.keys():
            counts[key][one.ago] += 1
    usual = {key: median(weeks[1:]) for key, weeks in counts.items()}
    rising = [k for k, weeks in counts.items() if weeks[0] >= LEAST and weeks[0] >= TIMES * usual[k]]
    rising.sort(key=lambda key: (usual[key] - counts[key][0], key))
    known, shown = {category.slug: category for category in categories()}, _shown(this_week)
    return [
        Trend(shown.get(key, ""), known.get(key.removeprefix(CATEGORY)), counts[key][0], usual[key])
        for key in _each_once(rising, this_week)
    ]


def _opened(organisation: Organisation) -> list[Opened]:
    until = now()
    wanted = (
        db.select(Dossier.id, Dossier.opened_at, Dossier.title, Dossier.language, Dossier.category_slug)
        .where(SEEN, inside(organisation), Dossier.kind.in_(BUNDLED_KINDS))
        .where(Dossier.opened_at > until - (WEEKS + 1) * WEEK, Dossier.opened_at <= until)
        .order_by(Dossier.opened_at.desc(), Dossier.id.desc())
    )
    return [_read(row, (until - row.opened_at) // WEEK) for row in db.session.execute(wanted.limit(READ))]


def _read(row: Any, ago: int) -> Opened:
    said = list(_said(row))
    category = {CATEGORY + row.category_slug} if row.category_slug else set()
    return Opened(row.id, ago, said, frozenset(category | {stem for _, stem in said}))


def _said(row: Any) -> Iterator[tuple[str, str]]:
    """The words of a title that tell something, each with its stem."""
    tokens = words.tokens(row.title)
    language = words.language_of(tokens, row.language)
    for word in tokens:
        stem = words.stem(word, language)
        if words.tells(word) and rules.tells(stem):
            yield word, stem


def _shown(opened: list[Opened]) -> dict[str, str]:
    """Stem -> the form in which it is written most."""
    forms: dict[str, Counter[str]] = {}
    for one in opened:
        for word, stem in one.said:
            forms.setdefault(stem, Counter())[word] += 1
    return {stem: min(found, key=lambda word: (-found[word], word)) for stem, found in forms.items()}


def _each_once(keys: list[str], opened: list[Opened]) -> Iterator[str]:
    """The same dossiers, counted by another of their words, rise once."""
    told: list[set[int]] = []
    for key in keys:
        those = {one.number for one in opened if key in one.keys}
        if len(told) < MOST and not any(those <= known for known in told):
            told.append(those)
            yield key
