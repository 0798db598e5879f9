"""What happens later to what was asked for with a code."""

from portal.assistance import commands, queries
from portal.kernel import jobs
from portal.kernel.policy import SYSTEM


@jobs.task("assistance.forget")
def forget(*, job_id: int, take_over_id: int) -> None:
    """A day later the link no longer works: the address behind it goes."""
    asked = queries.take_over(take_over_id)
    if asked is not None:
        commands.forget(SYSTEM, asked)
