"""What happens to accounts later."""

from portal.accounts.commands import purge as purge_sign_ins
from portal.kernel import jobs
from portal.kernel.db import tidy
from portal.kernel.policy import SYSTEM


@jobs.task("accounts.purge")
def purge(*, job_id: int) -> None:
    purge_sign_ins(SYSTEM, None)


@jobs.task("kernel.write_anew")
def write_anew(*, job_id: int) -> None:
    tidy(anew=True)


@jobs.task("kernel.sweep")
def sweep(*, job_id: int) -> None:
    jobs.sweep()
