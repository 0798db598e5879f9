"""Drafts with which nobody goes on, and who was where, are forgotten."""

from portal.composer.commands import purge as purge_drafts
from portal.kernel import jobs
from portal.kernel.policy import SYSTEM


@jobs.task("composer.purge")
def purge(*, job_id: int) -> None:
    purge_drafts(SYSTEM, None)
