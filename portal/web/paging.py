"""The other pages of a list, as addresses that keep what the list is narrowed to."""

from dataclasses import dataclass
from typing import Any

from flask import url_for


@dataclass(frozen=True)
class Paging:
    """What the macro `pages` needs; `given` is what goes into every address, empty values left out."""

    page: Any
    """Has number, has_previous and has_next."""
    endpoint: str
    given: dict[str, Any]

    @property
    def number(self) -> int:
        return int(self.page.number)

    @property
    def has_previous(self) -> bool:
        return bool(self.page.has_previous)

    @property
    def has_next(self) -> bool:
        return bool(self.page.has_next)

    def url_for(self, number: int) -> str:
        given = self.given | {"page": number if number > 1 else None}
        return url_for(self.endpoint, **{name: value for name, value in given.items() if value})
