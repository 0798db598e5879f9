"""What the index answers. Each answer asks the dossiers themselves whether they may be seen."""

from portal.similar.queries.alike import Alike, alike, around, beside
from portal.similar.queries.asking import UNDERSTOOD, Asked, Wanted, reference, understand
from portal.similar.queries.finding import COUNTED, Found, Hit, condition, fitting, search
from portal.similar.queries.nearby import Candidate, candidates
from portal.similar.queries.state import Behind, behind
from portal.similar.queries.suggesting import Suggestion, sketch, suggest

__all__ = [
    "Alike",
    "Asked",
    "Behind",
    "COUNTED",
    "Candidate",
    "Found",
    "Hit",
    "Suggestion",
    "UNDERSTOOD",
    "Wanted",
    "alike",
    "around",
    "behind",
    "beside",
    "candidates",
    "condition",
    "fitting",
    "reference",
    "search",
    "sketch",
    "suggest",
    "understand",
]
