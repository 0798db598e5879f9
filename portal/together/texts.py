"""Doing it together in words: why two are alike, what is wrong with a field, its verbs on the timeline."""

from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.dossiers.texts import Fact, Wording, in_a_row, wording
from portal.dossiers.timeline import Entry
from portal.together.models import Partner, Problem, ProposalState, Says

SAYS: dict[str, tuple[str, str, LazyString]] = {
    Says.ASKED: ("clock", "wait", lazy("no answer yet")),
    Says.YES: ("check", "good", lazy("yes, together")),
    Says.LATER: ("clock", "wait", lazy("later")),
    Says.NO: ("close", "dim", lazy("no, apart")),
}
"""Icon, tone and words of each answer."""
NOTED: dict[str, LazyString] = {
    Says.YES: lazy("Thank you. When all said yes, it goes on as one."),
    Says.LATER: lazy("We ask once more in a month, or sooner when it grows."),
    Says.NO: lazy("Each goes on by itself. Nobody asks about these two again."),
    Says.ASKED: lazy("The words are kept. Whoever said yes to other words is asked again."),
}
"""What is told after an answer."""
STATES: dict[str, LazyString] = {
    ProposalState.AGREED: lazy("Everybody said yes: you do it together."),
    ProposalState.REFUSED: lazy("It was not to be. Each goes on by itself, and nobody is asked again."),
    ProposalState.ENDED: lazy("One of the two goes on with others meanwhile, or is over."),
    ProposalState.OPEN: lazy("One of the two is over, hidden or with an authority: it waits."),
}
"""Why a question waits for no answer any more."""
PROBLEMS: dict[str, LazyString] = {
    Problem.NOT_FOUND: lazy("We know no petition or plan with this number. It looks like K-1042."),
    Problem.NOT_ALIKE: lazy("These cannot be one: two petitions can, or two plans."),
    Problem.SAME_PEOPLE: lazy("You carry both already. For two of your own petitions: name a successor."),
    Problem.OVER: lazy("One of the two is over, hidden, with an authority, or goes on as another one."),
    Problem.ASKED_BEFORE: lazy("This was asked before, and the answer was no. It is not asked again."),
    Problem.CHANGED: lazy("The draft was changed meanwhile. Look at it below, and choose again."),
    Problem.NO_NAME: lazy("Under which name do you want to be named? A first name is enough."),
    Problem.NO_CHOICE: lazy("Choose one of the answers."),
    Problem.EMPTY: lazy("Fill this in."),
    Problem.TOO_LONG: lazy("This is too long."),
    Problem.NO_DEMAND: lazy("Write at least one demand."),
    Problem.TOO_MANY: lazy("Write ten demands at most."),
}


def reason(why: dict[str, Any]) -> str:
    """Why two may belong together: "120 m away, in the same week, both about: clothes"."""
    parts = []
    if (metres := why.get("metres")) is not None:
        parts.append(_("%(number)s m away", number=metres) if metres >= 10 else _("on the same spot"))
    if (days := why.get("days")) is not None:
        apart = ngettext("%(num)s day apart", "%(num)s days apart", days)
        parts.append(apart if days else _("on the same day"))
    if words := why.get("words"):
        parts.append(_("both about: %(words)s", words=in_a_row(words)))
    return ", ".join(parts)


def named(partner: Partner) -> str:
    """How a partner is called on the page: the organisation, or the name that a neighbour chose."""
    dossier = partner.dossier
    return dossier.organisation.name if dossier.organisation else partner.name or _("a neighbour")


@wording("united")
def _united(entry: Entry) -> Wording:
    if "host" in entry.data:
        ref = entry.data["host"]
        title = _("Goes on together, as %(ref)s", ref=ref)
    else:
        ref = entry.data["ref"]
        title = _("Goes on together with %(ref)s", ref=ref)
    facts: list[Fact] = [(_("What it said before"), _("the words below"))] if entry.text else []
    return Wording(title, "together", "lit", facts, [(ref, f"/d/{ref}")], who=_("all who carry it"))


@wording("parted")
def _parted(entry: Entry) -> Wording:
    if "host" in entry.data:
        ref = entry.data["host"]
        return Wording(_("Goes on by itself again"), "again", links=[(ref, f"/d/{ref}")])
    ref, number = entry.data["ref"], entry.data["gone"]
    signatures = ngettext("%(num)s signature", "%(num)s signatures", number)
    facts: list[Fact] = [(_("No longer counted here"), signatures)] if number else []
    title = _("%(ref)s goes on by itself again", ref=ref)
    return Wording(title, "again", "plain", facts, [(ref, f"/d/{ref}")])
