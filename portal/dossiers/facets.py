"""What a list can still be narrowed to: only what occurs, and how often, counted in one query."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from portal.dossiers import queries
from portal.dossiers.models import PUBLIC, Dossier
from portal.dossiers.queries import Filter
from portal.kernel.db import db
from portal.places.queries import area

Row = tuple[str, str, str, str, int]
"""Kind, state, category, neighbourhood, and how many dossiers have these four."""
COLUMNS = ("kind", "state", "category", "neighbourhood")


@dataclass(frozen=True)
class Facets:
    """How many dossiers each choice of each filter would leave, the other filters staying as they are."""

    rows: list[Row]
    given: Filter

    def of(self, name: str) -> Counter[str]:
        """Choice of this filter -> number of dossiers; what would leave none is not in it."""
        others = [(COLUMNS.index(other), fits) for other, fits in self._fits().items() if other != name]
        place, counted = COLUMNS.index(name), Counter[str]()
        for row in self.rows:
            if all(fits(str(row[column])) for column, fits in others):
                counted[str(row[place])] += row[-1]
        return counted

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
            known = area(given.neighbourhood)
            covers = known.covers if known else (given.neighbourhood,)
            tests["neighbourhood"] = lambda code: code == given.neighbourhood or code.startswith(covers)
        return tests


def facets(given: Filter) -> Facets:
    """Counted over what the words of the filter find."""
    columns = [Dossier.kind, Dossier.state, Dossier.category_slug, Dossier.neighbourhood_code]
    query = queries.narrowed(db.select(Dossier).where(PUBLIC), Filter(words=given.words))
    found = db.session.execute(
        query.with_only_columns(*columns, db.func.count(Dossier.id)).group_by(*columns)
    )
    rows: list[Row] = [(r[0], r[1], r[2] or "", r[3] or "", r[4]) for r in found]
    return Facets(rows, given)
