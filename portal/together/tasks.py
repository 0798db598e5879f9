"""What the worker does about overlaps: it looks when something opens, and asks again after "later"."""

from portal.dossiers.queries import find_dossier
from portal.kernel import jobs
from portal.kernel.policy import SYSTEM
from portal.together import commands, queries


@jobs.task("together.look")
def look(*, job_id: int, dossier_id: int) -> None:
    """Nobody is asked twice about the same pair, so that looking twice is looking once."""
    commands.look(SYSTEM, find_dossier(dossier_id))


@jobs.task("together.ask_again")
def ask_again(*, job_id: int) -> None:
    for party in queries.later():
        commands.ask_again(SYSTEM, party)
