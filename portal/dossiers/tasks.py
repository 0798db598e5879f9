"""What happens to dossiers later: their supporters are forgotten."""

from datetime import timedelta

from flask import current_app

from portal.dossiers import commands, queries
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.db import tidy
from portal.kernel.policy import SYSTEM

LOOKED_AT = timedelta(days=7)
"""How long after it was closed we look for what was signed at that very moment."""


@jobs.task("dossiers.forget")
def forget(*, job_id: int) -> None:
    """Once an hour: begin with what is due, and remove old traces. Done twice it is the same."""
    for number in queries.half_forgotten(now() - LOOKED_AT):
        commands.forget_supporters(SYSTEM, queries.find_dossier(number))
    for number in queries.to_forget(now() - timedelta(days=current_app.config["FORGET_AFTER_DAYS"])):
        commands.forget(SYSTEM, queries.find_dossier(number))
    while not commands.forget_traces(SYSTEM, None):
        pass


@jobs.task("dossiers.forget_supporters")
def forget_supporters(*, job_id: int, dossier_id: int) -> None:
    """Some of them; the last time the files are tidied, and at night written anew (`kernel.write_anew`)."""
    if commands.forget_supporters(SYSTEM, queries.find_dossier(dossier_id)):
        tidy()
