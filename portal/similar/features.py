"""What two dossiers are compared on: few features, each with a name and between 0 and 1.

From these come the score (`ranking`) and the reason that people read; nothing else decides what is alike.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import mul

from portal.places import grid
from portal.similar import words

REPORTS = frozenset({"issue", ""})
"""Kinds that have few words, and a place."""
MEANING = "meaning"
FEATURES = (
    "words",  # of all that the new one says, how much the other says too: BM25, as a share
    "title",  # the same, of the words of its title only
    "reverse",  # of the other's title, how much the new one says somewhere
    "titles",  # how much the two titles have in common
    "texts",  # how much the two texts have in common
    "sentence",  # how much a sentence of the new one has in common with the likest of the other
    "rare",  # whether there are words among these that few others use
    "letters",  # how much the titles are alike letter by letter: typing errors, names, compounds
    "things",  # whether they name the same things, in whatever words or language: vuilnisbak, litter bin
    "subject",  # of what the new one names, how much is the other's subject and not only where that is
    MEANING,  # whether they mean the same: the cosine of their vectors, where there are any
    "gist",  # the same of the title of one and the whole of the other
    "headline",  # the same of both titles
    "beyond",  # how much more both titles mean the same than they are the same letter by letter
    "near",  # how close they lie: 1 at the same point, 0 at two kilometres; also where that is not known
    "place",  # whether their place has the same name
    "street",  # how much the names of their places, and the names in their texts, have in common
    "category",  # the same category, most when few are of it
    "group",  # the same main category
    "nearest",  # whether no other of the same category lies nearer: half when one does, a third when two do
    "category_near",  # the same category, and near: together they tell more than each alone
    "group_near",
    "open",  # whether the other was open when the new one came
    "recent",  # how short ago the other was opened: 1 today, 0 after three years
    "kind",  # both a report, both a plan, both a petition
    "lineage",  # made from the same, or one from the other
)
GROUPS: dict[str, frozenset[str]] = {
    "words": frozenset(
        {"words", "title", "reverse", "titles", "texts", "sentence", "rare", "letters", "things", "subject"}
    ),
    MEANING: frozenset({MEANING, "gist", "headline", "beyond"}),
    "distance": frozenset({"near", "place", "street"}),
    "category": frozenset({"category", "group", "nearest", "category_near", "group_near"}),
    "time": frozenset({"open", "recent"}),
    "kind": frozenset({"kind"}),
    "lineage": frozenset({"lineage"}),
}
"""What each of them is about; a group can be left out when something is measured."""

FAR, CLOSE = 2_000, 10
UNKNOWN = 0.35
"""How near it may be when nobody knows: as if some hundred metres away, as most are that are the same."""
OLD = 1_095
EARLY = 60
"""What opened within so many days after was being written already, or waited for a moderator."""
RAREST = 3
FEWEST = 1_000
"""Few candidates are taken as the best of so many: what all of them have is rare all the same."""
GRAM = 4
BY_LETTERS = 0.7
"""So much of what two titles mean is owed to their letters: two that tell of one square in the same words
mean much the same by that alone."""
SENTENCES, SAID_TOGETHER = 8, 2
"""So many of each are compared; and so many words have to be the same for it to be more than a word."""
K1, B = 1.2, 0.75
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w-]{2,}")


@dataclass(frozen=True, eq=False)
class Sketch:
    """What is known of a dossier, or of what somebody is about to send, when it is compared."""

    key: str
    title: str
    body: str = ""
    language: str = words.DUTCH
    kind: str = ""
    category: str = ""
    group: str = ""
    lat: float | None = None
    lon: float | None = None
    place: str = ""
    opened: float | None = None
    """In days; `closed` too, and empty as long as it is open."""
    closed: float | None = None
    vector: tuple[float, ...] | None = None
    """The meaning of all of it, centred and of length one (`meaning`); `gist`: that of its title.

    Of a report, which is little more than its title, both are the same.
    """
    gist: tuple[float, ...] | None = None
    family: frozenset[str] = frozenset()
    """Its own key and those of what it was made from, or what was made from it."""

    @cached_property
    def spoken(self) -> str:
        """The language it is written in, which need not be the one its writer reads the portal in."""
        return words.language_of(words.tokens(f"{self.title} {self.body}"), self.language)

    @cached_property
    def called(self) -> frozenset[str]:
        """Names that stand in it: what Dutch writes with a capital though no sentence begins there.

        They tell where, and not what: a lamp and a bin at one square have its name in common, and no more.
        """
        if self.spoken != words.DUTCH:
            return frozenset()
        found = _NAME.findall(self.title) + _NAME.findall(self.body)
        return frozenset(word for name in found for word in words.tokens(name))

    @cached_property
    def head(self) -> Counter[str]:
        """The stems of its title and how often they stand there, without names."""
        return Counter(_stems(self.title, self.spoken, self.called))

    @cached_property
    def said(self) -> Counter[str]:
        """The stems of all that it says, without names."""
        return self.head + Counter(_stems(self.body, self.spoken, self.called))

    @cached_property
    def sentences(self) -> tuple[frozenset[str], ...]:
        """The stems of each sentence of its text, without names."""
        told = map(words.tokens, words.sentences(self.body))
        return first_sentences(
            words.stems([w for w in sentence if w not in self.called], self.spoken) for sentence in told
        )

    @cached_property
    def length(self) -> int:
        return sum(self.said.values())

    @cached_property
    def things(self) -> frozenset[str]:
        """What it names, marked: `#bin` is a thing, whatever it is called."""
        named = words.named(words.tokens(f"{self.title} {self.body}"), self.spoken)
        return frozenset(f"#{name}" for name in named)

    @cached_property
    def subject(self) -> frozenset[str]:
        """The things in its title that are no place: `hek` in "het hek is stuk", not in "bij het hek".

        Two that lie at one fence have the fence in common, and may have nothing else.
        """
        named = words.named(words.beyond_places(words.tokens(self.title)), self.spoken)
        return frozenset(f"#{name}" for name in named)

    @cached_property
    def grams(self) -> frozenset[str]:
        text = f" {' '.join(words.tokens(self.title))} "
        return frozenset(text[i : i + GRAM] for i in range(len(text) - GRAM + 1))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of its place and the names in it, marked; no numbers, which differ along one street."""
        every = {*words.tokens(self.place), *self.called}
        return frozenset(f"@{word}" for word in every if not word[0].isdigit())

    @cached_property
    def address(self) -> tuple[str, ...]:
        return tuple(words.tokens(self.place))


