"""Whatever people do, in whatever order, and whenever the worker looks: no clock ever runs backwards."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Addressee, AddresseeState
from portal.dossiers.timeline import REPLIES, first_broken
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Refused
from portal.terms.commands import extend, set_term
from portal.terms.models import PETITION
from portal.terms.queries import WITH_AUTHORITY
from portal.terms.tasks import lapse_all
from tests.answers.making import Case
from tests.factories import a_person
from tests.terms.making import days, entries, moment, silences
from tests.terms.reckoning import due

START = date(2026, 3, 2)
WHO = st.integers(0, 1)
DEEDS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 9, 40, 100])),
    st.tuples(st.just("wake")),
    st.tuples(st.just("say"), WHO, st.sampled_from(sorted(AnswerKind))),
    st.tuples(st.just("put_off"), WHO, st.integers(-3, 30)),
    st.tuples(st.just("hand_over"), WHO),
    st.tuples(st.just("set_term"), WHO, st.integers(1, 40)),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("write"), st.integers(0, 60)),
)


@dataclass
class Seen:
    """What a clock said when it was looked at last."""

    started: date
    due_on: date
    left: int
    today: date


class World:
    """A petition put to two authorities that come and go, and its clocks as they were seen."""

    def __init__(self) -> None:
        self.day = START
        with clock.at(moment(START)):
            self.case = Case(2)
            self.officials = [self.case.official, a_person("official", of=self.case.authorities[1])]
        self.seen: dict[int, Seen] = {}
        self.told: list[tuple[Any, ...]] = []

    def wait(self, number: int) -> None:
        self.day += days(number)

    def wake(self) -> None:
        lapse_all()
        assert lapse_all() == 0, "a second worker finds nothing"

    def say(self, who: int, kind: str) -> None:
        where = self.case.authorities[who]
        given = {"transfer_to": self.case.authorities[1 - who]} if kind == AnswerKind.TRANSFERRED else {}
        self.case.answer(kind, actor=self.officials[who], organisation=where, **given)

    def put_off(self, who: int, later: int) -> None:
        where = self.case.authorities[who]
        until = (self.case.addressee(where).due_on or self.day) + days(later)
        extend(self.officials[who], self.case.dossier, organisation=where, until=until, reason="Later.")

    def hand_over(self, who: int) -> None:
        dossiers.hand_over(self.case.organiser, self.case.dossier, to=[self.case.authorities[who]])

    def set_term(self, who: int, number: int) -> None:
        set_term(self.officials[who], self.case.authorities[who], about=PETITION, days=number)

    def reopen(self) -> None:
        dossiers.reopen(self.case.organiser, self.case.dossier, text="It is not solved.")

    def write(self, ago: int) -> None:
        sent = self.day - timedelta(days=ago)
        asks = {"what": "invitation", "awaits_answer": True, "told_on": sent}
        dossiers.tell(self.case.organiser, self.case.dossier, text="Come.", **asks)

    def look(self, deed: tuple[Any, ...]) -> None:
        wanted = db.select(Addressee).filter_by(dossier_id=self.case.dossier.id)
        for addressee in db.session.scalars(wanted.execution_options(populate_existing=True)):
            before = self.seen.pop(addressee.id, None)
            if addressee.state == AddresseeState.WAITING:
                self.seen[addressee.id] = self._looked(addressee, before, deed)
        told = [(s.addressee_id, s.letter_id, s.due_on, s.times) for s in silences()]
        assert told[: len(self.told)] == self.told, "what was written down stays as it is"
        assert len(set(told)) == len(told)
        self.told = told

    def _looked(self, addressee: Addressee, before: Seen | None, deed: tuple[Any, ...]) -> Seen:
        assert addressee.handed_over_on
        assert addressee.due_on
        now = Seen(addressee.handed_over_on, addressee.due_on, addressee.days_left or 0, self.day)
        assert now.left == (now.due_on - self.day).days
        assert now.due_on > now.started
        assert before is None or now.due_on >= before.due_on, "the day moves forward or stays"
        if before is not None and before.started == now.started:
            passed = (now.today - before.today).days
            assert now.left == before.left - passed + (now.due_on - before.due_on).days
            assert (now.due_on == before.due_on) or deed[0] == "put_off", "only by an entry that says so"
        elif before is not None:
            assert now.started > before.started, "a clock that is started again starts later"
        return now

    def judge(self) -> None:
        """In the end: each silence on the day that the table of another method says."""
        case = self.case
        lapse_all()
        for entry in entries(case.dossier):
            facts = entry.data["term"]
            first = due(date.fromisoformat(facts["start"]), facts["days"], facts["calendar"])
            if "extended" not in facts:
                twice = due(date.fromisoformat(facts["start"]), 2 * facts["days"], facts["calendar"])
                assert entry.on == (first if entry.data["times"] == 1 else twice)
            assert entry.on < entry.at.date(), "never before the day is over"
        waits = [a for a in case.dossier.addressees if a.state == AddresseeState.WAITING]
        late = [a for a in waits if a.due_on and a.due_on < self.day and case.dossier.state in WITH_AUTHORITY]
        known = {(s.addressee_id, s.due_on) for s in silences()}
        assert {(a.id, a.due_on) for a in late} <= known
        asked = {e.seq for e in entries(case.dossier, "told")}
        assert {e.data["letter"] for e in entries(case.dossier) if "letter" in e.data} <= asked
        assert first_broken(case.dossier) is None


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(deeds=st.lists(DEEDS, max_size=16))
@example(deeds=[("say", 1, AnswerKind.DONE), ("put_off", 0, 1), ("reopen",), ("hand_over", 0)])
@example(deeds=[("say", 1, AnswerKind.DONE), ("put_off", 0, 28), ("reopen",), ("wait", 1), ("hand_over", 0)])
def test_no_clock_runs_backwards(app: Flask, tmp_path: Path, deeds: list[tuple[Any, ...]]) -> None:
    world = World()
    for deed in deeds:
        with clock.at(moment(world.day)):
            try:
                getattr(world, deed[0])(*deed[1:])
            except Refused:
                db.session.rollback()  # what is not allowed changes nothing, and no clock
        with clock.at(moment(world.day)):
            world.look(deed)
    with clock.at(moment(world.day)):
        world.judge()
    assert set(REPLIES) < set(AnswerKind)
