"""What a report is likely to be about, and whether it belongs with the police: by its words and our lists.

Nothing leaves the house for it, and nothing is decided: it is offered, and whoever reports chooses.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from portal.dossiers.models import Category
from portal.dossiers.words import plain, stems, telling

FOLDER = Path(__file__).parent / "data"
OFFERED = 3
SHORTEST = 4
"""From so many letters on a stem is looked for at the end of a longer one: `metrolamp` is a lamp."""
TITLE, BODY, PART = 2.0, 1.0, 0.6
"""What a word counts in the title and below it, and what a part of a word counts against a whole one."""
DANGER, CRIME = "danger", "crime"


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Stem -> category -> how much it says: a word that stands with many categories says little of each."""
    listed = json.loads((FOLDER / "words.json").read_text())
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for slug, words in listed.items():
        for stem in stems(words):
            found[stem][slug] = 1.0
    return {stem: dict.fromkeys(slugs, 1 / len(slugs) ** 0.5) for stem, slugs in found.items()}


@cache
def _named(names: tuple[tuple[str, str], ...]) -> dict[str, dict[str, float]]:
    """The same from the names of the categories, which count for half."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for slug, name in names:
        for stem in telling(name):
            found[stem][slug] = 1.0
    return {stem: dict.fromkeys(slugs, 0.5 / len(slugs) ** 0.5) for stem, slugs in found.items()}


def likely(title: str, body: str, categories: Iterable[Category]) -> list[str]:
    """The categories that these words speak of, the likeliest first, at most three; none when none do."""
    known = list(categories)
    order = {category.slug: category.position for category in known}
    names = _named(tuple((c.slug, f"{c.name_nl} {c.name_en}") for c in known))
    scores: dict[str, float] = defaultdict(float)
    counted = dict.fromkeys(telling(body), BODY) | dict.fromkeys(telling(title), TITLE)
    for stem, weight in counted.items():
        for slug, says in _speaks(stem, _weights(), names).items():
            scores[slug] += weight * says
    best = sorted((slug for slug in scores if slug in order), key=lambda slug: (-scores[slug], order[slug]))
    return best[:OFFERED]


def _speaks(stem: str, *lists: dict[str, dict[str, float]]) -> dict[str, float]:
    """What this stem says of each category, as a whole, or else by the longest end of it that is known."""
    found: dict[str, float] = defaultdict(float)
    for known in lists:
        ends = (stem[start:] for start in range(len(stem) - SHORTEST + 1))
        end = next((end for end in [stem, *ends] if end in known), None)
        for slug, says in known[end].items() if end else ():
            found[slug] = max(found[slug], says * (1 if end == stem else PART))
    return found


@cache
def _signposts() -> list[tuple[str, frozenset[str], tuple[str, ...], frozenset[str]]]:
    listed = json.loads((FOLDER / "signposts.json").read_text())
    return [
        (
            kind,
            frozenset(plain(word) for word in listed[kind]["words"]),
            tuple(plain(phrase) for phrase in listed[kind]["phrases"]),
            frozenset(listed[kind]["categories"]),
        )
        for kind in (DANGER, CRIME)
    ]


def signpost(text: str, category: str = "") -> str:
    """DANGER or CRIME where a report like this belongs with 112 or the police, else nothing."""
    spoken = "".join(letter if letter.isalnum() else " " for letter in plain(text)).split()
    line = f" {' '.join(spoken)} "
    for kind, words, phrases, slugs in _signposts():
        if category in slugs or words.intersection(spoken) or any(f" {p} " in line for p in phrases):
            return kind
    return ""
