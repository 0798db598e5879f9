"""What happens to reports later."""

from portal.issues.commands import purge as purge_reports
from portal.kernel import jobs
from portal.kernel.policy import SYSTEM


@jobs.task("issues.purge")
def purge(*, job_id: int) -> None:
    purge_reports(SYSTEM, None)
