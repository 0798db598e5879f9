"""Workload and flow as charts, each beside a table of the same numbers; and as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from portal.kernel.cells import cell
from portal.staff.queries import AGES, Flow, called

HEIGHT = 100
"""Of the highest bar."""


@dataclass(frozen=True)
class Group:
    """What stands at one place of the axis: a bar for each series."""

    label: str
    numbers: tuple[int, ...]
    heights: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    id: str
    title: Any
    head: Any
    """What the places of the axis are."""
    series: tuple[Any, ...]
    groups: list[Group]

    @property
    def width(self) -> int:
        """Of the drawing: ten for each bar, and a gap between the groups."""
        return len(self.groups) * self.step

    @property
    def step(self) -> int:
        return len(self.series) * 10 + 6


def chart(
    id: str, title: Any, head: Any, series: Sequence[Any], rows: Iterable[tuple[str, *tuple[int, ...]]]
) -> Chart:
    known = list(rows)
    most = max((number for _label, *numbers in known for number in numbers), default=0) or 1
    groups = [
        Group(label, tuple(numbers), tuple(round(number / most * HEIGHT, 1) for number in numbers))
        for label, *numbers in known
    ]
    return Chart(id, title, head, tuple(series), groups)


def charts(flow: Flow) -> list[Chart]:
    """In and out, age, due this week, and who has how many."""
    weeks = [(format_date(week, "d MMM"), flow.came[week], flow.went[week]) for week in flow.weeks]
    due = [(format_date(day, "EEE d MMM"), number) for day, number in flow.due.items()]
    dossiers = [_("Dossiers")]
    return [
        chart("weeks", _("In and out, week by week"), _("Week of"), [_("In"), _("Out")], weeks),
        chart("due", _("Due this week"), _("Day"), dossiers, [(_("earlier"), flow.late), *due]),
        chart("ages", _("How long they lie here"), _("Age"), dossiers, zip(_ages(), flow.ages, strict=True)),
        chart("load", _("Who has how many"), _("Whose"), dossiers, _load(flow)),
    ]


def _ages() -> list[str]:
    first = [ngettext("under %(num)s week", "under %(num)s weeks", days // 7) for days in AGES]
    last = ngettext("%(num)s week or more", "%(num)s weeks or more", AGES[-1] // 7)
    return [*first, last]


def _load(flow: Flow) -> list[tuple[str, int]]:
    """Those who have none are named too: they may have time."""
    staff = flow.staff
    people = [(called(m), flow.people[m.id]) for m in staff.colleagues]
    groups = [(_("Team %(name)s", name=team.name), flow.groups[team.id]) for team in staff.teams]
    return [*people, *groups, (_("Nobody"), flow.nobody)]


def as_csv(drawn: Sequence[Chart]) -> str:
    """One row for each number of the charts. Names of teams and people are no formulas in it."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow([_("Chart"), _("Of"), _("What"), _("Number")])
    for one in drawn:
        for group in one.groups:
            for series, number in zip(one.series, group.numbers, strict=True):
                out.writerow([cell(str(one.title)), cell(group.label), cell(str(series)), number])
    return written.getvalue()
