"""The terms of an authority as rows of a table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from portal.accounts.models import Organisation
from portal.dossiers.commands.moving import PETITION_DAYS, PLAIN_DAYS
from portal.dossiers.sums import length
from portal.terms import queries
from portal.terms.models import OTHER, PETITION
from portal.terms.texts import ABOUT


@dataclass(frozen=True)
class Row:
    about: str
    name: Any
    length: str
    own_since: datetime | None
    """Since when it is the authority's own; None: that of everybody."""
    before: list[tuple[str, datetime]]
    """What was set before, with its first day; the newest first."""


def rows(organisation: Organisation) -> list[Row]:
    """Petitions, each category, and the rest."""
    language = str(get_locale())
    known: dict[str, tuple[Any, int, bool]] = {PETITION: (ABOUT[PETITION], PETITION_DAYS, False)}
    for category in queries.subjects():
        known[category.slug] = category.name(language), category.days, category.calendar_days
    known[OTHER] = ABOUT[OTHER], PLAIN_DAYS, False
    current, past = queries.current_terms(organisation), queries.history(organisation)
    made = []
    for about, (name, days, calendar) in known.items():
        own = current.get(about)
        if own is not None and own.days is not None:
            days, calendar = own.days, own.calendar
        before = [
            (length(row.days, row.calendar) if row.days else _("as everybody"), row.set_at)
            for row in past
            if row.about == about and row is not own
        ]
        made.append(Row(about, name, length(days, calendar), own.set_at if own else None, before))
    return made
