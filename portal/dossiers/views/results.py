"""What a list shows: one page of cards, with the addresses of its other pages and of the other kinds."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import url_for

from portal.dossiers import cards, queries
from portal.dossiers.cards import Tab, by_kind
from portal.dossiers.facets import Facets, facets
from portal.dossiers.queries import Filter, Page


@dataclass(frozen=True)
class Results:
    given: Filter
    page: Page
    cards: list[cards.Card]
    facets: Facets

    @property
    def number(self) -> int:
        return self.page.number

    @property
    def total(self) -> int:
        return self.page.total

    @property
    def has_previous(self) -> bool:
        return self.page.has_previous

    @property
    def has_next(self) -> bool:
        return self.page.has_next

    @property
    def narrowed(self) -> int:
        """How many filters are on; the words and the kind stand beside them."""
        return sum(bool(value) for name, value in asdict(self.given).items() if name not in {"kind", "words"})

    def url_for(self, number: int) -> str:
        return self._url(page=number if number > 1 else None)

    @property
    def search_url(self) -> str:
        return self._url("search.index")

    @property
    def map_url(self) -> str:
        return self._url("maps.index")

    def _url(self, endpoint: str = "dossiers.index", **other: Any) -> str:
        given = {**asdict(self.given), **other}
        given["q"] = given.pop("words")
        return url_for(endpoint, **{name: value for name, value in given.items() if value})

    @property
    def tabs(self) -> list[Tab]:
        return by_kind(self.facets, lambda kind: self._url(kind=kind))


def find(given: Filter, number: int) -> Results:
    """The dossiers that the filter leaves."""
    found = queries.listing(given, number)
    return Results(given, found, cards.cards(found.items, found.supporters), facets(given))
