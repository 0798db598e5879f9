"""A trial: begun or told of, observed, and over with an outcome and a decision."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry, record
from portal.kernel.clock import today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.promises.commands.writing import named, needed, writing
from portal.promises.models import Decision, Problem, Spot, Trial
from portal.promises.policy import Do

RADII = (50, 150, 300, 500)
MOST_PLACES, MOST_WORDS = 20, 1000
TOLD = ("from_on", "until_on", "with_whom", "cost", "outcome")
"""What the entry tells, too."""


def tried(entry: Entry) -> None:
    """The row of a trial that an authority just answered with. For use inside the command that records it."""
    told: dict[str, Any] = entry.data.get("trial") or {}
    days = {name: told.get(name) and date.fromisoformat(told[name]) for name in ("from", "until")}
    place = str(told.get("place") or "")
    row = Trial(
        dossier_id=entry.dossier_id,
        entry_id=entry.id,
        organisation_id=entry.organisation_id,
        places=[Spot(name=place, lat=None, lon=None)] if place else [],
        from_on=days["from"],
        until_on=days["until"],
        outcome=str(told.get("outcome") or ""),
    )
    db.session.add(row)
    db.session.flush()


@command(Do.HOLD_TRIAL)
def hold_trial(
    actor: Any,
    dossier: Dossier,
    *,
    text: str,
    places: Sequence[Spot],
    told_on: date | None = None,
    by: Organisation | None = None,
    **facts: Any,
) -> Trial:
    """Begin a trial, or tell of one that was held. `by`: who holds it, if not the one who writes it down.

    `facts`: the other columns of Trial: from_on, until_on, precision, with_whom, cost, radius, outcome.
    """
    _possible(places, facts)
    facts["precision"] = facts.get("precision", "day")
    how = writing(actor, dossier, by, on=told_on or today(), precision=facts["precision"])
    told: dict[str, Any] = {name: str(value) for name, value in facts.items() if value and name in TOLD}
    if by is not None and by is not how.get("organisation"):
        told["about"] = named(by)
    where = ", ".join(spot["name"] for spot in places)
    entry = record(dossier, "told", text=needed("text", text), what="trial", place=where, **told, **how)
    holder = by or how.get("organisation")
    row = Trial(
        dossier_id=dossier.id,
        entry_id=entry.id,
        organisation_id=holder.id if holder else None,
        places=list(places),
        **facts,
    )
    db.session.add(row)
    return row


def _possible(places: Sequence[Spot], facts: dict[str, Any]) -> None:
    first, last = facts.get("from_on"), facts.get("until_on")
    if first and last and last < first:
        raise Invalid("until_on", Problem.ENDS_BEFORE)
    needed("places", ", ".join(spot["name"] for spot in places[:MOST_PLACES]), MOST_WORDS)
    for name in ("with_whom", "cost", "outcome"):
        facts[name] = facts.get(name, "").strip()
        if len(facts[name]) > MOST_WORDS:
            raise Invalid(name, Problem.TOO_LONG)


@command(Do.OBSERVE)
def observe(actor: Any, trial: Trial, *, text: str, on: date | None = None) -> Entry:
    """Write down what was seen during a trial."""
    if on is not None and on > today():
        raise Invalid("on", Problem.NOT_YET)
    how = writing(actor, trial.dossier, trial.organisation, on=on)
    said = needed("text", text)
    return record(trial.dossier, "trial_observed", text=said, trial=trial.entry.seq, **how)


@command(Do.CLOSE_TRIAL)
def close_trial(
    actor: Any,
    trial: Trial,
    *,
    outcome: str,
    decision: str,
    text: str = "",
    on: date | None = None,
    precision: str = "day",
) -> Entry:
    """A trial is over. What came of it and what was decided have to be said, be it "nothing yet"."""
    if not outcome.strip():
        raise Invalid("outcome", Problem.NO_OUTCOME)
    if decision not in set(Decision):
        raise Invalid("decision", Problem.NO_DECISION)
    if on is not None and on > today():
        raise Invalid("on", Problem.NOT_YET)
    said = needed("outcome", outcome)
    facts: dict[str, Any] = {"trial": trial.entry.seq, "outcome": said, "decision": decision}
    how = writing(actor, trial.dossier, trial.organisation, on=on, precision=precision)
    entry = record(trial.dossier, "trial_closed", text=text.strip() or None, **facts, **how)
    trial.outcome, trial.decision, trial.decision_text = said, decision, text.strip()
    trial.closed_on, trial.closed_entry_id = on or today(), entry.id
    return entry
