"""What the index answers. Each answer asks the dossiers themselves whether they may be seen."""

from portal.similar.queries.asking import Asked, Wanted, reference, understand
from portal.similar.queries.finding import COUNTED, Found, Hit, condition, search
from portal.similar.queries.nearby import Candidate, candidates
from portal.similar.queries.state import Behind, behind

__all__ = [
    "Asked",
    "Behind",
    "COUNTED",
    "Candidate",
    "Found",
    "Hit",
    "Wanted",
    "behind",
    "candidates",
    "condition",
    "reference",
    "search",
    "understand",
]
