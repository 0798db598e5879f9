"""How verdicts read: the numbers, and no more than follows from them."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from portal.dossiers.texts import Fact, Wording, in_a_row, when, wording
from portal.dossiers.timeline import Entry
from portal.verdicts.models import Outcome, Says

SAYS: dict[str, tuple[Any, str]] = {
    Says.SOLVED: (lazy("It is solved"), "check"),
    Says.NOT_SOLVED: (lazy("It is not solved"), "close"),
    Says.CANNOT_TELL: (lazy("I cannot tell"), "ask"),
}
"""In the words of who says it, and with what icon."""
LOOKS = {Outcome.SOLVED: ("check", "good"), Outcome.NOT_SOLVED: ("again", "bad")}


def came_of(data: dict[str, Any]) -> str:
    """In one sentence what a round came to."""
    solved, said = data["solved"], data["solved"] + data["not_solved"]
    if data["outcome"] == Outcome.SOLVED:
        return _("Solved, say %(number)s of %(all)s neighbours", number=solved, all=said)
    if data["outcome"] == Outcome.NOT_SOLVED:
        names = in_a_row(a["name"] for a in data["to"]) or _("the authority")
        return _(
            "Done according to %(authority)s, not according to %(number)s of %(all)s neighbours",
            authority=names,
            number=data["not_solved"],
            all=said,
        )
    return ngettext(
        "Fewer than %(num)s neighbour said whether it is solved: nothing is claimed",
        "Fewer than %(num)s neighbours said whether it is solved: nothing is claimed",
        data["least"],
    )


def numbers(data: dict[str, Any]) -> list[Fact]:
    """Each number beside its words."""
    found: list[Fact] = [
        (_("It is solved"), str(data["solved"])),
        (_("It is not solved"), str(data["not_solved"])),
        (_("I cannot tell"), str(data["cannot_tell"])),
        (_("Asked"), str(data["supporters"])),
    ]
    return found


@wording("judged")
def _judged(entry: Entry) -> Wording:
    data = entry.data
    icon, tone = LOOKS.get(data["outcome"], ("info", "plain"))
    due = [
        (a["name"], _("answer due before %(day)s", day=when(date.fromisoformat(a["due_on"]))))
        for a in data["to"]
        if "due_on" in a
    ]
    via = data.get("via")
    links = [(_("As part of petition %(ref)s", ref=via), f"/d/{via}")] if via else []
    return Wording(came_of(data), icon, tone, [*numbers(data), *due], links, _("the supporters"))


def _apart(entry: Entry) -> list[Fact]:
    metres, days = entry.data["metres"], entry.data["days"]
    after = ngettext("%(num)s day after it was done", "%(num)s days after it was done", days)
    return [(_("How near"), ngettext("%(num)s metre", "%(num)s metres", metres)), (_("When"), after)]


@wording("returned")
def _returned(entry: Entry) -> Wording:
    """On the new report."""
    ref = entry.data["ref"]
    title = _("It seems to be back: this was done before")
    return Wording(title, "again", "bad", _apart(entry), [(ref, f"/d/{ref}")], _("the portal"))


@wording("came_back")
def _came_back(entry: Entry) -> Wording:
    """On the one that was done."""
    ref = entry.data["ref"]
    title = _("It seems to be back: somebody reported it again")
    return Wording(title, "again", "bad", _apart(entry), [(ref, f"/d/{ref}")], _("the portal"))
