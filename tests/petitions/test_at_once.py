"""Several people at the same moment: nobody counts twice, nobody is lost, nobody waits for ever."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import first_broken
from portal.kernel.db import db
from portal.petitions import commands
from portal.petitions.models import Consent, Lineage
from tests.factories import a_person, a_signature, an_issue
from tests.petitions.making import a_bundle, a_platform, counted, lineage_of, says
from tests.threads import at_once


def answering(part: Lineage, answer: Consent) -> Callable[[], Any]:
    lineage_id, opener_id = part.id, part.dossier.opener_id

    def deed() -> Any:
        opener = db.session.get_one(Person, opener_id)
        commands.consent(opener, db.session.get_one(Lineage, lineage_id), answer=answer)

    return deed


def signing(dossier: Dossier, person: Person) -> Callable[[], Any]:
    dossier_id, person_id = dossier.id, person.id

    def deed() -> Any:
        who = db.session.get_one(Person, person_id)
        dossiers.sign(who, db.session.get_one(Dossier, dossier_id), joins_bundle=True)

    return deed


class Moment:
    """Four reports with one supporter in common, and a public petition that asks them."""

    def __init__(self) -> None:
        platform, self.organiser = a_platform()
        self.reports = [an_issue() for _ in range(4)]
        self.everywhere = a_person()
        for report in self.reports:
            a_signature(report, self.everywhere, joins_bundle=True)
        self.petition = a_bundle(self.organiser, platform, self.reports)
        commands.publish(self.organiser, self.petition)

    def parts(self) -> list[Lineage]:
        return [lineage_of(self.petition, report) for report in self.reports]


@pytest.fixture
def moment(app: Flask) -> Moment:
    return Moment()


def test_four_join_at_once(app: Flask, moment: Moment) -> None:
    assert at_once(app, *(answering(part, Consent.JOINED) for part in moment.parts())) == [None] * 4
    expected = {moment.everywhere.id, *(report.opener_id for report in moment.reports)}
    assert counted(moment.petition).keys() == expected
    assert first_broken(moment.petition) is None


def test_joining_supporting_and_signing_at_once(app: Flask, moment: Moment) -> None:
    says(moment.reports[0], moment.petition, Consent.JOINED)
    late = a_person()
    deeds = [
        answering(lineage_of(moment.petition, moment.reports[1]), Consent.JOINED),
        signing(moment.reports[0], late),
        signing(moment.reports[1], late),
        signing(moment.petition, late),
    ]
    assert at_once(app, *deeds) == [None] * 4
    expected = {moment.everywhere.id, late.id, *(report.opener_id for report in moment.reports[:2])}
    assert counted(moment.petition).keys() == expected
    assert counted(moment.petition)[late.id] is None


def test_leaving_and_handing_over_at_once(app: Flask, moment: Moment) -> None:
    """One of the two is first, and the other sees what it did."""
    for report in moment.reports[:2]:
        says(report, moment.petition, Consent.JOINED)
    petition_id, organiser_id = moment.petition.id, moment.organiser.id

    def hand_over() -> Any:
        petition = db.session.get_one(Dossier, petition_id)
        dossiers.hand_over(db.session.get_one(Person, organiser_id), petition)

    part = lineage_of(moment.petition, moment.reports[0])
    left, handed = at_once(app, answering(part, Consent.APART), hand_over)
    assert handed is None
    db.session.expire_all()
    first = moment.reports[0]
    if left is None:
        assert first.state == "open"
        assert first.opener_id not in counted(moment.petition)
    else:
        assert first.state == "handed_over"
        assert first.opener_id in counted(moment.petition)
    assert moment.reports[1].state == "handed_over"
    assert not any(first_broken(d) for d in (moment.petition, *moment.reports))
