"""What an authority can say to a dossier, and what each kind must tell; kept as entries of the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.accounts.models import Organisation

LONGEST_TEXT = 5000
LONGEST_FACT = 1000
LONGEST_PLACE = 200


class AnswerKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    PROMISE = "promise"
    TRIAL = "trial"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    DONE = "done"


class Level(StrEnum):
    """Whether those who speak may decide."""

    ADVICE = "advice"
    DECISION = "decision"


REPLIES = frozenset({AnswerKind.ACKNOWLEDGEMENT, AnswerKind.QUESTION})
"""A sign of life or a question: no answer yet, so the clock runs on and the dossier stands where it stood."""
FIELDS: dict[str, tuple[str, ...]] = {
    AnswerKind.PROMISE: ("promise_on",),
    AnswerKind.TRIAL: ("trial_place", "trial_from", "trial_until", "trial_outcome"),
    AnswerKind.REFUSED: ("reason",),
    AnswerKind.TRANSFERRED: ("transfer_to",),
}
"""What a kind of answer tells beside its words; what belongs to another kind is not kept."""


class Problem(StrEnum):
    """Why an answer cannot be given like this."""

    NO_KIND = "no_kind"
    NO_LEVEL = "no_level"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    DAY_PASSED = "day_passed"
    NO_PLACE = "no_place"
    ENDS_BEFORE = "ends_before"
    NO_OUTCOME = "no_outcome"
    NO_REASON = "no_reason"
    NO_AUTHORITY = "no_authority"
    SAME_AUTHORITY = "same_authority"
    NOT_YET = "not_yet"


Found = list[tuple[str, Problem]]
"""Field and what is wrong with it."""


@dataclass(frozen=True)
class Answer:
    """What an authority says, before it stands on a timeline."""

    organisation: Organisation
    kind: str
    text: str
    level: str | None = None
    promise_on: date | None = None
    trial_place: str = ""
    trial_from: date | None = None
    trial_until: date | None = None
    trial_outcome: str = ""
    reason: str = ""
    transfer_to: Organisation | None = None
    files: Sequence[dict[str, Any]] = ()
    """What comes with it, as an entry keeps it: key, kind, name, size."""

    def data(self) -> dict[str, Any]:
        """The public facts as plain JSON values: those of this kind and no other."""
        days = {name: _written(getattr(self, name)) for name in ("promise_on", "trial_from", "trial_until")}
        known: dict[str, dict[str, Any]] = {
            AnswerKind.PROMISE: {"promise_on": days["promise_on"]},
            AnswerKind.TRIAL: {
                "trial": {
                    "place": self.trial_place.strip(),
                    "from": days["trial_from"],
                    "until": days["trial_until"],
                    "outcome": self.trial_outcome.strip(),
                }
            },
            AnswerKind.REFUSED: {"reason": self.reason.strip()},
            AnswerKind.TRANSFERRED: {"transferred_to": self.transfer_to and named(self.transfer_to)},
        }
        files = {"files": list(self.files)} if self.files else {}
        return {"kind": str(self.kind), "level": self.level or None, **known.get(self.kind, {}), **files}

    def problems(self, said_on: date) -> Found:
        """What an authority that answers here itself, on this day, still has to fill in or put right."""
        level: Found = [] if self.level or self.kind in REPLIES else [("level", Problem.NO_LEVEL)]
        return [*self.impossible(said_on), *self._missing(), *level]

    def impossible(self, said_on: date) -> Found:
        """What cannot be so, whoever writes it down."""
        return [*self._words(), *self._days(said_on), *self._transfer()]

    def _words(self) -> Found:
        if self.kind not in set(AnswerKind):
            return [("kind", Problem.NO_KIND)]
        longest = {
            "text": LONGEST_TEXT,
            "trial_place": LONGEST_PLACE,
            "trial_outcome": LONGEST_FACT,
            "reason": LONGEST_FACT,
        }
        found: Found = [
            (name, Problem.TOO_LONG) for name, most in longest.items() if len(getattr(self, name)) > most
        ]
        return found if self.text.strip() else [("text", Problem.NO_TEXT), *found]

    def _days(self, said_on: date) -> Found:
        if self.kind == AnswerKind.PROMISE and self.promise_on and self.promise_on < said_on:
            return [("promise_on", Problem.DAY_PASSED)]
        first, last = self.trial_from, self.trial_until
        if self.kind == AnswerKind.TRIAL and first and last and last < first:
            return [("trial_until", Problem.ENDS_BEFORE)]
        if self.kind == AnswerKind.TRIAL and last and last < said_on and not self.trial_outcome.strip():
            return [("trial_outcome", Problem.NO_OUTCOME)]
        return []

    def _transfer(self) -> Found:
        if self.kind != AnswerKind.TRANSFERRED:
            return []
        if self.transfer_to is None:
            return [("transfer_to", Problem.NO_AUTHORITY)]
        return (
            [("transfer_to", Problem.SAME_AUTHORITY)] if self.transfer_to.id == self.organisation.id else []
        )

    def _missing(self) -> Found:
        needed = {
            "promise_on": Problem.NO_DAY,
            "trial_place": Problem.NO_PLACE,
            "trial_from": Problem.NO_DAY,
            "trial_until": Problem.NO_DAY,
            "reason": Problem.NO_REASON,
        }
        own = FIELDS.get(self.kind, ())
        return [
            (name, why) for name, why in needed.items() if name in own and not _filled(getattr(self, name))
        ]


def named(organisation: Organisation) -> dict[str, str]:
    """How an organisation is written down in an entry: its name may change later, the entry may not."""
    return {"key": organisation.key, "name": organisation.name}


def _filled(value: Any) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
