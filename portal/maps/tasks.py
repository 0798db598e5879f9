"""What the worker does for the map, at the beginning of each round."""

from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.maps import commands
from portal.maps.models import Change


@jobs.each_round
def count() -> int:
    """Add up what came and went on it."""
    if db.session.scalar(db.select(Change.id).limit(1)) is None:
        return 0
    done: int = commands.count(SYSTEM, None)
    return done
