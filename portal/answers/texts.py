"""How an answer or a note reads: on the timeline, in mails, and in a preview."""

from datetime import date
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.answers.models import AnswerKind, Level
from portal.answers.queries import Said, day_of
from portal.dossiers.texts import WORDINGS, Wording
from portal.dossiers.timeline import Entry

NAMES: dict[str, tuple[Any, str, str]] = {
    AnswerKind.ACKNOWLEDGEMENT: (lazy("Received"), "mail", "dark"),
    AnswerKind.QUESTION: (lazy("Question back"), "ask", "try"),
    AnswerKind.PROMISE: (lazy("Promise"), "promise", "wait"),
    AnswerKind.TRIAL: (lazy("Trial"), "trial", "try"),
    AnswerKind.GRANTED: (lazy("Yes"), "check", "good"),
    AnswerKind.PARTLY_GRANTED: (lazy("Partly yes"), "check", "good"),
    AnswerKind.REFUSED: (lazy("Refused"), "stop", "bad"),
    AnswerKind.TRANSFERRED: (lazy("Passed on"), "move", "dark"),
    AnswerKind.DONE: (lazy("Done, says the authority"), "check", "good"),
}
"""Kind -> in a word, icon, tone of its window on the timeline."""
UNNAMED = (lazy("Answer"), "say", "dark")
LEVELS: dict[str | None, Any] = {Level.ADVICE: lazy("advice"), Level.DECISION: lazy("decision")}


def answered(entry: Entry) -> Wording:
    """An answer, with the facts that its kind tells."""
    _word, icon, tone = NAMES.get(entry.data.get("kind", ""), UNNAMED)
    return Wording(title=title(entry), icon=icon, tone=tone, facts=facts(entry))


def noted(entry: Entry) -> Wording:
    return Wording(title=_("Note for colleagues"), icon="lock", tone="plain")


def title(entry: Entry) -> str:
    """What was said, in a few words."""
    data, kind = entry.data, entry.data.get("kind", "")
    promised, trial = day_of(data.get("promise_on")), data.get("trial") or {}
    if kind == AnswerKind.PROMISE and promised:
        return _("Promise: before %(day)s", day=format_date(promised, "d MMMM y"))
    if kind == AnswerKind.TRIAL and trial.get("place"):
        return _("Trial: %(place)s", place=trial["place"])
    if kind == AnswerKind.TRANSFERRED and data.get("transferred_to"):
        return _("Passed on to %(authority)s", authority=data["transferred_to"]["name"])
    return str(NAMES.get(kind, UNNAMED)[0])


def facts(entry: Entry) -> list[tuple[str, str]]:
    """What stands beside the words: label and value, only what was told."""
    data = entry.data
    trial = data.get("trial") or {}
    promised = day_of(data.get("promise_on"))
    no_day = data.get("kind") == AnswerKind.PROMISE and not promised
    found = [
        (_("Ready before"), _("no day named") if no_day else promised and format_date(promised, "d MMMM y")),
        (_("Period"), period(day_of(trial.get("from")), day_of(trial.get("until")))),
        (_("Outcome"), trial.get("outcome")),
        (_("Reason"), data.get("reason")),
        (_("Level"), str(LEVELS.get(data.get("level"), "")) if _is_answer(data) else ""),
        (_("Written down by"), writer(data)),
        (_("Said about"), data.get("via")),
    ]
    return [(label, str(value)) for label, value in found if value]


def _is_answer(data: dict[str, Any]) -> bool:
    return data.get("kind") not in {AnswerKind.ACKNOWLEDGEMENT, AnswerKind.QUESTION}


def writer(data: dict[str, Any]) -> str:
    """Who wrote down what was said elsewhere; empty when the authority wrote here itself."""
    by = data.get("written_down_by")
    return "" if by is None else by["name"] or _("a neighbour")


def period(first: date | None, last: date | None) -> str:
    """From and until, as far as they are known."""
    days = {name: day and format_date(day, "d MMMM y") for name, day in (("first", first), ("last", last))}
    if first and last:
        return _("%(first)s until %(last)s", **days)
    if first:
        return _("from %(first)s", first=days["first"])
    return _("until %(last)s", last=days["last"]) if last else ""


def what_became(card: Said) -> str:
    """What is known of a promise today: facts, no verdict."""
    if card.done:
        return _("Done, they said on %(day)s.", day=format_date(card.done.on, "d MMMM y"))
    if card.turned_down:
        who = card.turned_down.organisation.name if card.turned_down.organisation else _("another authority")
        day = format_date(card.turned_down.on, "d MMMM y")
        return _("Afterwards refused: %(who)s, %(day)s.", who=who, day=day)
    if card.overdue:
        return ngettext("The day passed %(num)s day ago.", "The day passed %(num)s days ago.", card.overdue)
    return _("Open.") if card.days.get("promise_on") else _("Open; no day was named.")


WORDINGS["answered"] = answered
WORDINGS["noted"] = noted
