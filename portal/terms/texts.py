"""What a term, a later day and a silence are called: on the timeline, in forms, in calendars and mails."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.dossiers.sums import due_sum
from portal.dossiers.texts import TOLD, Fact, Wording, silence, when, wording
from portal.dossiers.timeline import Entry
from portal.terms.models import LONGEST, LONGEST_EXTENSION, LONGEST_REASON, OTHER, PETITION, Problem

ABOUT: dict[str, Any] = {
    PETITION: lazy("Petitions"),
    OTHER: lazy("Reports and plans about anything else"),
}
UNITS: dict[bool, Any] = {False: lazy("working days"), True: lazy("calendar days, also at weekends")}
PROBLEMS: dict[str, Any] = {
    Problem.NO_SUBJECT: lazy("Choose what it is about."),
    Problem.NO_LENGTH: lazy("Write in how many days, at least 1."),
    Problem.TOO_LONG: lazy(
        "This is too long: %(working)s working days or %(calendar)s calendar days at most.",
        working=LONGEST[False],
        calendar=LONGEST[True],
    ),
    Problem.NO_DAY: lazy("Fill in a day."),
    Problem.NOT_LATER: lazy("This is not later than the day that stands now."),
    Problem.TOO_LATE: lazy("This is too late: %(days)s days later at most.", days=LONGEST_EXTENSION),
    Problem.FREE_DAY: lazy("This is a weekend or a holiday. Choose a working day."),
    Problem.NO_REASON: lazy("Write why. The neighbourhood has a right to the reason."),
    Problem.LONG_REASON: lazy("This is too long: %(number)s characters at most.", number=LONGEST_REASON),
    Problem.NO_AUTHORITY: lazy("The answer of this authority cannot be put off now."),
}


def day_of(written: str) -> date:
    return date.fromisoformat(written)


@wording("extended")
def _extended(entry: Entry) -> Wording:
    was, now = when(day_of(entry.data["was_due_on"])), when(day_of(entry.data["due_on"]))
    facts: list[Fact] = [(_("Answer due before"), now), (_("It was"), was)]
    return Wording(_("The answer is put off to %(day)s", day=now), "clock", "wait", facts)


@wording("lapsed")
def _lapsed(entry: Entry) -> Wording:
    """A day that passed, and the sum that led to it. A fact and no verdict."""
    data = entry.data
    due = day_of(data["due_on"])
    facts: list[Fact] = [(_("Answer was due before"), due_sum(data["term"], due) or when(due))]
    if data["times"] == 2:
        facts.insert(0, (_("Since the due date"), silence((entry.on - due).days)))
    links = [(_("To the letter"), f"#e{data['letter']}")] if "letter" in data else []
    return Wording(no_answer(data), "late", "none", facts, links, who=_("the portal"))


def no_answer(data: dict[str, Any]) -> str:
    """Who did not answer, or what was not answered, in one line."""
    to, twice = (data.get("to") or {}).get("name"), data["times"] == 2
    if "letter" not in data:
        return (
            _("No answer from %(name)s after twice the term", name=to)
            if twice
            else _("No answer from %(name)s", name=to)
        )
    what = TOLD.get(data.get("what", ""), TOLD["document"])[0]
    sent = when(day_of(data["sent_on"]), data.get("precision_sent", "day"))
    if twice:
        return _("%(what)s of %(day)s: no answer after twice the term", what=what, day=sent)
    return _("%(what)s of %(day)s: no answer", what=what, day=sent)
