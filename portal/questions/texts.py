"""How replies read, and what is wrong with one."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from portal.dossiers.texts import Wording, wording
from portal.dossiers.timeline import Entry
from portal.questions.commands import NO_TEXT, TOO_LONG

PROBLEMS: dict[str, Any] = {
    NO_TEXT: lazy("Write what you want to say."),
    TOO_LONG: lazy("This is too long. Make it shorter."),
}


def _to_the_question(entry: Entry) -> list[Any]:
    return [(_("To the question"), f"#e{entry.data['question']}")]


@wording("replied")
def _replied(entry: Entry) -> Wording:
    title = _("Reply to the question of %(authority)s", authority=entry.data["to"]["name"])
    return Wording(title, "say", "lit", links=_to_the_question(entry))


@wording("not_replied")
def _not_replied(entry: Entry) -> Wording:
    title = ngettext(
        "No reply to the question of %(authority)s in %(num)s day",
        "No reply to the question of %(authority)s in %(num)s days",
        entry.data["days"],
        authority=entry.data["to"]["name"],
    )
    return Wording(title, "late", "none", links=_to_the_question(entry), who=_("the portal"))
