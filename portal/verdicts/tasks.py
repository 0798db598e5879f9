"""What happens to a new report a moment later."""

from portal.dossiers.queries import find_dossier
from portal.kernel import jobs
from portal.kernel.policy import SYSTEM
from portal.verdicts import commands


@jobs.task("verdicts.link")
def link(*, job_id: int, dossier_id: int) -> None:
    commands.link(SYSTEM, find_dossier(dossier_id))
