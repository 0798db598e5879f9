"""The code on a sheet: no look-alikes, and a typing error is told at once."""

from itertools import pairwise

import pytest

from portal.sheets.models import LETTERS, new_code, read_code


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert (len(code), code[4]) == (9, "-")
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", " ".join(code)):
        assert read_code(typed) == code


@pytest.mark.parametrize("letter", "01ILOSU")
def test_it_has_no_letters_that_look_alike(letter: str) -> None:
    assert letter not in LETTERS
    assert read_code(letter + new_code()[1:]) is None


def test_every_single_typing_error_is_found() -> None:
    code = new_code().replace("-", "")
    for place, right in enumerate(code):
        wrong = [code[:place] + letter + code[place + 1 :] for letter in LETTERS if letter != right]
        assert not any(map(read_code, wrong))


def test_two_letters_that_changed_places_are_found() -> None:
    code = new_code().replace("-", "")
    for place, (one, other) in enumerate(pairwise(code)):
        if one != other:
            assert read_code(code[:place] + other + one + code[place + 2 :]) is None


def test_what_is_too_short_or_too_long_is_no_code() -> None:
    code = new_code()
    assert [read_code(typed) for typed in ("", code[:-1], code + "2")] == [None] * 3
