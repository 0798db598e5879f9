"""How many days lie between two days, of which perhaps only the month is known."""

from dataclasses import dataclass
from datetime import date

from portal.kernel.workdays import last_of_month


@dataclass(frozen=True)
class Span:
    """At least and at most so many days; the same number twice when both days are known."""

    least: int
    most: int

    @property
    def exact(self) -> bool:
        return self.least == self.most


def days_between(first: date, second: date, first_precision: str = "day", precision: str = "day") -> Span:
    """From one day to a later one. Of a month any day can be meant, as long as the order of the two holds."""
    begins, ends = _possible(first, first_precision), _possible(second, precision)
    return Span(max(0, (ends[0] - begins[1]).days), max(0, (ends[1] - begins[0]).days))


def _possible(day: date, precision: str) -> tuple[date, date]:
    return (day.replace(day=1), last_of_month(day)) if precision == "month" else (day, day)
