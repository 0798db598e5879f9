"""How promises, trials, decisions and citations read: on their pages, in the ledger, on the timeline."""

from datetime import date
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.dossiers.texts import Fact, Link, Wording, quoted, when, wording
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.promises.models import (
    BY_ANOTHER,
    Decision,
    Level,
    Problem,
    Promise,
    PromiseState,
    Span,
    Step,
    Trial,
    Voiced,
    days_between,
)

STATES: dict[str, tuple[Any, str, str]] = {
    PromiseState.OPEN: (lazy("open"), "promise", "wait"),
    PromiseState.LATE: (lazy("the day has passed"), "late", "wait"),
    PromiseState.KEPT: (lazy("kept"), "check", "good"),
    PromiseState.WITHDRAWN: (lazy("withdrawn by who promised it"), "close", "dim"),
    PromiseState.TAKEN_OVER: (lazy("taken over by another body"), "move", "try"),
    PromiseState.REVERSED: (lazy("reversed by another body"), "stop", "bad"),
}
"""State -> in words, icon, tone."""
LEVELS: dict[str, Any] = {
    Level.COUNCIL: lazy("council"),
    Level.COMMITTEE: lazy("district committee"),
    Level.EXECUTIVE: lazy("executive"),
    Level.CIVIL_SERVICE: lazy("civil service"),
    Level.CONTRACTOR: lazy("contractor"),
}
SAID: dict[str, Any] = {
    Voiced.YES: lazy("Yes, it was kept"),
    Voiced.NO: lazy("No, it was not"),
    Voiced.UNSURE: lazy("I cannot tell"),
}
SAID_BY: dict[str, Any] = {
    Voiced.YES: lazy("say yes"),
    Voiced.NO: lazy("say no"),
    Voiced.UNSURE: lazy("cannot tell"),
    "silent": lazy("did not say"),
}
DECISIONS: dict[str, Any] = {
    Decision.STAYS: lazy("It stays"),
    Decision.CHANGED: lazy("It stays, in another form"),
    Decision.STOPS: lazy("It stops"),
    Decision.NONE_YET: lazy("Nothing was decided yet"),
}
STEPS: dict[str, Any] = {
    Step.MOTION: lazy("Motion"),
    Step.ANSWER: lazy("Answer to the motion"),
    Step.PAPER: lazy("Policy paper"),
    Step.COMMITTEE: lazy("Committee"),
    Step.COUNCIL: lazy("Council"),
    Step.EXECUTION: lazy("Execution"),
}
WINDOWS: dict[str, Any] = {"before": lazy("before"), "during": lazy("during"), "after": lazy("after")}
SHOWN_BY: dict[str, Any] = {
    "link": lazy("a page elsewhere"),
    "entry": lazy("the timeline"),
    "photo": lazy("a photo"),
}
CHANGED: dict[str, Any] = {"by_on": lazy("Day"), "role": lazy("Role"), "level": lazy("Level")}
PROBLEMS: dict[str, Any] = {
    Problem.EMPTY: lazy("Fill this in."),
    Problem.TOO_LONG: lazy("This is too long. Make it shorter."),
    Problem.NOT_YET: lazy("This day is still to come."),
    Problem.BEFORE_IT_WAS_SAID: lazy("This day lies before the day on which it was promised."),
    Problem.ENDS_BEFORE: lazy("The trial ends before it begins. Change one of the two days."),
    Problem.NOTHING_CHANGED: lazy("Nothing is changed yet. Change what was wrong."),
    Problem.NO_BODY: lazy("Choose who did that."),
    Problem.SAME_BODY: lazy("This is who promised it. Choose another body, or say that it was withdrawn."),
    Problem.NO_OUTCOME: lazy("Write what came of it. A trial does not end without that."),
    Problem.NO_DECISION: lazy("Choose what was decided, or that nothing was decided yet."),
    Problem.NOT_TO_BE_SAID: lazy("This can no longer be answered."),
    Problem.NO_ADDRESS: lazy("Write the address of the whole recording."),
}


def days(span: Span) -> str:
    """So many days; of months the least and the most."""
    if span.exact:
        return ngettext("%(num)s day", "%(num)s days", span.most)
    return _("%(least)s to %(most)s days", least=span.least, most=span.most)


def day(on: date) -> str:
    return str(format_date(on, "d MMMM y"))


def named_promise(promise: Promise) -> str:
    """To choose from: who promised it, when, and the first words."""
    said = when(promise.entry.on, promise.entry.precision)
    return f"{promise.organisation.name}, {said}: {promise.entry.text or ''}"[:90]


def gap(promise: Promise) -> str:
    """What was said, what was done, and how many days lie between; or since when it is open."""
    said = when(promise.entry.on, promise.entry.precision)
    span = promise.gap
    if span is None or promise.settled_on is None:
        since = days_between(promise.entry.on, today(), promise.entry.precision)
        if not since.most:
            return _("promised: %(day)s · today", day=said)
        return _("promised: %(day)s · %(days)s ago", day=said, days=days(since))
    done = when(promise.settled_on, promise.settled_precision)
    words = _(
        "promised: %(day)s · %(state)s: %(other)s", day=said, state=STATES[promise.state][0], other=done
    )
    return f"{words} · {days(span)}"


def age(entry: Entry) -> str:
    """How long ago it happened."""
    span = days_between(entry.on, today(), entry.precision)
    return _("%(days)s ago", days=days(span)) if span.most else _("today")


