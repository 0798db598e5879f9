"""A page of the ledger, put together: numbers, lines with their replies, letters, and what each line says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.dossiers.models import Addressee, AddresseeState
from portal.dossiers.queries import Page
from portal.dossiers.texts import silence
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.promises import queries
from portal.promises.models import Promise, days_between
from portal.promises.texts import days
from portal.web.paging import Paging


@dataclass(frozen=True)
class Ledger:
    scope: queries.Scope
    numbers: queries.Numbers
    terms: Page
    promised: Page
    letters: Sequence[Entry]
    replies: dict[Any, Entry]

    def reply(self, thing: Addressee | Promise) -> Entry | None:
        """What the authority said to this line."""
        number = thing.entry.seq if isinstance(thing, Promise) else None
        return self.replies.get((thing.dossier_id, thing.organisation_id, number))

    def line(self, thing: Addressee | Promise) -> queries.Line:
        made = thing if isinstance(thing, Promise) else None
        return queries.Line(thing.dossier, thing.organisation, made)

    def letter_reply(self, letter: Entry) -> Entry | None:
        return self.replies.get((letter.dossier_id, letter.seq))

    def letter_line(self, letter: Entry) -> queries.Line | None:
        """What the authority can reply to, in a ledger of its own."""
        whose = self.scope.organisation
        return queries.Line(letter.dossier, whose, letter=letter) if whose is not None else None

    @property
    def letter_days(self) -> list[tuple[Entry, str]]:
        return [(entry, silence((today() - entry.on).days)) for entry in self.letters]


@dataclass(frozen=True)
class Other(Paging):
    """The pages of the second list of a page: under a name of its own in the address."""

    def url_for(self, number: int) -> str:
        given = self.given | {"promises": number if number > 1 else None}
        kept = {name: value for name, value in given.items() if value and value != 1}
        return url_for(self.endpoint, **kept, _anchor="promised")


def ledger(scope: queries.Scope, terms: int, promised: int) -> Ledger:
    found = Ledger(
        scope,
        queries.numbers(scope),
        queries.terms_in(scope, terms),
        queries.promises_in(scope, promised),
        queries.letters(scope),
        {},
    )
    rows = [*found.terms.items, *found.promised.items, *found.letters]
    return replace(found, replies=queries.replies_to(sorted({row.dossier_id for row in rows})))


def took(addressee: Addressee) -> str:
    """How long the answer took or is waited for: days, and no word about it."""
    start, due, end = addressee.handed_over_on, addressee.due_on, addressee.answered_on
    if start is None or due is None:
        return ""
    if end is not None:
        rough = "month" if addressee.term.get("answered") == "month" else "day"
        span = days_between(start, end, "day", rough)
        said = _("answered after %(days)s", days=days(span)) if span.most else _("answered on the same day")
        late = (end - due).days
        if late > 0 and rough == "day":
            said += " · " + ngettext("%(num)s day after its day", "%(num)s days after its day", late)
        return said
    if addressee.state != AddresseeState.WAITING or addressee.dossier.state not in queries.WITH_AUTHORITY:
        return _("no answer is waited for any more")
    past = (today() - due).days
    if past > 0:
        return ngettext("no answer, %(num)s day after its day", "no answer, %(num)s days after its day", past)
    return ngettext("%(num)s day left", "%(num)s days left", -past)
