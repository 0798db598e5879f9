"""What the working view of officials shows: a row for each dossier, with its term in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.models import Organisation
from portal.answers.queries import WITH_AUTHORITY
from portal.dossiers.cards import titled
from portal.dossiers.models import Addressee, AddresseeState, State
from portal.staff.queries import Queue, Show

Mark = tuple[str, str, str]
"""Icon, tone and word."""


@dataclass(frozen=True)
class Row:
    ref: str | None
    kind: str
    title: str
    place_name: str
    supporters: int
    url: str
    term: Mark
    new: bool


@dataclass(frozen=True)
class Tab:
    text: str
    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class Desk:
    """One page of the queue with its tabs; `authorities` to choose from when there are several."""

    queue: Queue
    authorities: Sequence[Organisation]

    @property
    def organisation(self) -> Organisation:
        return self.queue.organisation

    @property
    def rows(self) -> list[Row]:
        return [self._row(addressee) for addressee in self.queue.page.items]

    def _row(self, addressee: Addressee) -> Row:
        dossier = addressee.dossier
        return Row(
            ref=dossier.ref,
            kind=dossier.kind,
            title=titled(dossier),
            place_name=dossier.place_name,
            supporters=self.queue.page.supporters[dossier.id],
            url=url_for("staff.show", ref=dossier.ref, **self._place(self.number)),
            term=term(addressee),
            new=dossier.id in self.queue.untouched and addressee.state == AddresseeState.WAITING,
        )

    @property
    def tabs(self) -> list[Tab]:
        names = {Show.WAITING: _("Waiting"), Show.ANSWERED: _("Answered"), Show.ALL: _("All")}
        return [
            Tab(text, self.queue.counts[show], self._url(show=show, page=1), show == self.queue.show)
            for show, text in names.items()
        ]

    @property
    def number(self) -> int:
        return self.queue.page.number

    @property
    def has_previous(self) -> bool:
        return self.queue.page.has_previous

    @property
    def has_next(self) -> bool:
        return self.queue.page.has_next

    def url_for(self, number: int) -> str:
        return self._url(page=number)

    def _place(self, number: int, show: str = "") -> dict[str, Any]:
        """Where in the queue one is, for an address; what goes without saying is left out."""
        show = show or self.queue.show
        given = {"who": self.organisation.key if len(self.authorities) > 1 else None}
        given |= {"show": show if show != Show.WAITING else None, "page": str(number) if number > 1 else None}
        return {name: value for name, value in given.items() if value}

    def _url(self, *, page: int, show: str = "") -> str:
        return url_for("staff.index", **self._place(page, show))


def term(addressee: Addressee) -> Mark:
    """How long an answer is still awaited, or what became of it."""
    left, state = addressee.days_left, addressee.dossier.state
    if addressee.state == AddresseeState.TRANSFERRED:
        return ("move", "dim", _("passed on"))
    if addressee.state == AddresseeState.ANSWERED:
        return ("say", "try", _("answered"))
    if state not in WITH_AUTHORITY:
        return ("check", "dim", _("withdrawn") if state == State.WITHDRAWN else _("no longer needed"))
    if left is None or left < 0:
        days = ngettext("%(num)s day past the date", "%(num)s days past the date", -(left or 0))
        return ("late", "bad", days)
    if left == 0:
        return ("clock", "bad", _("due today"))
    return ("clock", "wait", ngettext("%(num)s day left", "%(num)s days left", left))
