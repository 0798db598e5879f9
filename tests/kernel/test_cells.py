"""What people wrote never becomes a formula in somebody's spreadsheet."""

import csv
import io

import pytest

from portal.kernel.cells import cell


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "  =1+1"])
def test_words_stay_words(text: str) -> None:
    assert cell(text) == f"'{text}"
    file = io.StringIO()
    csv.writer(file).writerow([cell(text)])
    file.seek(0)
    assert next(csv.reader(file)) == [f"'{text}"]


@pytest.mark.parametrize("value", ["Ann", "A-B", "a=b", "", 12, -3, None, 1.5])
def test_everything_else_is_left_alone(value: object) -> None:
    assert cell(value) == value
