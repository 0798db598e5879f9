"""What was promised, tried, decided and said about a dossier: rows that point to entries of its timeline."""

from portal.promises.models.decision import Citation, DecisionStep, Step
from portal.promises.models.problem import Problem
from portal.promises.models.promise import (
    ASKED_DAYS,
    BY_ANOTHER,
    MOVES,
    RUNNING,
    SETTLED,
    Evidence,
    Level,
    Promise,
    PromiseState,
    Voice,
    Voiced,
)
from portal.promises.models.span import Span, days_between
from portal.promises.models.trial import Decision, Spot, Trial

__all__ = [
    "ASKED_DAYS",
    "BY_ANOTHER",
    "Citation",
    "Decision",
    "DecisionStep",
    "Evidence",
    "Level",
    "MOVES",
    "Problem",
    "Promise",
    "PromiseState",
    "RUNNING",
    "SETTLED",
    "Span",
    "Spot",
    "Step",
    "Trial",
    "Voice",
    "Voiced",
    "days_between",
]
