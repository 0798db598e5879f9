"""What the worker does for the groups, at the beginning of each round."""

from portal.clusters import commands
from portal.clusters.models import Change, Made
from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM


@jobs.each_round
def grow() -> int:
    """Follow what happened on timelines; all of it anew when the rules are other ones."""
    if db.session.scalar(db.select(Made.fingerprint)) != commands.made_by():
        commands.begin_anew(SYSTEM, None)
    if db.session.scalar(db.select(Change.id).limit(1)) is None:
        return 0
    done: int = commands.grow(SYSTEM, None)
    return done
