"""What the index answers. Each answer asks the dossiers themselves whether they may be seen."""

from portal.similar.queries.alike import Alike, alike, beside, may_be_like
from portal.similar.queries.asking import UNDERSTOOD, Asked, Wanted, reference, understand
from portal.similar.queries.finding import COUNTED, Found, Hit, condition, fitting, search
from portal.similar.queries.judging import Judged, in_numbers, judged
from portal.similar.queries.nearby import Candidate, candidates
from portal.similar.queries.state import Behind, behind
from portal.similar.queries.suggesting import Suggestion, sketch, suggest
from portal.similar.queries.thresholds import EVERYWHERE, Least, around, least, set_before

__all__ = [
    "Alike",
    "Asked",
    "Behind",
    "COUNTED",
    "Candidate",
    "EVERYWHERE",
    "Found",
    "Hit",
    "Judged",
    "Least",
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
    "in_numbers",
    "judged",
    "least",
    "may_be_like",
    "reference",
    "search",
    "set_before",
    "sketch",
    "suggest",
    "understand",
]
