"""The demonstration, told once in a run on each kind of database, for all who only look at it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.demo import replay
from portal.kernel.commands import within
from portal.kernel.db import db
from tests import databases
from tests.conftest import close, make_app
from tests.demo.standing import stands

BROKEN_OFF = "postgresql"
"""The kind on which the telling is broken off three times, if both are told: they must come to the same."""


def told_on(kind: str) -> tuple[str, Path]:
    """The address of a database with the demonstration, and the folder of its files."""
    data = databases.folder() / f"told-{kind}"
    with databases.once(f"told-{kind}") as first:
        if first:
            url = databases.fresh(kind, data)
            (data / "address").write_text(url)
            _tell(url, data, broken_off=kind == BROKEN_OFF)
    return (data / "address").read_text(), data


def _tell(url: str, data: Path, *, broken_off: bool) -> None:
    app = make_app(url, data)
    with app.app_context():
        last = len(replay.steps()) - 1
        for at in (0, last // 3, last) if broken_off else ():
            _until(at)
        for step in replay.steps():
            step()
        close(app)


def _until(at: int) -> None:
    """Tell the steps before this one, and die in the midst of it: nothing of it may be left."""
    *done, halfway = replay.steps()[: at + 1]
    for step in done:
        step()
    before = stands()
    _interrupted(halfway)
    assert stands() == before
    assert not replay.complete()


def _interrupted(step: Callable[[], None]) -> None:
    """Do this step in a process that ends when it is about to commit."""

    def end(session: Session) -> None:
        if within():
            raise KeyboardInterrupt

    session = db.session()
    event.listen(session, "before_commit", end)
    with pytest.raises(KeyboardInterrupt):
        step()
    event.remove(session, "before_commit", end)
    db.session.remove()
