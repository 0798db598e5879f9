"""The worker looks at clocks that ran out."""

from portal.dossiers.queries import find_dossier
from portal.kernel import jobs
from portal.kernel.errors import NotFound
from portal.kernel.policy import SYSTEM
from portal.terms import commands, queries


@jobs.task("terms.lapse")
def lapse(*, job_id: int) -> None:
    """Once an hour, and after however long it was down: each silence once, on its own day."""
    lapse_all()


def lapse_all() -> int:
    """Returns how many silences were written down."""
    return sum(_lapse(number) for number in queries.silent_dossiers())


def _lapse(number: int) -> int:
    try:
        found: int = commands.lapse(SYSTEM, find_dossier(number))
    except NotFound:  # removed meanwhile
        return 0
    return found
