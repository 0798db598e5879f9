"""A title, reasons and a demand for a petition, out of what neighbours wrote themselves. Nothing is made up.

Each sentence is somebody's own, and says of which dossier it is. Whoever bundles changes them as they like.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.clusters import rules
from portal.dossiers.models import Category, Dossier
from portal.similar import words

COMMON_WORDS = 6
SHARED_BY = 2
"""In so many dossiers a word is common to some of them."""
REASONS, DEMANDS = 3, 2
SHORTEST, LONGEST = 12, 300
"""Characters of a sentence that can stand by itself, and of one that is read."""
READ = 100
"""Of a larger group the newest are read."""
_END = re.compile(r"(?<=\w{3}[.!?…])\s+(?=[^\da-z])|\n+")
"""Where a sentence ends; not at `Nr. 5` or `St. Jan`."""
_ASKING = """
graag moet moeten willen wil wensen wens vragen verzoek svp alsjeblieft alstublieft plaats zet zorg maak haal
herstel repareer please should must want need could would place put make fix repair restore provide
"""
_ASKS = frozenset(_ASKING.split())
"""Who uses one of these says what should be done."""


@dataclass(frozen=True)
class Quote:
    """A sentence, and where it stands."""

    text: str
    ref: str
    language: str


@dataclass(frozen=True)
class Proposal:
    title: Quote
    reasons: list[Quote]
    demands: list[Quote]
    """Empty when nobody wrote what should be done."""
    category: Category | None
    """What at least half of them have."""
    place: str
    """What at least half of them name."""

    @property
    def written(self) -> dict[str, str]:
        """As the fields of a petition."""
        found = {
            "title": self.title.text,
            "body": "\n\n".join(quote.text for quote in self.reasons),
            "demands": "\n".join(quote.text for quote in self.demands),
            "category": self.category.slug if self.category else "",
            "place_name": self.place,
        }
        return {name: text for name, text in found.items() if text}


Spoken = tuple[Dossier, list[tuple[str, str]]]
"""A dossier with its words that tell something, each with its stem."""


def _spoken(dossier: Dossier) -> Spoken:
    tokens = words.tokens(f"{dossier.title}\n{dossier.body}")
    return dossier, list(_telling(tokens, words.language_of(tokens, dossier.language)))


def _telling(tokens: Iterable[str], language: str) -> Iterator[tuple[str, str]]:
    for word in tokens:
        if words.tells(word) and rules.tells(stem := words.stem(word, language)):
            yield word, stem


def _shared(spoken: Sequence[Spoken]) -> Counter[str]:
    """Stem -> in how many of them it stands; those that stand in some."""
    every = Counter(stem for _, said in spoken for stem in {stem for _, stem in said})
    return Counter({stem: number for stem, number in every.items() if number >= SHARED_BY})


def common_words(dossiers: Sequence[Dossier]) -> list[tuple[str, int]]:
    """The words that most of them use, as they are written most, each with the number of dossiers."""
    spoken = [_spoken(dossier) for dossier in dossiers[-READ:]]
    shared, forms = _shared(spoken), dict[str, Counter[str]]()
    for _, said in spoken:
        for word, stem in said:
            forms.setdefault(stem, Counter())[word] += 1
    most = sorted(shared, key=lambda stem: (-shared[stem], stem))[:COMMON_WORDS]
    return [(min(forms[s], key=lambda word: (-forms[s][word], word)), shared[s]) for s in most]


def in_short(dossiers: Sequence[Dossier]) -> tuple[Quote, list[tuple[str, int]]]:
    """The title that says most of what many say, and the words that most of them use."""
    spoken = [_spoken(dossier) for dossier in dossiers[-READ:]]
    return _title(spoken, _shared(spoken)), common_words(dossiers)


def _title(spoken: Sequence[Spoken], shared: Counter[str]) -> Quote:
    return _best([_quote(dossier.title, dossier) for dossier, _ in spoken], shared, 1)[0]


def proposal(dossiers: Sequence[Dossier]) -> Proposal:
    """Out of these. The same dossiers give the same proposal."""
    spoken = [_spoken(dossier) for dossier in dossiers[-READ:]]
    shared = _shared(spoken)
    sentences = [_quote(text, dossier) for dossier, _ in spoken for text in _sentences(dossier)]
    title = _title(spoken, shared)
    asking = [quote for quote in sentences if _asks(quote)]
    demands = _best(asking, shared, DEMANDS)
    told = {quote.text for quote in (title, *demands)}
    reasons = _best([quote for quote in sentences if quote.text not in told], shared, REASONS)
    half = len(dossiers) / 2
    category, number = Counter(d.category for d in dossiers).most_common(1)[0]
    place, named = Counter(d.place_name for d in dossiers).most_common(1)[0]
    return Proposal(
        title, reasons, demands, category if number >= half else None, place if named >= half else ""
    )


def _quote(text: str, dossier: Dossier) -> Quote:
    return Quote(" ".join(text.split()), str(dossier.ref), dossier.language)


def _sentences(dossier: Dossier) -> Iterator[str]:
    """Of its body; of its title where it has none."""
    for text in _END.split(dossier.body or dossier.title):
        if SHORTEST <= len(text.strip()) <= LONGEST:
            yield text.strip()


def _asks(quote: Quote) -> bool:
    return not quote.text.endswith("?") and not _ASKS.isdisjoint(words.tokens(quote.text))


def _best(quotes: Sequence[Quote], shared: Counter[str], most: int) -> list[Quote]:
    """Those that say most of what many say, in few words; none that says what another one says already."""
    scored = sorted(quotes, key=lambda quote: (-_worth(quote, shared), quote.text, quote.ref))
    chosen: list[Quote] = []
    said: list[set[str]] = []
    for quote in scored:
        stems = _stems(quote)
        if len(chosen) < most and not any(_repeats(stems, other) for other in said):
            chosen.append(quote)
            said.append(stems)
    return chosen


def _repeats(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= 0.6 * min(len(one), len(other))


def _stems(quote: Quote) -> set[str]:
    tokens = words.tokens(quote.text)
    return {stem for _, stem in _telling(tokens, words.language_of(tokens, quote.language))}


def _worth(quote: Quote, shared: Counter[str]) -> float:
    stems = _stems(quote)
    return sum(shared[stem] for stem in stems) / (3 + len(stems))
