"""What the search page shows: cards with the words that were found, and the addresses of everything else."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import url_for
from markupsafe import Markup

from portal.dossiers import cards
from portal.dossiers.cards import Tab, by_kind
from portal.dossiers.models import Dossier
from portal.dossiers.queries import Filter
from portal.similar.marking import Piece, fragment, pieces
from portal.similar.queries import COUNTED, Found, search


@dataclass(frozen=True)
class Results:
    """One page of what was found."""

    found: Found
    cards: list[cards.Card]
    first: bool
    """Whether this is the first page."""

    @property
    def given(self) -> Filter:
        return self.found.given

    @property
    def total(self) -> int:
        """How many there are; of more than COUNTED that is all we say."""
        return min(self.found.total, COUNTED)

    @property
    def narrowed(self) -> int:
        """How many filters are on; the words and the kind stand beside them."""
        return sum(bool(value) for name, value in asdict(self.given).items() if name not in {"kind", "words"})

    @property
    def instead(self) -> list[tuple[str, str]]:
        """Words that nobody wrote, and what they were taken for."""
        return list(self.found.asked.instead.items())

    @property
    def next_url(self) -> str:
        return self._url(after=self.found.after) if self.found.after else ""

    @property
    def first_url(self) -> str:
        return self._url()

    @property
    def list_url(self) -> str:
        return self._url("dossiers.index")

    @property
    def map_url(self) -> str:
        return self._url("maps.index")

    @property
    def unnarrowed_url(self) -> str:
        return url_for("search.index", q=self.given.words)

    @property
    def others(self) -> list[tuple[str, str]]:
        """Other words to try, with where they lead."""
        return [(word, url_for("search.index", q=word)) for word in self.found.others]

    @property
    def tabs(self) -> list[Tab]:
        return by_kind(self.found.facets, lambda kind: self._url(kind=kind))

    def _url(self, endpoint: str = "search.index", **other: Any) -> str:
        given = {**asdict(self.given), **other}
        given["q"] = given.pop("words")
        return url_for(endpoint, **{name: value for name, value in given.items() if value})


def results(given: Filter, after: str) -> Results:
    """What is found with these words and filters."""
    found = search(given, after)
    supporters = found.supporters or {}
    return Results(found, [_card(d, supporters[d.id], found) for d in found.dossiers], not after)


def _card(dossier: Dossier, supporters: int, found: Found) -> cards.Card:
    """A card whose excerpt is the part of the text with what was found, marked."""
    title = _marked(pieces(dossier.title, found.asked, dossier.language))
    excerpt = _marked(fragment(dossier.body, found.asked, dossier.language))
    return replace(cards.card(dossier, supporters), title=title, excerpt=excerpt)


def _marked(parts: Iterable[Piece]) -> Markup:
    text = Markup("")
    for piece in parts:
        text += Markup("<mark>{}</mark>").format(piece.text) if piece.found else piece.text
    return text
