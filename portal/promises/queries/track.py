"""All that was promised, tried, decided and said about one dossier."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.promises.models import Citation, DecisionStep, Evidence, Promise, Step, Trial
from portal.promises.queries.due import tallies
from portal.promises.queries.nearby import Nearby, nearby

ABOUT_PROMISES = ("promise_corrected", "promise_late", "promise_settled", "put_right")
ABOUT_TRIALS = ("trial_observed", "trial_closed")


@dataclass(frozen=True)
class Kept:
    """A promise, what was written down about it since, and what the supporters say."""

    promise: Promise
    later: list[Entry]
    said: dict[str, int]
    words: list[Citation]
    """Where one can hear it."""

    @property
    def asked(self) -> int:
        return sum(self.said.values())


@dataclass(frozen=True)
class Tried:
    trial: Trial
    observed: list[Entry]
    nearby: Nearby | None


@dataclass(frozen=True)
class Place:
    """A step of the chain: what was taken, or how long the one before it waits for it."""

    step: Step
    taken: list[DecisionStep]
    waits: int | None = None
    """Days since the last step that was taken; None for what is not next."""


@dataclass(frozen=True)
class Track:
    promises: list[Kept]
    trials: list[Tried]
    chain: list[Place]
    """Empty as long as no step was taken."""
    citations: list[Citation] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.promises or self.trials or self.chain or self.citations)


EMPTY = Track([], [], [])


def track(dossier: Dossier) -> Track:
    """In as many queries for one promise as for fifty."""
    promises, trials = _promises(dossier), _of(Trial, dossier, joinedload(Trial.entry))
    later = _later(dossier)
    said, near = tallies(p.id for p in promises), nearby(trials)
    cited = _of(Citation, dossier)
    return Track(
        [_kept(p, later, said[p.id], cited) for p in promises],
        [Tried(t, later["trial", t.entry.seq, "trial_observed"], near.get(t.id)) for t in trials],
        chain(_of(DecisionStep, dossier)),
        sorted(cited, key=lambda c: (c.entry.on, c.at_seconds, c.id)),
    )


def _kept(
    promise: Promise, later: dict[Any, list[Entry]], said: dict[str, int], cited: Sequence[Citation]
) -> Kept:
    about = [e for verb in ABOUT_PROMISES for e in later["promise", promise.entry.seq, verb]]
    words = [c for c in cited if c.promise_id == promise.id]
    return Kept(promise, sorted(about, key=lambda e: e.seq), said, words)


def promises_of(dossier: Dossier) -> list[Promise]:
    """With the entry in which each was made."""
    return _of(Promise, dossier, joinedload(Promise.entry))


def _promises(dossier: Dossier) -> list[Promise]:
    shown = selectinload(Promise.evidence)
    both = shown.joinedload(Evidence.entry), shown.joinedload(Evidence.attachment)
    return _of(Promise, dossier, joinedload(Promise.entry), *both)


def _of(model: Any, dossier: Dossier, *options: Any) -> list[Any]:
    wanted = db.select(model).filter_by(dossier_id=dossier.id).options(*options)
    return list(db.session.scalars(wanted.order_by(model.id)))


def _later(dossier: Dossier) -> dict[Any, list[Entry]]:
    """(promise or trial, the number of its entry, verb) -> entries."""
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id)
    wanted = wanted.where(Entry.verb.in_(ABOUT_PROMISES + ABOUT_TRIALS), Entry.audience_id.is_(None))
    found: dict[Any, list[Entry]] = defaultdict(list)
    for entry in db.session.scalars(wanted.order_by(Entry.seq)):
        for what in ("promise", "trial"):
            if what in entry.data:
                found[what, entry.data[what], entry.verb].append(entry)
    return found


def chain(taken: Sequence[DecisionStep]) -> list[Place]:
    """Every step in its order; the first one that is missing says how long it is waited for."""
    if not taken:
        return []
    by_step: dict[str, list[DecisionStep]] = defaultdict(list)
    for step in sorted(taken, key=lambda s: (s.entry.on, s.id)):
        by_step[step.step].append(step)
    last = max(step.entry.on for step in taken)
    missing = next((step for step in Step if step not in by_step), None)
    return [Place(step, by_step[step], (today() - last).days if step == missing else None) for step in Step]


def of_dossier(dossier: Dossier, promise_id: int) -> Promise:
    """The promise with this number, if it was made about this dossier."""
    found = db.session.get(Promise, promise_id) if promise_id < 2**31 else None
    if found is None or found.dossier_id != dossier.id:
        raise NotFound(f"promise {promise_id}")
    return found


def trial(dossier: Dossier, trial_id: int) -> Trial:
    found = db.session.get(Trial, trial_id) if trial_id < 2**31 else None
    if found is None or found.dossier_id != dossier.id:
        raise NotFound(f"trial {trial_id}")
    return found


def showing(promise: Promise) -> list[Entry]:
    """What was written on the timeline since, and can show what became of it; the newest first."""
    wanted = db.select(Entry).where(
        Entry.dossier_id == promise.dossier_id,
        Entry.id != promise.entry_id,
        Entry.audience_id.is_(None),
        Entry.verb.in_(["answered", "told", "trial_closed", "documented"]),
    )
    return list(db.session.scalars(wanted.order_by(Entry.on.desc(), Entry.seq.desc()).limit(50)))
