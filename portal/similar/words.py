"""Words as the index knows them: folded, stemmed in Dutch or English, split, and named by what they mean.

All of it is done here and not by a database, so that SQLite and PostgreSQL find the same.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import snowballstemmer

from portal.dossiers.words import LONGEST, plain

DUTCH, ENGLISH = "nl", "en"
LANGUAGES = (DUTCH, ENGLISH)
SYNONYMS, PARTS = (Path(__file__).with_name(name) for name in ("synonyms.txt", "parts.txt"))
SHORTEST_PART, SHORTEST_COMPOUND = 3, 7
RULES = 2
"""Counted up when what is written here makes other terms of the same text."""
_WORD = re.compile(r"[^\W_]+")
_SINGLE = re.compile(r"\b([^\W\d_])(?:-(?=\w)| (?=buurt\b))")
"""A letter before a dash belongs to what follows: K-buurt, K buurt, K-1042."""
_END = re.compile(r"(?<=[.!?])\s+|\s*\n\s*")
GAP = "  "
"""Between the stems of two sentences, where those of one have a single space."""
_VOICELESS = {"v": "f", "z": "s"}
_ENDINGS = [
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"(?<=\w{3}m)pjes?$", ""),  # boompje
        (r"(?<=[aeiou]{2}[lnr])tjes?$", ""),  # speeltuintje
        (r"(?<=\w{2}e[lnr])tjes?$", ""),  # winkeltje
        (r"(?<=\w{3}[bcdfghklmnprstw])jes?$", ""),  # bankje, straatje
        (r"(?<=\w{3}o)s$", ""),  # autos
        (r"(?<=\w{5}a)s$", ""),  # cameras
    )
]
_STOPS = {
    DUTCH: "aan al als altijd bent bij ben daar dan dat de deze die dit door dus echt een eens en er erg "
    "geen gewoon graag haar had heb hebben heeft heel het hier hij hoe hun iemand iets ik in is je jij "
    "jullie kan kunnen maar me meer mee met mij mijn na naar niet nog nu of om omdat ons onze ook op over "
    "reeds sinds te tot toch tussen u uit uw van veel via voor vraag waar want waren was wat we wel welke "
    "wie wij wil wordt worden zal ze zeer zich zij zijn zo zonder zou",
    ENGLISH: "a about after all also am an and any are as at be been because before but by can could did do "
    "does for from get had has have he her here his how i if in into is it its just me more my no not now of "
    "on or our please she should so some than that the their them then there these they this those to too "
    "under up us very was we were what when where which who will with would you your",
}
STOPS = frozenset(word for words in _STOPS.values() for word in words.split())
"""Words that stand in every text, and say nothing of what it is about."""
_NO_THINGS = frozenset(["bos", "ga", "gaan", "gaat", "haal", "haalt", "halen", "laten"])
"""Words whose stem is that of a thing, and which are none: gaan and gans, halen and hal, laten and late."""
_AT = "bij in aan langs achter onder tussen naast rond rondom tegenover at near behind beside along opposite"
_WHERE = frozenset(_AT.split())
"""Words after which a place is named. `Op`, `voor`, `boven` and `on` begin too much else."""
_ARTICLES = "de het een ons onze mijn dit deze die dat elke the a an our my this that"
_BEFORE_NOUNS = frozenset(_ARTICLES.split())
_TELLTALE = {
    language: frozenset(words.split()) - set(_STOPS[LANGUAGES[1 - i]].split())
    for i, (language, words) in enumerate(_STOPS.items())
}


class _Stemmers(threading.local):
    """One of each for each thread: it keeps the word that it works on in itself."""

    def __init__(self) -> None:
        # `dutch` keeps fietspaden from fietspad
        self.of: dict[str, Any] = {
            DUTCH: snowballstemmer.stemmer("dutch_porter"),
            ENGLISH: snowballstemmer.stemmer("english"),
        }


_own = _Stemmers()


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Of one folded word. What is neither Dutch nor English is stemmed as if it were Dutch.

    Twice, because the stemmer itself makes `fiet` of fiets and `fiets` of fietsen.
    """
    if language == ENGLISH:
        return str(_own.of[ENGLISH].stemWord(word))
    bare = _bare(word)
    once = str(_own.of[DUTCH].stemWord(bare))
    voiced = _VOICELESS.get(once[-1:])  # huizen, huiz, huis
    if once == bare and not voiced:
        return once
    return str(_own.of[DUTCH].stemWord(once[:-1] + voiced if voiced else once))


def _bare(word: str) -> str:
    """Without the endings of small things and of foreign plurals, which the stemmer leaves: bankje, autos."""
    for ending, instead in _ENDINGS:
        if ending.search(word):
            return ending.sub(instead, word)
    return word


def tokens(text: str) -> list[str]:
    """The words of a text in order, in lower case and without accents; also those that stand everywhere."""
    return [word[:LONGEST] for word in _WORD.findall(_SINGLE.sub(r"\1", plain(text)))]


def sentences(text: str) -> list[str]:
    """The sentences of a text, and its lines."""
    return [sentence for sentence in _END.split(text) if sentence]


def language_of(words: Sequence[str], otherwise: str) -> str:
    """Dutch or English, by the small words in it: who reads the portal in English may write in Dutch."""
    seen = {language: sum(word in known for word in words) for language, known in _TELLTALE.items()}
    if seen[DUTCH] == seen[ENGLISH]:
        return ENGLISH if otherwise == ENGLISH else DUTCH
    return max(seen, key=lambda language: seen[language])


