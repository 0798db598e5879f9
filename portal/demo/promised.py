"""What became of the promises and trials of the demonstration, and the steps after a motion."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from portal.accounts.models import Person
from portal.demo.happenings import Happening, moment
from portal.demo.people import Cast
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.kernel.db import db
from portal.promises import commands
from portal.promises.models import Promise, Trial

WHERE = ("quote", "role", "level", "recording", "url", "at_seconds", "comment")
Telling = dict[str, Any]


def happenings(cast: Cast, told: Sequence[Telling]) -> Iterator[Happening]:
    """Each on its day, after what was told of that day."""
    for n, event in enumerate(told, 1):
        key = f"promised:{n}:{event['do']}"
        yield Happening(moment(event["on"], event["hour"]), key, partial(DO[event["do"]], cast, event))


def _who(cast: Cast, event: Telling) -> Person:
    return cast.with_address(event["as"]) if "as" in event else cast.who(event["by"])


def _dated(event: Telling) -> Telling:
    return {"on": date.fromisoformat(event["on"]), "precision": event.get("precision", "day")}


def _promise(cast: Cast, event: Telling) -> Promise:
    """The last one that this body made about this dossier."""
    body, dossier = cast.organisation(event["of"]), cast.dossier(event["dossier"])
    wanted = db.select(Promise).filter_by(dossier_id=dossier.id, organisation_id=body.id)
    return db.session.scalars(wanted.order_by(Promise.id.desc()).limit(1)).one()


def _trial(dossier: Dossier) -> Trial:
    return db.session.scalars(db.select(Trial).filter_by(dossier_id=dossier.id)).one()


def _answer(dossier: Dossier, kind: str) -> Entry:
    """The last answer of this kind: what shows what became of a promise."""
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb="answered").order_by(Entry.seq.desc())
    return next(entry for entry in db.session.scalars(wanted) if entry.data["kind"] == kind)


def _correct(cast: Cast, event: Telling, once: str) -> None:
    promise = _promise(cast, event)
    facts = {name: event[name] for name in ("text", "role", "level")}
    commands.correct(_who(cast, event), promise, once=once, by_on=promise.by_on, **facts)


def _settle(cast: Cast, event: Telling, once: str) -> None:
    shown = _answer(cast.dossier(event["dossier"]), event["shown_in"])
    how = {"state": event["state"], "text": event["text"], "entry": shown, **_dated(event)}
    how |= {"body": cast.organisation(event["body"])} if "body" in event else {}
    commands.settle(_who(cast, event), _promise(cast, event), once=once, **how)


def _observe(cast: Cast, event: Telling, once: str) -> None:
    trial = _trial(cast.dossier(event["dossier"]))
    on = date.fromisoformat(event["on"])
    commands.observe(_who(cast, event), trial, once=once, text=event["text"], on=on)


def _close(cast: Cast, event: Telling, once: str) -> None:
    trial = _trial(cast.dossier(event["dossier"]))
    over = {name: event[name] for name in ("outcome", "decision", "text")}
    commands.close_trial(_who(cast, event), trial, once=once, **over, **_dated(event))


def _document(cast: Cast, event: Telling, once: str) -> None:
    facts = {name: event[name] for name in ("step", "title", "text")}
    body = cast.organisation(event["body"])
    dossier = cast.dossier(event["dossier"])
    commands.document(_who(cast, event), dossier, once=once, body=body, **facts, **_dated(event))


def _cite(cast: Cast, event: Telling, once: str) -> None:
    facts = {name: event[name] for name in WHERE}
    body = cast.organisation(event["body"])
    commands.cite(
        _who(cast, event), cast.dossier(event["dossier"]), once=once, body=body, **facts, **_dated(event)
    )


DO: dict[str, Callable[[Cast, Telling, str], None]] = {
    "correct": _correct,
    "settle": _settle,
    "observe": _observe,
    "close_trial": _close,
    "document": _document,
    "cite": _cite,
}