def voices(name: str, many: int) -> str:
    """How many supporters said this about a promise."""
    if name == Voiced.YES:
        return ngettext("%(num)s says yes", "%(num)s say yes", many)
    if name == Voiced.NO:
        return ngettext("%(num)s says no", "%(num)s say no", many)
    if name == Voiced.UNSURE:
        return ngettext("%(num)s cannot tell", "%(num)s cannot tell", many)
    return ngettext("%(num)s did not say", "%(num)s did not say", many)


def period(trial: Trial) -> str:
    """From and until, as far as they are known."""
    known = trial.from_on and when(trial.from_on, trial.precision)
    last = trial.until_on and when(trial.until_on, trial.precision)
    if known and last:
        return known if known == last else _("%(first)s until %(last)s", first=known, last=last)
    return _("from %(first)s", first=known) if known else _("not written down")


def stands(promise: Promise) -> str:
    """Its state in a sentence: a fact with a day, and nobody's fault."""
    if promise.state in BY_ANOTHER and promise.settled_by is not None:
        return _("%(state)s: %(name)s", state=STATES[promise.state][0], name=promise.settled_by.name)
    if promise.after_its_day:
        return ngettext(
            "kept, %(num)s day after its day", "kept, %(num)s days after its day", promise.after_its_day
        )
    if promise.state == PromiseState.LATE and promise.by_on:
        past = (today() - promise.by_on).days
        return ngettext("the day passed %(num)s day ago", "the day passed %(num)s days ago", past)
    return str(STATES[promise.state][0])


# --- on the timeline


def _to_promise(entry: Entry) -> list[Link]:
    return [(_("To the promise"), f"#e{entry.data['promise']}")]


@wording("promise_settled")
def _settled(entry: Entry) -> Wording:
    data = entry.data
    state, icon, tone = STATES.get(data.get("state", ""), STATES[PromiseState.OPEN])
    facts: list[Fact] = [(_("By"), data["settled_by"]["name"])] if data.get("settled_by") else []
    shown = [str(SHOWN_BY[name]) for name in data.get("shown_by", []) if name in SHOWN_BY]
    facts += [(_("Shown by"), ", ".join(shown))] if shown else []
    links = _to_promise(entry)
    links += [(_("Where one can see it"), data["url"])] if data.get("url") else []
    links += [(_("Entry that shows it"), f"#e{data['shown_in']}")] if data.get("shown_in") else []
    return Wording(
        _("Promise: %(state)s", state=state), icon, "none" if tone == "dim" else tone, facts, links
    )


@wording("promise_late")
def _late(entry: Entry) -> Wording:
    facts: list[Fact] = [
        (SAID_BY[name], str(many)) for name, many in entry.data.get("said", {}).items() if many
    ]
    promised = date.fromisoformat(entry.data["promise_on"])
    title = _("The promised day has passed: %(day)s", day=day(promised))
    return Wording(title, "late", "wait", facts, _to_promise(entry), who=_("the portal"))


@wording("promise_corrected")
def _corrected(entry: Entry) -> Wording:
    facts: list[Fact] = [
        (
            CHANGED[name],
            _("was: %(old)s · is: %(new)s", old=_fact(name, old), new=_fact(name, new)),
        )
        for name, (old, new) in entry.data.get("changed", {}).items()
        if name in CHANGED
    ]
    return Wording(_("Note on a promise"), "edit", "plain", facts, _to_promise(entry))


def _fact(name: str, value: str) -> str:
    if not value:
        return _("nothing")
    if name == "by_on":
        return day(date.fromisoformat(value))
    return str(LEVELS.get(value, value)) if name == "level" else value


@wording("trial_observed")
def _observed(entry: Entry) -> Wording:
    return Wording(_("Seen during the trial"), "eye", "try", links=_to_trial(entry))


@wording("trial_closed")
def _closed(entry: Entry) -> Wording:
    facts: list[Fact] = [
        (_("Outcome"), quoted(entry, entry.data.get("outcome", ""))),
        (_("Decision"), DECISIONS.get(entry.data.get("decision", ""), "")),
    ]
    return Wording(_("The trial is over"), "trial", "try", facts, _to_trial(entry))


def _to_trial(entry: Entry) -> list[Link]:
    return [(_("To the trial"), f"#e{entry.data['trial']}")]


@wording("documented")
def _documented(entry: Entry) -> Wording:
    data = entry.data
    title = f"{STEPS.get(data.get('step', ''), _('Step'))}: {data.get('title', '')}"
    links = [(_("Read it"), data["url"])] if data.get("url") else []
    return Wording(title, "doc", "dark", links=links)


@wording("cited")
def _cited(entry: Entry) -> Wording:
    data = entry.data
    speaker = data.get("speaker", "")
    minutes, seconds = divmod(int(data.get("at_seconds", 0)), 60)
    facts: list[Fact] = [(_("Recording"), f"{data.get('recording', '')}, {minutes}:{seconds:02}")]
    if data.get("comment"):
        facts.append((_("Comment"), quoted(entry, data["comment"])))
    links = [(_("The whole recording"), data["url"])] if data.get("url") else []
    return Wording(_("Said by: %(role)s", role=speaker), "say", "plain", facts, links)


@wording("put_right")
def _replied(entry: Entry) -> Wording:
    links = _to_promise(entry) if "promise" in entry.data else []
    if "letter" in entry.data:
        links = [(_("To the letter"), f"#e{entry.data['letter']}")]
    return Wording(_("The authority replies to the ledger"), "say", "dark", links=links)
