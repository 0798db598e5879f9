"""Terms, against the law: the Algemene termijnenwet, worked out here by hand and by Easter's own rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.workdays import holiday, is_workday, term

YEARS = range(2024, 2031)


def easter(year: int) -> date:
    """Easter Sunday, by the rule of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def free_by_law(year: int) -> set[date]:
    """Article 3: those it names, and Good Friday, which it puts on a par with them."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (-2, 1, 39, 50)}
    king = date(year, 4, 27)
    king -= timedelta(days=king.weekday() == 6)
    return moving | {date(year, 1, 1), king, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}


@pytest.mark.parametrize("year", YEARS)
def test_the_free_days_are_those_of_the_law(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    ours = {day for day in days if day.year == year and day.weekday() < 5 and not is_workday(day)}
    assert ours == {day for day in free_by_law(year) if day.weekday() < 5}


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2025, 4, 26), True),  # King's Day: 27 April 2025 is a Sunday
        (date(2025, 4, 28), False),
        (date(2026, 4, 27), True),
        (date(2026, 5, 5), True),  # in the law every year, not only every fifth
        (date(2027, 5, 5), True),
        (date(2026, 4, 3), True),  # Good Friday
        (date(2026, 5, 14), True),  # Ascension Day
        (date(2026, 12, 24), False),
        (date(2026, 12, 31), False),
        (date(2026, 12, 5), False),
    ],
)
def test_days_that_are_often_got_wrong(day: date, free: bool) -> None:
    assert (holiday(day) is not None) == free


def test_a_holiday_has_a_name_in_both_languages() -> None:
    assert (holiday(date(2026, 4, 27)), holiday(date(2026, 4, 27), "en")) == ("Koningsdag", "King's Day")


@pytest.mark.parametrize(
    ("start", "days", "due", "skipped"),
    [
        (date(2022, 6, 1), 30, date(2022, 7, 14), [date(2022, 6, 6)]),  # six weeks and Whit Monday
        (date(2026, 12, 22), 3, date(2026, 12, 28), [date(2026, 12, 25)]),
        (date(2026, 12, 31), 1, date(2027, 1, 4), [date(2027, 1, 1)]),  # into the next year
        (date(2026, 11, 21), 1, date(2026, 11, 23), []),  # from a Saturday
        (date(2026, 4, 2), 2, date(2026, 4, 8), [date(2026, 4, 3), date(2026, 4, 6)]),
    ],
)
def test_a_term_in_working_days(start: date, days: int, due: date, skipped: list[date]) -> None:
    made = term(start, days)
    assert (made.due, list(made.skipped)) == (due, skipped)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 2), 14, date(2026, 11, 16)),
        (date(2026, 11, 2), 12, date(2026, 11, 16)),  # the 14th is a Saturday
        (date(2026, 12, 18), 7, date(2026, 12, 28)),  # Christmas, then a weekend
    ],
)
def test_a_term_in_calendar_days_never_ends_on_a_free_day(start: date, days: int, due: date) -> None:
    assert term(start, days, calendar=True).due == due


def test_a_term_has_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        term(date(2026, 1, 1), 0)


@given(start=st.dates(date(2024, 1, 1), date(2030, 12, 31)), days=st.integers(1, 90))
def test_the_sum_adds_up(start: date, days: int) -> None:
    """Every day of a term is a weekend, a skipped one, or counted."""
    made = term(start, days)
    span = [start + timedelta(days=n) for n in range(1, (made.due - start).days + 1)]
    weekdays = [day for day in span if day.weekday() < 5]
    assert len(weekdays) == days + len(made.skipped)
    assert set(made.skipped) <= set(weekdays)
    assert is_workday(made.due)
    assert term(start, days + 1).due > made.due
