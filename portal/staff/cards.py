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
from portal.staff.models import Case, Part
from portal.staff.queries import BOUND, Queue, Show, Sort, called
from portal.staff.texts import SHOWN

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
    asked: bool
    contested: bool
    """It was called done, and neighbours say that it is not."""
    whose: str
    """The colleague or team it was given to, as long as they are there; else empty."""


@dataclass(frozen=True)
class Tab:
    show: str
    text: Any
    number: str
    url: str
    current: bool
    bad: bool


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
        return [self._row(case) for case in self.queue.page.items]

    def _row(self, case: Case) -> Row:
        dossier = case.dossier
        return Row(
            ref=dossier.ref,
            kind=dossier.kind,
            title=titled(dossier),
            place_name=dossier.place_name,
            supporters=self.queue.page.supporters[dossier.id],
            url=url_for("staff.show", ref=dossier.ref, **self.place(self.number)),
            term=term(case.addressee),
            new=case.part == Part.OPEN and not case.touched,
            asked=case.part == Part.OPEN and case.asked_on is not None,
            contested=case.part == Part.OPEN and dossier.contested,
            whose=self.whose(case),
        )

    def whose(self, case: Case) -> str:
        staff = self.queue.staff
        person, team = staff.person(case.membership_id), staff.team(case.team_id)
        return called(person) if person else team.name if team else ""

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(
                show,
                text,
                many(self.queue.counts[show]),
                self._url(show=show, page=1),
                show == self.queue.show,
                show == Show.LATE and self.queue.counts[show] > 0,
            )
            for show, text in SHOWN.items()
        ]

    @property
    def found(self) -> str:
        return many(self.queue.found)

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

    def act_url(self, ref: str | None = None) -> str:
        """Where a deed is sent, with the place that it leads back to."""
        place = {"at": ref} if ref else {}
        return url_for("staff.divide", key=self.organisation.key, **place | self.place(self.number))

    @property
    def saved(self) -> list[tuple[str, str, int]]:
        """Name, address and number of each filter that the official keeps."""
        who: dict[str, Any] = {"who": self.organisation.key} if len(self.authorities) > 1 else {}
        found = self.queue.saved
        return [(one.name, url_for("staff.index", **who | one.given), one.id) for one in found]

    @property
    def wished(self) -> dict[str, str]:
        """What the queue is narrowed to, as the address has it; what goes without saying is left out."""
        wish = self.queue.wish
        given = {"show": wish.show if wish.show != Show.WAITING else "", "q": wish.given.words}
        given |= {name: getattr(wish.given, name) for name in ("kind", "category", "neighbourhood")}
        given |= {"whose": wish.whose, "sort": wish.sort if wish.sort != Sort.DUE else ""}
        return {name: str(value) for name, value in given.items() if value}

    def place(self, number: int) -> dict[str, Any]:
        """Where in the queue one is, for an address."""
        who = {"who": self.organisation.key} if len(self.authorities) > 1 else {}
        return who | self.wished | ({"page": str(number)} if number > 1 else {})

    def _url(self, *, page: int, show: str = "") -> str:
        place = self.place(page)
        if show:
            place = {name: value for name, value in place.items() if name != "show"}
            place |= {"show": show} if show != Show.WAITING else {}
        return url_for("staff.index", **place)


def many(number: int) -> str:
    """A number that is counted so far and no further."""
    return f"{BOUND}+" if number > BOUND else str(number)


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
