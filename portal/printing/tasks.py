"""Sheets become a file, in the worker; old files go."""

from portal.kernel import jobs, storage
from portal.kernel.policy import SYSTEM
from portal.printing import commands, queries, writing

EVERY = 10
"""After so many sheets the worker says how far it is."""


@jobs.task("printing.make")
def make(*, job_id: int, print_id: int) -> None:
    """Made again it is the same file, under the same key."""
    wanted = queries.waiting(print_id)
    if wanted is None:
        return

    def drawn(number: int) -> None:
        if number % EVERY == 0:
            commands.advance(SYSTEM, wanted, done=number)

    made = writing.sheets(wanted.dossier, wanted.language, queries.sheets_of(wanted), drawn)
    commands.finish(SYSTEM, wanted, key=storage.put(made, "pdf"))


@jobs.task("printing.purge")
def purge(*, job_id: int) -> None:
    commands.purge(SYSTEM, None)
