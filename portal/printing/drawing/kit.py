"""The words of a piece, in the language in which it is printed."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime

from portal.web.paper import Paper

MADE_WITH = "1"
"""Counts on when the drawing itself changes."""


@dataclass(frozen=True)
class Kit:
    """What stands on every piece of one dossier."""

    language: str
    ref: str
    name: str
    """Of the piece, for the title of the document."""
    kind: str
    """Petition, plan or report."""
    title: str
    why: str
    """Its own words, or the beginning of them; may be empty."""
    asked: tuple[str, ...]
    asked_head: str
    to: str
    """To whom, in a line; empty when to nobody yet."""
    by: str
    """From whom, in a line."""
    call: str
    scan: str
    easy: str
    more: str
    """Where the whole text is, in case not all of it fits."""
    hello: str
    came_by: str
    cut: str
    address: str
    """What the QR code holds."""
    short: str
    """The same to be typed: without what a browser adds by itself."""
    at: datetime
    """When the dossier last changed: the same words make the same file."""

    @property
    def version(self) -> str:
        """The same for the same file."""
        return hashlib.sha256(repr((MADE_WITH, astuple(self))).encode()).hexdigest()[:16]

    def paper(self, width: float, height: float) -> Paper:
        """An empty document for this piece."""
        made = Paper(
            width,
            height,
            title=f"{self.ref} · {self.name} · {self.title}",
            author=self.by,
            language=self.language,
            at=self.at,
        )
        made.page()
        return made


@dataclass(frozen=True)
class SheetWords:
    """What stands on signature sheets beside the words of the dossier; `heads` are those of the columns."""

    name: str
    code_label: str
    heads: dict[str, str]
    privacy: str
    photograph: str
    page: str
    """With the places {page} and {pages}."""