def _stems(text: str, language: str, but: Set[str]) -> list[str]:
    """Its stems, and those of the parts of its compounds."""
    tokens = [word for word in words.tokens(text) if word not in but]
    parts = [part for word in tokens for part in words.parts(word)] if language == words.DUTCH else []
    return words.stems(tokens, language) + parts


def first_sentences(sentences: Iterable[Iterable[str]]) -> tuple[frozenset[str], ...]:
    """The first few of these that say more than a word."""
    long = (found for found in map(frozenset, sentences) if len(found) >= SAID_TOGETHER)
    return tuple(islice(long, SENTENCES))


class Corpus:
    """How much each word tells: what stands in few of the candidates tells most."""

    def __init__(self, candidates: Iterable[Sketch]) -> None:
        self.holding: Counter[str] = Counter()
        self.filed: Counter[str] = Counter()
        self.size, length = 0, 0
        for one in candidates:
            self.holding.update(one.said.keys())
            self.holding.update(one.things)
            self.holding.update(one.names)
            self.filed.update({one.category, one.group})
            self.size += 1
            length += one.length
        self.usual_length = max(1.0, length / max(1, self.size))
        self.size = max(self.size, FEWEST)
        self.known: dict[str, float] = {}
        self.norms: dict[int, tuple[float, Counter[str]]] = {}
        self.totals: dict[frozenset[str], float] = {}

    def weight(self, word: str) -> float:
        """The inverse frequency of a word among the candidates."""
        if word not in self.known:
            holding = self.holding[word]
            self.known[word] = math.log(1 + (self.size - holding + 0.5) / (holding + 0.5))
        return self.known[word]

    def most(self) -> float:
        """The weight of a word that stands in no candidate."""
        return math.log(2 * self.size + 2)

    def rarity(self, category: str) -> float:
        """How much it tells that two are of one category: half when all are, one when no others are."""
        if not category:
            return 0.0
        return 1 - math.log1p(self.filed[category]) / math.log1p(self.size) / 2

    def sum(self, found: Iterable[str]) -> float:
        return sum(map(self.weight, found))

    def share(self, part: Set[str], whole: Set[str]) -> float:
        """How much of a set of words lies in the other, by weight."""
        total = self.sum(whole)
        return self.sum(part & whole) / total if total else 0.0

    def overlap(self, one: Set[str], other: Set[str]) -> float:
        """What both have of what either has, by weight."""
        either = self.sum(one | other)
        return self.sum(one & other) / either if either else 0.0

    def nearest(self, ones: Iterable[frozenset[str]], others: Sequence[frozenset[str]]) -> float:
        """Of all pairs of these that one which has most in common: how much that is."""
        best = 0.0
        for one in ones:
            for other in others:
                both = one & other
                if len(both) >= SAID_TOGETHER:
                    best = max(best, self.sum(both) / math.sqrt(self._total(one) * self._total(other)))
        return best

    def _total(self, whole: frozenset[str]) -> float:
        if whole not in self.totals:
            self.totals[whole] = self.sum(whole)
        return self.totals[whole]

    def bm25(self, asked: Counter[str], other: Sketch) -> float:
        """BM25 as a share of the most that it can be for these words."""
        most, found = 0.0, 0.0
        norm = K1 * (1 - B + B * other.length / self.usual_length)
        for word in asked:
            weight = self.weight(word)
            most += weight
            often = other.said.get(word)
            if often:
                found += weight * often / (often + norm)
        return found / most if most else 0.0

    def cosine(self, one: Counter[str], other: Counter[str]) -> float:
        """Of two texts as weighted words."""
        low, high = (one, other) if len(one) < len(other) else (other, one)
        both = sum(
            (1 + math.log(often)) * (1 + math.log(high[word])) * self.weight(word) ** 2
            for word, often in low.items()
            if word in high
        )
        return both / (self._norm(one) * self._norm(other)) if both else 0.0

    def _norm(self, text: Counter[str]) -> float:
        """Kept beside the text itself, so that its identity is not given to another one meanwhile."""
        if id(text) not in self.norms:
            square = sum(((1 + math.log(n)) * self.weight(word)) ** 2 for word, n in text.items())
            self.norms[id(text)] = math.sqrt(square), text
        return self.norms[id(text)][0]


