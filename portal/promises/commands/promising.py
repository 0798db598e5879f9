"""What happens to a promise: made, corrected, its day, what became of it, and what the supporters say."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind
from portal.dossiers.models import Attachment, Dossier, Signature, SignatureState
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs
from portal.kernel.clock import now, today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.promises.commands.writing import named, needed, writing
from portal.promises.models import (
    BY_ANOTHER,
    MOVES,
    RUNNING,
    Evidence,
    Level,
    Problem,
    Promise,
    PromiseState,
    Voice,
    Voiced,
)
from portal.promises.policy import Do
from portal.promises.queries import tally

REMINDED = timedelta(days=7)
"""How long before its day the maker of a promise is reminded."""
ASKED_WITHIN = timedelta(days=30)
"""A day that passed longer ago is not asked about any more: who came here later would be surprised."""
KEPT_BY = {
    PromiseState.KEPT: "keep",
    PromiseState.WITHDRAWN: "withdraw",
    PromiseState.TAKEN_OVER: "take_over",
    PromiseState.REVERSED: "reverse",
}
"""What became of it -> the move of the lifecycle."""


def made(entry: Entry) -> None:
    """The row of a promise that was just recorded. For use inside the command that records it."""
    if entry.organisation is None:
        return
    by = entry.data.get("promise_on")
    row = Promise(
        dossier_id=entry.dossier_id,
        entry_id=entry.id,
        organisation_id=entry.organisation.id,
        level=_level(entry),
        by_on=date.fromisoformat(by) if by else None,
    )
    db.session.add(row)
    db.session.flush()


def _level(entry: Entry) -> Level | None:
    """As far as it is certain: a committee speaks as one. Who works for an authority may be a contractor."""
    committee = entry.organisation is not None and entry.organisation.kind == OrganisationKind.COMMITTEE
    return Level.COMMITTEE if committee else None


@command(Do.CORRECT)
def correct(
    actor: Any, promise: Promise, *, text: str, by_on: date | None, role: str, level: str | None
) -> Entry:
    """Put the facts about a promise right, by a note that everybody reads: what stood there stays there."""
    new: dict[str, Any] = {"by_on": by_on, "role": role.strip(), "level": Level(level) if level else None}
    if by_on is not None and by_on < promise.entry.on:
        raise Invalid("by_on", Problem.BEFORE_IT_WAS_SAID)
    if len(role) > 80:
        raise Invalid("role", Problem.TOO_LONG)
    changed = {
        name: value for name, value in new.items() if (value or None) != (getattr(promise, name) or None)
    }
    if not changed:
        raise Invalid("text", Problem.NOTHING_CHANGED)
    facts = {name: [str(getattr(promise, name) or ""), str(new[name] or "")] for name in changed}
    for name, value in changed.items():
        setattr(promise, name, value)
    if "by_on" in changed and promise.state == PromiseState.LATE and (by_on is None or by_on >= today()):
        MOVES.make(promise, "begin_anew")
    note: dict[str, Any] = {"text": needed("text", text), "promise": promise.entry.seq, "changed": facts}
    how = writing(actor, promise.dossier, promise.organisation)
    return record(promise.dossier, "promise_corrected", **note, **how)


@command(Do.SETTLE)
def settle(
    actor: Any,
    promise: Promise,
    *,
    state: str,
    text: str,
    on: date | None = None,
    precision: str = "day",
    body: Organisation | None = None,
    url: str = "",
    entry: Entry | None = None,
    photo: Attachment | None = None,
) -> Entry:
    """Write down what became of a promise, with what shows it. `body`: who took it over or reversed it."""
    on = on or today()
    _possible(promise, state, on, precision, body)
    by = body if state in BY_ANOTHER and body is not None else promise.organisation
    shown = [name for name, given in (("link", url), ("entry", entry), ("photo", photo)) if given]
    facts: dict[str, Any] = {"promise": promise.entry.seq, "state": state, "settled_by": named(by)}
    facts["shown_by"] = shown
    facts |= {"url": url} if url else {}
    facts |= {"shown_in": entry.seq} if entry is not None else {}
    how = writing(actor, promise.dossier, promise.organisation, on=on, precision=precision)
    told = record(promise.dossier, "promise_settled", text=needed("text", text), **facts, **how)
    MOVES.make(promise, KEPT_BY[PromiseState(state)])
    promise.settled_on, promise.settled_precision = on, precision
    promise.settled_entry_id, promise.settled_by_id = told.id, by.id
    _keep_evidence(promise, on, url, entry, photo)
    return told


def _possible(promise: Promise, state: str, on: date, precision: str, body: Organisation | None) -> None:
    if state not in KEPT_BY:
        raise Invalid("state", Problem.EMPTY)
    if on > today():
        raise Invalid("on", Problem.NOT_YET)
    said = promise.entry
    rough = "month" in {precision, said.precision}
    if on < (said.on.replace(day=1) if rough else said.on):
        raise Invalid("on", Problem.BEFORE_IT_WAS_SAID)
    if state in BY_ANOTHER and (body is None or body.id == promise.organisation_id):
        raise Invalid("body", Problem.NO_BODY if body is None else Problem.SAME_BODY)


def _keep_evidence(
    promise: Promise, on: date, url: str, entry: Entry | None, photo: Attachment | None
) -> None:
    if url:
        db.session.add(Evidence(promise_id=promise.id, on=on, url=url))
    if entry is not None:
        db.session.add(Evidence(promise_id=promise.id, on=on, entry_id=entry.id))
    if photo is not None:
        photo.dossier_id, photo.position = promise.dossier_id, len(promise.dossier.attachments)
        db.session.add(photo)
        db.session.flush()
        db.session.add(Evidence(promise_id=promise.id, on=on, attachment_id=photo.id))


# --- its day


@command(Do.LOOK_AFTER)
def look_after(actor: Any, promise: Promise) -> None:
    """What the day asks for, each once however often this is called: reminder, question, passed day."""
    day = promise.by_on
    if day is None or promise.state not in RUNNING:
        return
    if day - REMINDED <= today() < day and promise.reminded_for != day:
        promise.reminded_for = day
        jobs.later("notices.promise_reminder", promise_id=promise.id)
    if day <= today() and promise.asked_for != day:
        promise.asked_for, promise.asked_on = day, today()
        if today() <= day + ASKED_WITHIN:
            _ask(promise)
    if day < today() and promise.state == PromiseState.OPEN:
        MOVES.make(promise, "pass_day")
        about: dict[str, Any] = {"promise": promise.entry.seq, "promise_on": day.isoformat()}
        told_on = day + timedelta(days=1)
        record(promise.dossier, "promise_late", told_on=told_on, said=tally(promise), **about)


def _ask(promise: Promise) -> None:
    """Every supporter who can be written to: each has a voice of their own, that they may use or not."""
    known = db.select(Voice.signature_id).where(
        Voice.promise_id == promise.id, Voice.signature_id.is_not(None)
    )
    wanted = db.select(db.literal(promise.id), Signature.id).where(
        Signature.dossier_id == promise.dossier_id,
        Signature.state == SignatureState.CONFIRMED,
        Signature.person_id.is_not(None),
        Signature.id.not_in(known),
    )
    db.session.execute(db.insert(Voice).from_select(["promise_id", "signature_id"], wanted))
    jobs.later("notices.promise_day", promise_id=promise.id)


@command(Do.NOTE_TOLD)
def note_told(actor: Any, _: None, *, voices: Collection[int]) -> None:
    """A mail of today asked about these."""
    told = db.update(Voice).where(Voice.id.in_(voices)).values(told_on=today())
    db.session.execute(told.execution_options(synchronize_session="fetch"))


@command(Do.SAY)
def say(actor: Any, voice: Voice, *, said: str) -> Voice:
    """A supporter says whether the promise was kept, as they see it; they may change it while it is open."""
    if said not in set(Voiced):
        raise Invalid("said", Problem.EMPTY)
    voice.said, voice.said_at = said, now()
    return voice


def forget_voices(dossier: Dossier) -> None:
    """What was said stays counted; by whom is forgotten, and who said nothing is removed."""
    here = Voice.promise_id.in_(db.select(Promise.id).where(Promise.dossier_id == dossier.id))
    db.session.execute(db.delete(Voice).where(here, Voice.said.is_(None)))
    db.session.execute(db.update(Voice).where(here).values(signature_id=None, said_at=None))
