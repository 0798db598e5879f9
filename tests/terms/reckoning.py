"""Due dates by another method than the portal's: Easter by Gauss, fixed days by hand, one day at a time.

Nothing of the portal and nothing of the library `holidays` is used in here.
"""

from datetime import date, timedelta

YEARS = range(2022, 2031)
DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday by the rule of Gauss, for 1900 to 2099."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    found = date(year, 3, 22) + timedelta(days=d + e)
    if (d, e) == (29, 6) or (d == 28 and e == 6 and a > 10):
        found -= timedelta(days=7)
    return found


def kings_day(year: int) -> date:
    """The 27th of April, or the day before when that is a Sunday."""
    day = date(year, 4, 27)
    return day - DAY if day.isoweekday() == 7 else day


def free_days(year: int) -> set[date]:
    """Algemene termijnenwet, article 3, with Good Friday."""
    sunday = easter(year)
    after_easter = {sunday + timedelta(days=days) for days in (-2, 0, 1, 39, 49, 50)}
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 5), (12, 25), (12, 26))}
    return after_easter | fixed | {kings_day(year)}


FREE = frozenset().union(*(free_days(year) for year in (2021, *YEARS, 2031)))


def works(day: date) -> bool:
    return day.isoweekday() < 6 and day not in FREE


def due(start: date, days: int, calendar: bool) -> date:
    """Working days are taken from a list of all; calendar days are added, and then moved off free days."""
    if not calendar:
        ahead = (start + timedelta(days=n) for n in range(1, 400))
        return [day for day in ahead if works(day)][days - 1]
    end = date.fromordinal(start.toordinal() + days)
    return next(day for day in (end + timedelta(days=n) for n in range(15)) if works(day))


CASES = [
    case
    for n, year in enumerate(YEARS)
    for case in (
        (easter(year) - timedelta(days=10 - n), 3 + n, False),  # over Good Friday and Easter Monday
        (easter(year) - timedelta(days=12), 14, True),  # ends on or near Easter Monday
        (kings_day(year) - timedelta(days=n % 5 + 1), 5, False),  # over King's Day and 5 May
        (kings_day(year) - timedelta(days=7), 7 + 8 * (n % 2), True),
        (easter(year) + timedelta(days=45), 4, False),  # over Whit Monday
        (easter(year) + timedelta(days=36), 14, True),  # ends on Whit Monday
        (date(year, 12, 19 + n % 6), 30, False),  # the term of a petition, over the year's end
    )
][:-3]
"""Sixty dates around Easter, King's Day, Whitsun and the year's end: start, days, calendar days."""
