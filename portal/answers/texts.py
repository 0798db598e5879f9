"""How an answer or a note reads: on the timeline, in mails, and in a preview."""

from datetime import date
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.answers.models import AnswerKind, Level, Problem
from portal.answers.queries import Said, day_of
from portal.dossiers.texts import Link, Wording, quoted, wording
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
LEVELS: dict[str | None, Any] = {Level.ADVICE: lazy("an advice"), Level.DECISION: lazy("a decision")}

# --- what is asked of somebody who answers, and what is wrong with it

KINDS: dict[str, Any] = {
    AnswerKind.ACKNOWLEDGEMENT: lazy("We have it and look at it"),
    AnswerKind.QUESTION: lazy("A question back"),
    AnswerKind.PROMISE: lazy("A promise"),
    AnswerKind.TRIAL: lazy("A trial"),
    AnswerKind.GRANTED: lazy("Yes"),
    AnswerKind.PARTLY_GRANTED: lazy("Partly yes"),
    AnswerKind.REFUSED: lazy("No"),
    AnswerKind.TRANSFERRED: lazy("Not for us, we pass it on"),
    AnswerKind.DONE: lazy("It is done"),
}
MAY_DECIDE: dict[str, Any] = {
    Level.DECISION: lazy("Yes, this is a decision"),
    Level.ADVICE: lazy("No, this is an advice"),
}
WAS_DECIDED: dict[str, Any] = {
    Level.DECISION: lazy("Yes, a decision"),
    Level.ADVICE: lazy("No, an advice"),
}
PROBLEMS: dict[str, Any] = {
    Problem.NO_KIND: lazy("Choose what kind of answer it is."),
    Problem.NO_LEVEL: lazy("Say whether this is a decision or an advice."),
    Problem.NO_TEXT: lazy("Write what you want to say."),
    Problem.TOO_LONG: lazy("This is too long. Make it shorter."),
    Problem.NO_DAY: lazy("Fill in a day."),
    Problem.DAY_PASSED: lazy("This day has passed already. Choose a later one."),
    Problem.NO_PLACE: lazy("Write where the trial is held."),
    Problem.ENDS_BEFORE: lazy("The trial ends before it begins. Change one of the two days."),
    Problem.NO_OUTCOME: lazy("The trial is over. Write what came of it."),
    Problem.NO_REASON: lazy("Write why not. The neighbourhood has a right to the reason."),
    Problem.NO_AUTHORITY: lazy("Choose an authority."),
    Problem.SAME_AUTHORITY: lazy("This is the authority itself. Choose another one."),
    Problem.NOT_YET: lazy("This day is still to come. Choose the day on which it was said."),
}

# --- how an entry reads


@wording("answered")
def answered(entry: Entry) -> Wording:
    """An answer, with the facts that its kind tells."""
    _word, icon, tone = NAMES.get(entry.data.get("kind", ""), UNNAMED)
    shown = [*links(entry), *documents(entry)]
    return Wording(title(entry), icon, tone, [*facts(entry)], shown, who(entry), photos(entry))


def who(entry: Entry) -> str | None:
    """The authority, and who wrote down what it said elsewhere; None when it wrote here itself."""
    by = entry.data.get("written_down_by")
    if by is None and entry.data.get("by_mail") and entry.organisation is not None:
        name = entry.organisation.name
        if entry.data.get("read_by") == "moderator":
            return _("%(organisation)s, by mail; a moderator read what it is", organisation=name)
        return _("%(organisation)s, by mail", organisation=name)
    if by is None or entry.organisation is None:
        return None
    writer = by["name"] or _("a neighbour")
    return _(
        "%(organisation)s, written down by %(writer)s", organisation=entry.organisation.name, writer=writer
    )


def links(entry: Entry) -> list[Link]:
    """To the petition, when it was said about that and counts for this dossier too."""
    via = entry.data.get("via")
    said = [(_("Said about petition %(ref)s", ref=via), f"/d/{via}")] if via else []
    files = entry.data.get("files", [])
    return said + [(came_along(one["kind"], one["size"]), f"/mail/files/{one['key']}") for one in files]


def came_along(kind: str, size: int) -> str:
    """A file that came with a mail, by its kind: the name that it had may name somebody."""
    kilobytes = max(1, round(size / 1000))
    if kind == "pdf":
        return _("Document (PDF, %(size)s kB)", size=kilobytes)
    if kind == "webp":
        return _("Photo (%(size)s kB)", size=kilobytes)
    return _("The whole text (%(size)s kB)", size=kilobytes)


def _address(entry: Entry, key: str) -> str:
    return f"/d/{entry.dossier.ref}/files/{key}"


def documents(entry: Entry) -> list[Link]:
    """What can be read that came with it."""
    found = [file for file in entry.data.get("files", []) if file["kind"] == "pdf"]
    return [
        (_("%(name)s (PDF, %(size)s)", name=f["name"] or _("Document"), size=sized(f["size"])), url)
        for f in found
        if (url := _address(entry, f["key"]))
    ]


def sized(number: int) -> str:
    """How large a file is, in few figures."""
    return f"{max(1, round(number / 1000))} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def photos(entry: Entry) -> list[dict[str, Any]]:
    """Photos that came with it, as the timeline shows them."""
    return [
        {
            "url": _address(entry, file["key"]),
            "thumb_url": _address(entry, file["small"]),
            "alt": file["name"] or _("Photo with this answer"),
            "language": entry.language if file["name"] else "",
            "width": file["width"],
            "height": file["height"],
        }
        for file in entry.data.get("files", [])
        if file["kind"] == "picture"
    ]


@wording("noted")
def noted(entry: Entry) -> Wording:
    return Wording(_("Note for colleagues"), "lock")


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
        (_("Outcome"), quoted(entry, trial.get("outcome") or "")),
        (_("Reason"), quoted(entry, data.get("reason") or "")),
        (_("This is"), str(LEVELS.get(data.get("level"), "")) if _is_answer(data) else ""),
    ]
    return [(label, value) for label, value in found if value]


def _is_answer(data: dict[str, Any]) -> bool:
    return data.get("kind") not in {AnswerKind.ACKNOWLEDGEMENT, AnswerKind.QUESTION}


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
