"""The words on the screen and in the mails are plain: short sentences, short words, no officialese.

Measured over both catalogues: the English sentences of the code, and the Dutch ones of the translators. The
floors stand for B1: the language of somebody who left school early, or came here late.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.test_translations import forms, sentences, translated

OFFICIALESE = Path(__file__).parent / "data" / "officialese.txt"
MOST_WORDS = 20
"""In one sentence."""
MEAN_WORDS = 10.0
LONGEST = 20
"""Letters in one word; longer ones stand in NEEDED, with the reason that there is no shorter one."""
RUNNING = 12
"""From so many words on a text is read as a whole, and not as a label."""
EASY_ENOUGH = {"nl": 50.0, "en": 50.0}
"""What each running text reaches on its own."""
EASY = {"nl": 80.0, "en": 80.0}
"""What all of them together reach: "fairly easy" on both scales begins at 70."""
NEEDED: set[str] = set()
LANGUAGES = ["en", "nl"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
END = re.compile(r"(?<=[.!?…:])\s+|\n+")
VOWELS = {
    "nl": re.compile(r"(?:aai|eeu|ieu|ooi|oei|aa|ee|ie|oo|uu|eu|oe|ui|ou|au|ij|ei|[aeiouyéëèïöüáó])"),
    "en": re.compile(r"[aeiouyé]+"),
}


@dataclass(frozen=True)
class Text:
    """One message of a catalogue, with the name of a neighbour in its gaps."""

    words: str

    @property
    def sentences(self) -> list[str]:
        return [part for part in END.split(self.words) if WORD.search(part)]


def _said(language: str) -> Iterator[str]:
    for key in sentences():
        if language == "en":
            yield from forms(key)
        elif key in translated():
            yield from forms(translated()[key].string)


@cache
def texts(language: str) -> list[Text]:
    return [Text(PLACEHOLDER.sub("Anna", said)) for said in _said(language) if said]


def running(language: str) -> list[Text]:
    return [text for text in texts(language) if len(WORD.findall(text.words)) >= RUNNING]


def syllables(word: str, language: str) -> int:
    found = len(VOWELS[language].findall(word.lower()))
    silent = language == "en" and re.search(r"[^aeiouyl]e(?:s|d)?$", word.lower())
    return max(1, found - bool(silent and found > 1))


def ease(said: list[Text], language: str) -> float:
    """Flesch's reading ease; for Dutch with the numbers of Douma. 100 is very easy, 30 is for lawyers."""
    parts = [sentence for text in said for sentence in text.sentences]
    words = [word for part in parts for word in WORD.findall(part)]
    beats = sum(syllables(word, language) for word in words) / len(words)
    length = len(words) / len(parts)
    return (
        206.84 - 77 * beats - 0.93 * length if language == "nl" else 206.835 - 84.6 * beats - 1.015 * length
    )


def test_the_measures_are_what_they_were_published_as() -> None:
    """Words whose syllables are known, and the order of an easy and a hard text."""
    dutch = {"melding": 2, "handtekening": 4, "buurt": 1, "ideeën": 3, "gemeente": 3, "geluid": 2, "mooie": 2}
    assert {word: syllables(word, "nl") for word in dutch} == dutch
    english = {"report": 2, "signature": 3, "neighbour": 2, "like": 1, "table": 2, "asked": 1}
    assert {word: syllables(word, "en") for word in english} == english
    easy = [Text("De bak is weg. Wij willen hem terug.")]
    hard = [Text("Dientengevolge verzoeken ondergetekenden aangaande bovengenoemde aangelegenheid.")]
    assert ease(easy, "nl") > 90 > 30 > ease(hard, "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    lengths = {part: len(WORD.findall(part)) for text in texts(language) for part in text.sentences}
    too_long = {part: number for part, number in lengths.items() if number > MOST_WORDS}
    assert not too_long, "make two of it"
    whole = [len(WORD.findall(part)) for text in running(language) for part in text.sentences]
    assert sum(whole) / len(whole) <= MEAN_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_short(language: str) -> None:
    words = {word.lower() for text in texts(language) for word in WORD.findall(text.words)}
    assert not {word for word in words if len(word) > LONGEST} - NEEDED


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_as_a_whole_reads_easily(language: str) -> None:
    hard = {text.words: round(ease([text], language)) for text in running(language)}
    assert not {words: score for words, score in hard.items() if score < EASY_ENOUGH[language]}
    assert ease(running(language), language) >= EASY[language]


def officialese(language: str) -> dict[str, str]:
    """Each word that keeps people out, with the plain one."""
    lines = [line.partition("#")[0].strip() for line in OFFICIALESE.read_text().splitlines()]
    pairs = [
        line.removeprefix(f"{language} ").split(" = ", 1) for line in lines if line.startswith(f"{language} ")
    ]
    return dict(pairs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_speaks_as_an_office(language: str) -> None:
    found = []
    for word, plain in officialese(language).items():
        any_ending = re.escape(word).replace(r"\*", r"\w*")
        pattern = re.compile(rf"(?<![\w-]){any_ending}(?![\w-])", re.IGNORECASE)
        found += [f"{text.words!r}: say “{plain}”" for text in texts(language) if pattern.search(text.words)]
    assert not found, "\n".join(["", *found])


def test_the_list_is_in_order() -> None:
    for language in LANGUAGES:
        assert len(officialese(language)) > 80
        assert all(plain for plain in officialese(language).values())
