"""What was signed with help and goes along into a petition: counted once, also when it is taken over."""

from flask import Flask

from portal.assistance import commands as helping
from portal.assistance import queries
from portal.assistance.codes import digest
from portal.dossiers import journal
from portal.dossiers.models import Dossier
from portal.dossiers.queries import support
from portal.issues import commands as issues
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM
from portal.petitions import commands as petitions
from portal.petitions.models import Consent
from tests.assistance.making import a_mandate, later, signs_for
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue
from tests.petitions.making import a_bundle, a_platform, says

ADDRESS = "old@homes.example"


def number(dossier: Dossier) -> int:
    db.session.expire_all()
    assert not list(journal.wrong([dossier]))
    return support(NOBODY, dossier).count


class Bundle:
    """A report that joined a petition, and somebody who was helped with it and goes along."""

    def __init__(self, app: Flask) -> None:
        platform, organiser = a_platform()
        self.report = an_issue()
        self.petition = a_bundle(organiser, platform, [self.report])
        petitions.publish(organiser, self.petition)
        says(self.report, self.petition, Consent.JOINED)
        self.before = number(self.petition)
        helper = Browser(app).signs_in(a_mandate(of=platform).person)
        self.code = signs_for(helper, self.report, joins_bundle="y")
        assert number(self.petition) == self.before + 1

    def taken_over(self) -> None:
        receipt = queries.receipt_with(digest(self.code))
        assert receipt is not None
        helping.ask_take_over(receipt.person, receipt, email=ADDRESS, locale="nl")
        asked = db.session.scalars(db.select(helping.TakeOver)).one()
        helping.take_over(NOBODY, asked)


def test_a_known_neighbour_who_signed_the_petition_counts_there_once(app: Flask) -> None:
    bundle, known = Bundle(app), a_person(email=ADDRESS)
    a_signature(bundle.petition, known)
    bundle.taken_over()
    assert (number(bundle.report), number(bundle.petition)) == (1, bundle.before + 1)


def test_a_known_neighbour_who_signed_nothing_takes_both(app: Flask) -> None:
    bundle, known = Bundle(app), a_person(email=ADDRESS)
    bundle.taken_over()
    assert (number(bundle.report), number(bundle.petition)) == (1, bundle.before + 1)
    assert support(known, bundle.petition).own is not None


def test_a_known_neighbour_who_signed_the_report_counts_once_in_both(app: Flask) -> None:
    bundle, known = Bundle(app), a_person(email=ADDRESS)
    a_signature(bundle.report, known, joins_bundle=True)
    assert number(bundle.petition) == bundle.before + 2
    bundle.taken_over()
    assert (number(bundle.report), number(bundle.petition)) == (1, bundle.before + 1)


def test_stopping_with_the_code_stops_there_too(app: Flask) -> None:
    bundle = Bundle(app)
    receipt = queries.receipt_with(digest(bundle.code))
    assert receipt is not None
    helping.withdraw(receipt.person, receipt)
    assert (number(bundle.report), number(bundle.petition)) == (0, bundle.before)


def test_a_helper_who_never_confirmed_a_report_stays_known(app: Flask) -> None:
    """Reports that nobody confirms are thrown away, and with them whoever is not known otherwise."""
    person = a_person(confirmed=False)
    a_mandate(person)
    an_issue(opener=person, state="unconfirmed")
    with later(days=15):
        issues.purge(SYSTEM, None)
    assert db.session.get_one(type(person), person.id).email is not None
