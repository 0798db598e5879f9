"""The pulse of the workers: each writes now and then that it is there, so that somebody sees when none is."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import Base, db

EVERY = timedelta(seconds=15)
LATE = timedelta(minutes=2)
"""A worker that was not seen for longer is not there, or hangs: no job takes as long."""
KEPT = timedelta(days=1)


class Beat(Base):
    """When a worker, a process of a machine, was last seen."""

    __tablename__ = "beats"

    worker: Mapped[str] = mapped_column(String(200), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class Pulse:
    """Of one worker; called as often as one likes, it writes every quarter of a minute."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.last: datetime | None = None

    def __call__(self) -> None:
        if self.last is not None and now() - self.last < EVERY:
            return
        self.last = now()
        with transaction():
            db.session.merge(Beat(worker=self.name, seen_at=self.last))
            db.session.execute(db.delete(Beat).where(Beat.seen_at < self.last - KEPT))


def last_seen() -> datetime | None:
    """When any worker was last seen."""
    return db.session.scalar(db.select(db.func.max(Beat.seen_at)))
