"""What the parts of a queue, its problems and its entries are called."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.accounts.models import Membership
from portal.dossiers.texts import Wording, wording
from portal.dossiers.timeline import Entry
from portal.kernel.db import db
from portal.staff.models import Problem
from portal.staff.queries import Show, Sort, called

SHOWN: dict[Show, Any] = {
    Show.WAITING: lazy("Waiting"),
    Show.LATE: lazy("Overdue"),
    Show.DUE: lazy("Due this week"),
    Show.NEW: lazy("New"),
    Show.OTHERS: lazy("Waits for others"),
    Show.MINE: lazy("Mine"),
    Show.ANSWERED: lazy("Answered"),
    Show.ALL: lazy("All"),
}
SORTED: dict[Sort, Any] = {
    Sort.DUE: lazy("First due first"),
    Sort.NEWEST: lazy("Last handed over first"),
    Sort.OLDEST: lazy("First handed over first"),
}
PROBLEMS: dict[str, Any] = {
    Problem.NO_NAME: lazy("Give it a name of at most 80 characters."),
    Problem.NAME_TAKEN: lazy("There is one with this name already. Choose another name."),
    Problem.NO_COLLEAGUE: lazy("This is no colleague of today. Choose somebody else."),
    Problem.NO_TEAM: lazy("There is no such team any more. Choose another one."),
    Problem.NO_FALLBACK: lazy("Choose with whom lands what no rule fits. It must be a colleague of today."),
    Problem.NO_RULE: lazy("Write the list first."),
    Problem.NOT_TRIED: lazy("Try the list out first: it was changed since the last time."),
    Problem.TOO_MANY: lazy("There are too many. Remove one first."),
}
NOBODY = lazy("Nobody")
CHOOSE = lazy("Choose who")


def name_of(number: int | None) -> str:
    """Of the colleague with this membership; one whose account was erased has none any more."""
    membership = db.session.get(Membership, number) if number else None
    return called(membership) if membership is not None else _("a former colleague")


@wording("assigned")
def _assigned(entry: Entry) -> Wording:
    """Seen by the authority alone. Who it was given to is no part of the entry's words: those stay."""
    team, number = entry.data.get("team"), entry.data.get("colleague")
    facts = [(_("Team"), team["name"])] if team and number else []
    if entry.data.get("rule"):
        facts.append((_("By"), _("rule %(number)s of the routing", number=entry.data["rule"])))
    elif "rule" in entry.data:
        facts.append((_("By"), _("the routing: no rule fits")))
    if number:
        return Wording(_("Assigned to %(name)s", name=name_of(number)), "people", facts=facts)
    if team:
        return Wording(_("Assigned to team %(name)s", name=team["name"]), "people", facts=facts)
    return Wording(_("Assigned to nobody any more"), "people", facts=facts)
