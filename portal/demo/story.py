"""The true story of the K-buurt, told by its platform, which writes down what was said and done elsewhere.

No authority of the story has an account here: what it promised or refused is written down by the platform,
with the day or the month that is known.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from portal.accounts.commands import recognise
from portal.answers import commands as answers
from portal.answers.models import AnswerKind, Level
from portal.demo.dossiers import described, picture
from portal.demo.happenings import Happening, moment
from portal.demo.people import Cast
from portal.dossiers import commands
from portal.dossiers.models import Kind
from portal.issues import commands as issues
from portal.kernel.policy import SYSTEM
from portal.petitions import commands as petitions
from portal.promises import commands as promises

NOON = 12.0
MIDDLE = 15
"""The day that stands for a month of which no day is known."""
FACTS = ("outcome", "vote", "video")
Telling = dict[str, Any]


def happenings(cast: Cast, told: Telling) -> Iterator[Happening]:
    """All that happened to one dossier of the story, in its order."""
    entries, opening = told["timeline"], _begin if told["kind"] == Kind.PETITION else _open
    first = moment(on(entries[0]), NOON)
    key = f"{told['key']}:opened"
    yield Happening(first, key, partial(opening, cast, told, entries[0]))
    for n, entry in enumerate(entries, 1):
        key, do = f"{told['key']}:{n}:{entry['kind']}", DO.get(entry["kind"], _tell)
        yield Happening(moment(on(entry), NOON), key, partial(do, cast, told, entry))


def on(entry: Telling) -> date:
    day = entry["on"]
    return date.fromisoformat(f"{day}-{MIDDLE}" if entry.get("precision") == "month" else day)


def _dated(entry: Telling) -> Telling:
    return {"told_on": on(entry), "precision": entry.get("precision", "day")}


def _open(cast: Cast, told: Telling, first: Telling, once: str) -> None:
    dossier = issues.report_for(
        cast.who(told["by"]),
        cast.organisation(told["by"]),
        once=once,
        kind=told["kind"],
        title=told["title"],
        body=told["body"],
        picture=picture(told),
        **_dated(first),
        **described(told),
    )
    cast.opened[told["key"]] = dossier.id


def _begin(cast: Cast, told: Telling, first: Telling, once: str) -> None:
    petition = petitions.draft(
        cast.who(told["by"]),
        cast.organisation(told["by"]),
        once=once,
        title=told["title"],
        body=told["body"],
        demands=told["demands"],
        to=[cast.organisation(told["addressee"])],
        **_dated(first),
        **described(told),
    )
    petitions.publish(cast.who(told["by"]), petition, once=f"{once}:published", **_dated(first))
    cast.opened[told["key"]] = petition.id


def _tell(cast: Cast, told: Telling, entry: Telling, once: str, what: str = "") -> None:
    """Something was said or done. A letter that is known to be unanswered still waits for its answer."""
    given: Telling = {name: entry[name] for name in FACTS if name in entry}
    if entry["by"] != told["by"]:
        given["about"] = cast.organisation(entry["by"])
    if "to" in entry:
        given["to"] = cast.organisation(entry["to"])
    commands.tell(
        cast.who(told["by"]),
        cast.dossier(told["key"]),
        once=once,
        text=entry["text"],
        what=what or entry["kind"],
        awaits_answer=entry.get("answered") is False,
        **given,
        **_dated(entry),
    )


def _hand_over(cast: Cast, told: Telling, entry: Telling, once: str) -> None:
    commands.hand_over(
        cast.who(told["by"]),
        cast.dossier(told["key"]),
        once=once,
        to=[cast.organisation(entry["to"])],
        text=entry["text"],
        **_dated(entry),
    )


def _write_down(
    cast: Cast, told: Telling, entry: Telling, once: str, kind: str = "", level: str | None = None
) -> None:
    """Without a level: the source does not say whether it was an advice or a decision."""
    answers.write_down(
        cast.who(told["by"]),
        cast.dossier(told["key"]),
        once=once,
        of=cast.organisation(entry["by"]),
        kind=kind or entry["kind"],
        level=level,
        text=entry["text"],
        **_dated(entry),
    )


def _try(cast: Cast, told: Telling, entry: Telling, once: str) -> None:
    """A trial that was over when it was told of: what came of it is known, and what was decided."""
    known, dossier, actor = told["trial"], cast.dossier(told["key"]), cast.who(told["by"])
    trial = promises.hold_trial(
        actor,
        dossier,
        once=once,
        text=entry["text"],
        places=[{"name": name, "lat": None, "lon": None} for name in known["places"]],
        told_on=on(entry),
        from_on=on(entry),
        until_on=on(entry),
        precision=entry.get("precision", "day"),
        with_whom=known["with_whom"],
        outcome=entry["outcome"],
    )
    over = {"outcome": entry["outcome"], "decision": known["decision"], "on": on(entry)}
    how = {"precision": entry.get("precision", "day"), "once": f"{once}:closed"}
    promises.close_trial(actor, trial, **over, **how)


def _recognise(cast: Cast, told: Telling, entry: Telling, once: str) -> None:
    """The committee's decision stands on the petition for it; from that day the platform has its status."""
    _tell(cast, told, entry, once)
    recognise(SYSTEM, cast.organisation("hvdk"), once=f"{once}:status", recognised_on=on(entry))


def _solve(cast: Cast, told: Telling, entry: Telling, once: str) -> None:
    commands.solve(cast.who(told["by"]), cast.dossier(told["key"]), once=once, text=entry["text"])


DO: dict[str, Callable[..., None]] = {
    "opened": partial(_tell, what="news"),
    "bundled": partial(_tell, what="joint_action"),
    "handed_over": _hand_over,
    "promise": _write_down,
    "refused": _write_down,
    "trial": _try,
    "motion": partial(_write_down, kind=AnswerKind.GRANTED, level=Level.DECISION),
    "recognition": _recognise,
    "result": _solve,
}
"""What is more than telling. The motion is the council's answer to what was handed over to it."""
