"""What the days of promises ask for. Once an hour, and after a pause as if there had been none."""

from portal.kernel import jobs
from portal.kernel.policy import SYSTEM
from portal.promises import commands, queries


@jobs.task("promises.look_after")
def look_after(*, job_id: int) -> None:
    look_after_all()


def look_after_all() -> None:
    for number in queries.due():
        commands.look_after(SYSTEM, queries.promise(number))
