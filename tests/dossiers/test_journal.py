"""Every move of the count is written down, added up by the worker, and can be checked by anybody."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from portal.dossiers import commands, journal
from portal.dossiers.models import Dossier, Movement
from portal.dossiers.queries import supporters_of
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock, jobs
from portal.kernel.commands import transaction
from portal.kernel.db import db, find
from portal.kernel.policy import NOBODY
from tests.factories import a_person, a_petition, a_signature, an_issue
from tests.threads import at_once


def moves(dossier: Dossier) -> list[tuple[str, int, int | None]]:
    wanted = db.select(Movement.verb, Movement.delta, Movement.counted_in).filter_by(dossier_id=dossier.id)
    return [(verb, delta, entry) for verb, delta, entry in db.session.execute(wanted.order_by(Movement.id))]


def counted(dossier: Dossier) -> list[dict[str, Any]]:
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb="counted").order_by(Entry.seq)
    return [entry.data for entry in db.session.scalars(wanted)]


def test_a_signature_counts_before_and_after_it_was_added_up(app: Flask) -> None:
    dossier = a_petition()
    a_signature(dossier)
    assert (dossier.counted, supporters_of([dossier.id])) == (0, {dossier.id: 1})
    jobs.work()
    db.session.expire_all()
    assert (dossier.counted, supporters_of([dossier.id])) == (1, {dossier.id: 1})
    a_signature(dossier, state="withdrawn")
    a_signature(dossier, state="pending")
    assert supporters_of([dossier.id]) == {dossier.id: 1}
    jobs.work()
    first, second = counted(dossier)
    assert (first["verbs"], first["supporters"]) == ({"confirmed": 1}, 1)
    assert (second["verbs"], second["supporters"]) == ({"confirmed": 1, "withdrawn": 1}, 1)
    assert {entry for *_, entry in moves(dossier)} == {3, 4}


def test_each_state_moves_the_count_once(app: Flask) -> None:
    dossier = an_issue()
    for state in ("confirmed", "withdrawn", "invalid", "pending"):
        a_signature(dossier, state=state)
    withdrawn, invalid = (("confirmed", 1), ("withdrawn", -1)), (("confirmed", 1), ("invalidated", -1))
    assert [(verb, delta) for verb, delta, _ in moves(dossier)] == [("confirmed", 1), *withdrawn, *invalid]
    assert list(journal.wrong([dossier])) == []


def test_who_signs_waits_for_nobody(app: Flask, kind: str) -> None:
    """Somebody holds the dossier itself: on PostgreSQL others sign meanwhile."""
    if kind == "sqlite":
        pytest.skip("SQLite writes one transaction after the other, whatever they are about")
    dossier_id = a_petition().id

    def signs(number: int) -> Callable[[], Any]:
        address = f"n{number}@homes.example"
        return lambda: commands.sign(NOBODY, find(Dossier, dossier_id), name="N", email=address).id

    with transaction():
        db.session.execute(
            db.select(Dossier.id).filter_by(id=dossier_id).with_for_update(key_share=True)
        ).one()
        assert len(set(at_once(app, *[signs(n) for n in range(3)]))) == 3


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE movements SET delta = 2 WHERE verb = 'confirmed'", "2 counted, 1 signatures count"),
        ("UPDATE movements SET verb = 'withdrawn'", "the journal says something else"),
        ("DELETE FROM movements", "the journal says something else"),
        ("UPDATE signatures SET state = 'invalid'", "1 counted, 0 signatures count"),
        ("UPDATE dossiers SET counted = 2", "2 counted, 1 signatures count"),
    ],
)
def test_whatever_is_changed_afterwards_is_found(app: Flask, statement: str, problem: str) -> None:
    dossier = an_issue()
    a_signature(dossier)
    jobs.work()
    assert list(journal.wrong([dossier])) == []
    if "delta" in statement:
        statement = statement.replace("delta = 2", "delta = 2, counted_in = NULL")
        db.session.execute(db.text("UPDATE dossiers SET counted = 0"))
    db.session.execute(db.text(statement))
    db.session.commit()
    (found,) = journal.wrong([dossier])
    assert problem in found


def test_it_is_counted_in_the_order_of_time(app: Flask) -> None:
    dossier = an_issue()
    with clock.at(datetime(2030, 1, 2, 10, tzinfo=UTC)):
        a_signature(dossier, a_person())
        jobs.work()
    assert first_broken(dossier) is None
    wanted = db.select(Entry.at).filter_by(dossier_id=dossier.id, verb="counted")
    assert db.session.scalar(wanted) == datetime(2030, 1, 2, 10, tzinfo=UTC)
