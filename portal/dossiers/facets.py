"""What a list can still be narrowed to: only what occurs, and how often, counted in one query."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.dossiers import queries
from portal.dossiers.models import PUBLIC, Dossier
from portal.dossiers.queries import Filter
from portal.dossiers.timeline import LAST_TOLD
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.places.queries import inside

Row = tuple[str, str, str, str, int]
"""Kind, state, category, neighbourhood, and how many dossiers have these four."""
COLUMNS = ("kind", "state", "category", "neighbourhood")


MANY, LATELY, MOST_ADDED = 20_000, timedelta(seconds=60), 300


@dataclass(frozen=True)
class _Known:
    rows: list[Row]
    last: int | None
    """What was told last before they were counted."""
    at: datetime
    added: dict[Any, Any] = field(default_factory=dict)


_known: dict[str, _Known] = {}
"""Database address -> what was counted in it last."""


@dataclass(frozen=True)
class Facets:
    """How many dossiers each choice of each filter would leave, the other filters staying as they are."""

    rows: list[Row]
    given: Filter
    added: dict[Any, Any] = field(default_factory=dict)
    """What was added up of these rows already, for this filter and for others."""

    def once(self, what: str, add: Callable[[], Any]) -> Any:
        """What this adds up, done once for each filter as long as the rows are the same."""
        key = what, *(getattr(self.given, name) for name in COLUMNS)
        if key not in self.added:
            if len(self.added) > MOST_ADDED:
                self.added.clear()
            self.added[key] = add()
        return self.added[key]

    def of(self, name: str) -> Counter[str]:
        """Choice of this filter -> number of dossiers; what would leave none is not in it."""
        found: Counter[str] = self.once(name, lambda: self._of(name))
        return found

    def _of(self, name: str) -> Counter[str]:
        others = [(COLUMNS.index(other), fits) for other, fits in self._fits().items() if other != name]
        place, counted = COLUMNS.index(name), Counter[str]()
        for row in self.rows:
            if all(fits(str(row[column])) for column, fits in others):
                counted[str(row[place])] += row[-1]
        return counted

    @property
    def total(self) -> int:
        """How many the filter leaves."""
        return int(self.once("total", self._total))

    def _total(self) -> int:
        fits = [(COLUMNS.index(name), fit) for name, fit in self._fits().items()]
        return sum(row[-1] for row in self.rows if all(fit(str(row[column])) for column, fit in fits))

    def _fits(self) -> dict[str, Callable[[str], bool]]:
        """The test of each filter that is on."""
        given = self.given
        tests: dict[str, Callable[[str], bool]] = {}
        for name in ("kind", "state"):
            if wanted := getattr(given, name):
                tests[name] = wanted.__eq__
        if given.category:
            within = {c.slug for c in queries.categories() if given.category in (c.slug, c.main)}
            tests["category"] = within.__contains__
        if given.neighbourhood:
            tests["neighbourhood"] = set(inside(given.neighbourhood)).__contains__
        return tests


def forget_counted() -> None:
    """Count anew: called where another database is put in the place of one."""
    _known.clear()


def facets(given: Filter) -> Facets:
    """Counted over what the words of the filter find."""
    if given.words:
        return Facets(_counted(Filter(words=given.words)), given)
    known = _all()
    return Facets(known.rows, given, known.added)


def _counted(given: Filter) -> list[Row]:
    columns = [Dossier.kind, Dossier.state, Dossier.category_slug, Dossier.neighbourhood_code]
    query = queries.chosen(db.select(Dossier).where(PUBLIC), given)
    found = db.session.execute(
        query.with_only_columns(*columns, db.func.count(Dossier.id)).group_by(*columns)
    )
    return [(r[0], r[1], r[2] or "", r[3] or "", r[4]) for r in found]


def _all() -> _Known:
    """Of everything public; counted anew when anything was told, among MANY not more often than LATELY."""
    database, moment = str(db.engine.url), now()
    last = db.session.scalar(db.text(LAST_TOLD))
    known = _known.get(database)
    young = known is not None and timedelta(0) <= moment - known.at < LATELY
    if known is not None and young and (known.last == last or sum(row[-1] for row in known.rows) > MANY):
        return known
    _known[database] = _Known(_counted(Filter()), last, moment)
    return _known[database]
