"""Arabic on paper: letters take the form that their neighbours ask of them."""

import unicodedata

import pytest

from portal.web.joining import joined
from portal.web.lettering import known

WORDS = {
    "حي": "\ufea3\ufef2",
    "بيت": "\ufe91\ufef4\ufe96",
    "دار": "\ufea9\ufe8d\ufead",
    "سلام": "\ufeb3\ufefc\ufee1",
    "لا": "\ufefb",
    "K-buurt": "K-buurt",
}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_written_as_it_is_read(word: str) -> None:
    assert joined(word) == WORDS[word]


def test_the_words_stay_the_same_and_the_font_has_all_forms() -> None:
    text = "أعيدوا صناديق القمامة إلى الحي، چراغ پل گلی"
    assert unicodedata.normalize("NFKC", joined(text)) == unicodedata.normalize("NFKC", text)
    assert all(known(letter) for letter in joined(text))


def test_vowel_signs_do_not_part_letters() -> None:
    assert joined("بَيت")[0] == joined("بيت")[0]