def tells(word: str) -> bool:
    """Whether a word says what a text is about."""
    return (len(word) > 1 or word.isdigit()) and word not in STOPS


def stems(words: Sequence[str], language: str) -> list[str]:
    """The stems of the words that tell something, in order."""
    return [stem(word, language) for word in words if tells(word)]


def terms(text: str, otherwise: str) -> list[str]:
    """All that it says, each once: stems, also of the words that stand everywhere, and parts of compounds."""
    words = tokens(text)
    language = language_of(words, otherwise)
    built = (part for word in words for part in parts(word))
    return list(dict.fromkeys((*(stem(word, language) for word in words), *built)))


def either(word: str) -> tuple[str, ...]:
    """Its stems in every language, each once: a question is too short to know in which it is asked."""
    return tuple(dict.fromkeys(stem(word, language) for language in LANGUAGES))


# Things: what synonyms.txt has a name for


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def things() -> dict[str, list[str]]:
    """Name of each thing -> what people call it."""
    named = (line.partition(":") for line in _lines(SYNONYMS))
    return {name: [call.strip() for call in calls.split(",")] for name, _, calls in named}


Stems = tuple[str, ...]


@cache
def _calls() -> dict[Stems, frozenset[str]]:
    """What people call something, stemmed in either language -> the names of the things it may be."""
    found: dict[Stems, set[str]] = {}
    for name, calls in things().items():
        for call in calls:
            for language in LANGUAGES:
                found.setdefault(tuple(stem(w, language) for w in tokens(call)), set()).add(name)
    return {call: frozenset(names) for call, names in found.items()}


@cache
def _longest_call() -> int:
    return max(map(len, _calls()))


@cache
def plain_calls() -> dict[str, list[str]]:
    """Single words by which something is called -> the names of the things."""
    found: dict[str, list[str]] = {}
    for name, written in things().items():
        for call in written:
            if len(tokens(call)) == 1:
                found.setdefault(tokens(call)[0], []).append(name)
    return found


def calls(words: Sequence[str], language: str) -> Iterator[tuple[str, int, int]]:
    """What is called something here: the thing, and from which word up to which (not included).

    Of a word that is built of others, and as a whole calls nothing, its last part says what it is.
    """
    bare = tuple(stem(word, language) for word in words)
    for at in range(len(bare)):
        if words[at] in _NO_THINGS:
            continue
        for end in range(at + 1, min(len(bare), at + _longest_call()) + 1):
            for name in _calls().get(bare[at:end], ()):
                yield name, at, end
        if (bare[at],) not in _calls():
            for name in _calls().get(parts(words[at])[-1:], ()):
                yield name, at, at + 1


def named(words: Sequence[str], language: str) -> list[str]:
    """The things that are called something in these words, each once, in order."""
    return list(dict.fromkeys(name for name, _, _ in calls(words, language)))


def beyond_places(words: Sequence[str]) -> list[str]:
    """These words without those that tell where: `bij`, what comes before the noun, and the noun."""
    left, at = [], 0
    while at < len(words):
        if words[at] in _WHERE:
            at += 1
            while at < len(words) and words[at] in _BEFORE_NOUNS:
                at += 1
        else:
            left.append(words[at])
        at += 1
    return left


# Compounds: Dutch writes `lantaarnpaal` where English writes two words


@cache
def _part_words() -> frozenset[str]:
    """The words of which longer ones are built."""
    listed = [word for line in _lines(PARTS) for word in line.split()]
    return frozenset(w for word in (*listed, *plain_calls()) for w in tokens(word) if len(w) >= SHORTEST_PART)


@cache
def _parts() -> frozenset[str]:
    return frozenset(stem(word, DUTCH) for word in _part_words())


@cache
def _beginnings() -> frozenset[str]:
    """How they begin: most of what is cut out of a word needs no stem to be seen to be none of them."""
    return frozenset(word[:SHORTEST_PART] for word in (*_part_words(), *_parts()))


def _known(part: str) -> str:
    """The stem of a part, also with the `s` that binds two of them; empty when it is none."""
    if part[:SHORTEST_PART] not in _beginnings():
        return ""
    for shape in (part, part.removesuffix("s")):
        if len(shape) >= SHORTEST_PART and stem(shape, DUTCH) in _parts():
            return stem(shape, DUTCH)
    return ""


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """The stems of the words that a folded word is built of, the fewest; none if one of them is not known."""
    return _split(word, top=True) if len(word) >= SHORTEST_COMPOUND else ()


def _split(word: str, *, top: bool = False) -> tuple[str, ...]:
    if not top and (known := _known(word)):
        return (known,)
    best: tuple[str, ...] = ()
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        head = _known(word[:cut])
        rest = _split(word[cut:]) if head else ()
        if rest and (not best or len(rest) + 1 < len(best)):
            best = (head, *rest)
    return best


# Errors in typing


def left_out(word: str) -> set[str]:
    """A word, and what is left of it without one of its letters.

    Two words have one of these in common when they differ by a letter that is wrong, missing, too many or
    changed places with the next one, and often when they differ by two.
    """
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} - {""}


def distance(one: str, other: str) -> int:
    """How many letters have to be changed, added, left out or swapped with the next to make one the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            best = min(row[-1] + 1, before[j] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


@cache
def fingerprint() -> str:
    """Of everything that decides which terms a text has: an index with another one is to be built anew."""
    stuff = [str(RULES), snowballstemmer.__name__, SYNONYMS.read_text(), PARTS.read_text()]
    return sha256("\n".join(stuff).encode()).hexdigest()[:16]
