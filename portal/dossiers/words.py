"""Words as they are compared: stems for searching (`fietspaden`, `fietspad`), and names of people."""

import re
import threading
import unicodedata
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

LONGEST = 40
_WORD = re.compile(r"\w+")
_EVERYWHERE = (
    "aan al als bij daar dan dat de die dit door dus een en er geen haar heb hebben heeft het hier hij ik "
    "in is je kan maar me meer met mijn naar niet nog nu of om onder ons onze ook op over te tot uit van "
    "voor waar want was wat we weer wel wij wordt ze zij zijn zo zonder "
    "about and are at be been by for from has have it its my no not of on or our so that the there they this "
    "to under was we were with you"
)


class _Stemmer(threading.local):
    """One for each thread: it keeps the word that it works on in itself."""

    def __init__(self) -> None:
        self.stemmer: Any = snowballstemmer.stemmer("dutch_porter")  # `dutch` keeps fietspaden from fietspad


_own = _Stemmer()


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_own.stemmer.stemWord(word))


def plain(text: str) -> str:
    """Lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def stems(text: str) -> list[str]:
    """The stems of the words in a text, in order; single letters are left out."""
    return [_stem(word[:LONGEST]) for word in _WORD.findall(plain(text)) if len(word) > 1]


@cache
def _everywhere() -> frozenset[str]:
    return frozenset(stems(_EVERYWHERE))


def telling(text: str) -> list[str]:
    """The stems that say what a text is about: without the words that stand in every text."""
    return [stem for stem in stems(text) if stem not in _everywhere()]


def name_key(name: str) -> str:
    """A name in the form in which two spellings are equal: lower case, without accents, dots and dashes."""
    return " ".join(_WORD.findall(plain(name)))


def same_home(one: str, other: str) -> bool:
    """Whether two numbers may be of one home: `12 A` is `12a`, and one that is not known may be any."""
    first, second = (name_key(number).replace(" ", "") for number in (one, other))
    return not first or not second or first == second
