"""What a list shows: one page of cards, with the addresses of its other pages and of the other kinds."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import url_for

from portal.dossiers import cards, queries
from portal.dossiers.cards import Tab, by_kind
from portal.dossiers.facets import Facets, facets
from portal.dossiers.queries import Filter, Page, Spot

MARK = re.compile(r"-?[0-9]{1,16}\.[0-9]{1,9}")
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Results:
    given: Filter
    page: Page
    cards: list[cards.Card]
    facets: Facets
    spot: dict[str, str]
    """As the address says it."""

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
        """Of this page or one beside it: its number is for people, where it begins for the database."""
        if number <= 1:
            return self._url()
        if number == self.number or not self.cards:
            return self._url(page=number, **self.spot)
        back = number < self.number
        edge = self.page.items[0 if back else -1]
        return self._url(page=number, **{"before" if back else "after": mark(edge.opened_at, edge.id)})

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


def find(given: Filter, number: int, address: Mapping[str, str]) -> Results:
    """The dossiers that the filter leaves; `address` may say where the page begins."""
    counted = facets(given)
    marks = {name: address[name] for name in ("after", "before") if MARK.fullmatch(address.get(name, ""))}
    found = queries.listing(given, number, counted.total, _spot(marks))
    shown = [cards.card(row, row.supporters) for row in found.items]
    return Results(given, found, shown, counted, marks)


def mark(opened_at: datetime, number: int) -> str:
    """Where a page begins, for an address."""
    since = opened_at - BEGINNING
    return f"{since // timedelta(microseconds=1)}.{number}"


def _spot(marks: Mapping[str, str]) -> Spot | None:
    for name, value in marks.items():
        since, _, number = value.partition(".")
        opened_at = BEGINNING + timedelta(microseconds=int(since))
        return Spot(opened_at, int(number), back=name == "before")
    return None