def compare_all(new: Sketch, others: Sequence[Sketch], corpus: Corpus) -> list[dict[str, float]]:
    """The features of each of these, by name; which is the nearest of its category only all of them tell.

    Of one whose distance is not known nobody can say that another lies nearer.
    """
    found = [compare(new, other, corpus) for other in others]
    alike = [(one, other) for one, other in zip(found, others, strict=True) if one["category"] > 0]
    nearest = sorted((one["near"] for one, _ in alike), reverse=True)
    for one, other in alike:
        known = new.lat is not None and other.lat is not None
        one["nearest"] = 1 / (1 + nearest.index(one["near"])) if known else 1.0
    return found


def compare(new: Sketch, other: Sketch, corpus: Corpus) -> dict[str, float]:
    """The features of a pair, by name; `new` is what comes in, `other` what is there."""
    rarest = sorted(map(corpus.weight, new.said.keys() & other.said.keys()), reverse=True)[:RAREST]
    found = {
        "words": corpus.bm25(new.said, other),
        "title": corpus.bm25(new.head, other),
        "reverse": corpus.share(new.said.keys(), other.head.keys()),
        "titles": corpus.cosine(new.head, other.head),
        "texts": corpus.cosine(new.said, other.said),
        "sentence": _sentence(new, other, corpus),
        "rare": sum(rarest) / (RAREST * corpus.most()),
        "letters": 2 * len(new.grams & other.grams) / (len(new.grams) + len(other.grams) or 1),
        "things": corpus.overlap(new.things, other.things),
        "subject": corpus.share(other.subject, new.things),
        "category": corpus.rarity(new.category) if new.category == other.category else 0.0,
        "group": corpus.rarity(new.group) if new.group == other.group else 0.0,
        "nearest": 0.0,
        "kind": float(new.kind == other.kind),
        "lineage": float(bool(new.family & other.family)),
    }
    found |= _meant(new, other) | _apart(new, other, corpus) | _since(new, other)
    both = {f"{name}_near": found[name] * found["near"] for name in ("category", "group")}
    return found | both | {"beyond": max(0.0, found["headline"] - BY_LETTERS * found["letters"])}


def _sentence(new: Sketch, other: Sketch, corpus: Corpus) -> float:
    """Nothing for a report: it is little more than its title."""
    if new.kind in REPORTS:
        return 0.0
    return corpus.nearest(new.sentences, (frozenset(other.head), *other.sentences))


def _meant(new: Sketch, other: Sketch) -> dict[str, float]:
    whole = cosine(new.vector, other.vector)
    if new.gist is new.vector and other.gist is other.vector:
        return {MEANING: whole, "gist": whole, "headline": whole}
    gist = max(cosine(new.gist, other.vector), cosine(new.vector, other.gist))
    return {MEANING: whole, "gist": gist, "headline": cosine(new.gist, other.gist)}


def _apart(new: Sketch, other: Sketch, corpus: Corpus) -> dict[str, float]:
    away = metres(new, other)
    return {
        "near": UNKNOWN if away is None else nearness(away),
        "place": float(bool(new.address) and new.address == other.address),
        "street": corpus.overlap(new.names, other.names),
    }


def nearness(away: float) -> float:
    """What so many metres are worth: the first ten tell as much as the last thousand."""
    return max(0.0, 1 - math.log1p(away / CLOSE) / math.log1p(FAR / CLOSE))


def _since(new: Sketch, other: Sketch) -> dict[str, float]:
    if new.opened is None or other.opened is None:
        return {"open": 1.0, "recent": 0.0}
    days = new.opened - other.opened
    there = days > -EARLY and (other.closed is None or other.closed >= new.opened)
    return {
        "open": float(there),
        "recent": max(0.0, 1 - math.log1p(abs(days)) / math.log1p(OLD)),
    }


def metres(one: Sketch, other: Sketch) -> float | None:
    """How far apart they lie, if both have a point."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return grid.metres(one.lat, one.lon, other.lat, other.lon)


def cosine(one: tuple[float, ...] | None, other: tuple[float, ...] | None) -> float:
    """Of two meanings, which have length one; what points away from another has nothing in common with it."""
    return max(0.0, sum(map(mul, one, other))) if one and other else 0.0
