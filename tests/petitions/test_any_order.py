"""Whatever people do, in whatever order: the petition counts exactly those whom the rules say."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import Person
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, Signature
from portal.kernel.db import db
from portal.petitions import commands
from portal.petitions.models import Consent
from tests.factories import a_person, an_issue
from tests.petitions.making import a_bundle, a_platform, counted, says

REPORTS, PEOPLE = 3, 3
REPORT, PERSON = st.integers(0, REPORTS - 1), st.integers(0, PEOPLE - 1)
DEEDS = st.one_of(
    st.tuples(st.just("consent"), REPORT, st.sampled_from([Consent.JOINED, Consent.APART, Consent.LATER])),
    st.tuples(st.just("support"), REPORT, PERSON, st.booleans()),
    st.tuples(st.just("leave"), REPORT, PERSON),
    st.tuples(st.just("sign"), PERSON),
    st.tuples(st.just("step_out"), PERSON),
)


class Rules:
    """The same world, as simple as it can be said: who supports, who joined, who signed, who stepped out."""

    def __init__(self, openers: list[int]) -> None:
        self.openers = openers
        self.joined: set[int] = set()
        self.support: dict[tuple[int, int], bool] = {}
        self.signed: set[int] = set()
        self.out: set[int] = set()

    def counts(self) -> set[int]:
        """Who signed, and who is brought by a report that joined, without those who stepped out."""
        brought = {self.openers[report] for report in self.joined}
        brought |= {who for (report, who), tick in self.support.items() if tick and report in self.joined}
        return self.signed | (brought - self.out)


class World:
    """The same through the commands."""

    def __init__(self) -> None:
        platform, organiser = a_platform()
        self.reports = [an_issue() for _ in range(REPORTS)]
        self.people = [a_person() for _ in range(PEOPLE)]
        self.petition = a_bundle(organiser, platform, self.reports)
        self.organiser = organiser
        commands.publish(organiser, self.petition)
        self.rules = Rules([report.opener_id or 0 for report in self.reports])

    def signature(self, dossier: Dossier, person: Person) -> Signature | None:
        wanted = db.select(Signature).filter_by(dossier_id=dossier.id, person_id=person.id)
        return db.session.scalar(wanted)

    def consent(self, report: int, answer: Consent) -> None:
        says(self.reports[report], self.petition, answer)
        if answer == Consent.JOINED:
            self.rules.joined.add(report)
        else:
            self.rules.joined.discard(report)

    def support(self, report: int, who: int, tick: bool) -> None:
        person, known = self.people[who], self.rules.support
        dossiers.sign(person, self.reports[report], joins_bundle=tick)
        known.setdefault((report, person.id), tick)  # who supports already changes nothing by signing again

    def leave(self, report: int, who: int) -> None:
        person = self.people[who]
        if self.rules.support.pop((report, person.id), None) is not None:
            signature = self.signature(self.reports[report], person)
            dossiers.withdraw_signature(person, signature)

    def sign(self, who: int) -> None:
        person = self.people[who]
        dossiers.sign(person, self.petition)
        self.rules.signed.add(person.id)
        self.rules.out.discard(person.id)

    def step_out(self, who: int) -> None:
        person = self.people[who]
        if (signature := self.signature(self.petition, person)) is not None:
            dossiers.withdraw_signature(person, signature)
            self.rules.signed.discard(person.id)
            self.rules.out.add(person.id)


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(deeds=st.lists(DEEDS, max_size=14))
def test_any_order(app: Flask, tmp_path: Path, deeds: list[tuple[Any, ...]]) -> None:
    world = World()
    for name, *how in deeds:
        getattr(world, name)(*how)
        assert set(counted(world.petition)) == world.rules.counts(), deeds
    commands.take_apart(world.organiser, world.petition)
    assert set(counted(world.petition)) == world.rules.signed
