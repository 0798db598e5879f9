"""The sum behind a due date, in words: "3 november + 30 werkdagen, … tellen niet mee = 16 december"."""

from datetime import date
from typing import Any

from babel.lists import format_list
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from portal.kernel import workdays


def due_sum(term: dict[str, Any], due: date | None) -> str:
    """How this due date came about; empty where nothing was counted."""
    if due is None or "start" not in term:
        return ""
    moved = term.get("extended")
    if not moved:
        return _sum(term, due)
    first = _sum(term, date.fromisoformat(moved["from"]))
    return _("%(sum)s; put off to %(day)s", sum=first, day=format_date(due, "d MMMM y"))


def length(days: int, calendar: bool) -> str:
    """A term in words: "3 working days"."""
    if calendar:
        return str(ngettext("%(num)s day", "%(num)s days", days))
    return str(ngettext("%(num)s working day", "%(num)s working days", days))


def _sum(term: dict[str, Any], due: date) -> str:
    start = date.fromisoformat(term["start"])
    pattern = "d MMMM" if start.year == due.year else "d MMMM y"
    first, last = format_date(start, pattern), format_date(due, pattern)
    days = length(term["days"], term["calendar"])
    if not term["skipped"]:
        return _("%(first)s + %(days)s = %(last)s", first=first, days=days, last=last)
    free = _free_days(term["skipped"])
    return _(
        "%(first)s + %(days)s, not counting %(free)s = %(last)s", first=first, days=days, free=free, last=last
    )


def _free_days(skipped: list[str]) -> str:
    days = [date.fromisoformat(text) for text in skipped]
    names = [workdays.holiday(day, str(get_locale())) or format_date(day, "d MMMM") for day in days]
    return str(format_list(names, locale=get_locale()))
