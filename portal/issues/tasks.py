"""What happens to reports later."""

from portal.issues.commands import purge as purge_reports
from portal.issues.models import DraftMeaning
from portal.issues.queries import waiting
from portal.kernel import jobs
from portal.kernel.policy import SYSTEM
from portal.similar import meaning
from portal.similar.commands import work_out


@jobs.task("issues.purge")
def purge(*, job_id: int) -> None:
    purge_reports(SYSTEM, None)


@jobs.each_round
def read_drafts() -> int:
    """What drafts mean, before the dossiers: somebody is about to send one."""
    return work_out(DraftMeaning, waiting) if meaning.available() else 0
