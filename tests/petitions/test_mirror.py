"""What happens to a petition happens to every dossier that joined it, in the same transaction."""

from typing import Any

import pytest

from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, State
from portal.dossiers.texts import told as worded
from portal.dossiers.timeline import LISTENERS, Entry, first_broken, on
from portal.kernel.db import db
from portal.petitions import commands
from portal.petitions.models import Consent
from tests.factories import a_person, an_issue
from tests.petitions.making import a_bundle, a_platform, says, told


class Handed:
    """A petition with three reports: one joins that was open, one that an authority has, one stays apart."""

    def __init__(self) -> None:
        platform, self.organiser = a_platform()
        self.open, self.known, self.apart = an_issue(), an_issue(state=State.ANSWERED), an_issue()
        self.petition = a_bundle(self.organiser, platform, [self.open, self.known, self.apart])
        commands.publish(self.organiser, self.petition)
        for report in (self.open, self.known):
            says(report, self.petition, Consent.JOINED)
        says(self.apart, self.petition, Consent.APART)
        self.authority = self.petition.addressees[0].organisation
        self.official = a_person(Role.OFFICIAL, of=self.authority)

    def hand_over(self) -> None:
        dossiers.hand_over(self.organiser, self.petition, text="With a cake.")

    def answer(self, kind: str, **more: Any) -> None:
        given = {"kind": kind, "text": "We have looked at it.", "organisation": self.authority}
        answers.answer(self.official, self.petition, **given | more)

    @property
    def joined(self) -> list[Dossier]:
        return [self.open, self.known]


@pytest.fixture
def handed(app: object) -> Handed:
    return Handed()


def last(dossier: Dossier) -> Entry:
    newest = db.select(Entry).filter_by(dossier_id=dossier.id).order_by(Entry.seq.desc())
    found = db.session.scalars(newest).first()
    assert found is not None
    return found


def test_handed_over_together(handed: Handed) -> None:
    handed.hand_over()
    original = last(handed.petition)
    for report in handed.joined:
        assert report.state == State.HANDED_OVER
        entry = last(report)
        assert entry.data == original.data | {"via": handed.petition.ref}
        assert (entry.verb, entry.text, entry.on) == ("handed_over", "With a cake.", original.on)
        assert (entry.organisation, entry.role) == (original.organisation, original.role)
        assert first_broken(report) is None
        assert [url for _, url in worded([entry])[0].links] == [f"/d/{handed.petition.ref}"]
    assert handed.apart.state == State.OPEN
    assert "handed_over" not in dict(told(handed.apart))


@pytest.mark.parametrize(("said", "state"), [("granted", State.ANSWERED), ("done", State.DONE)])
def test_answered_together(handed: Handed, said: str, state: State) -> None:
    handed.hand_over()
    handed.answer(said, level="decision")
    for report in handed.joined:
        assert report.state == state
        assert last(report).data == last(handed.petition).data | {"via": handed.petition.ref}
        assert last(report).organisation == handed.authority
    assert handed.apart.state == State.OPEN


def test_a_sign_of_life_moves_nothing(handed: Handed) -> None:
    handed.hand_over()
    handed.answer("acknowledgement")
    assert {report.state for report in handed.joined} == {State.HANDED_OVER}
    assert last(handed.open).data["kind"] == "acknowledgement"


def test_what_is_over_stays_over_and_hears_of_it(handed: Handed) -> None:
    dossiers.solve(handed.open.opener, handed.open)
    handed.hand_over()
    assert handed.open.state == State.SOLVED
    assert last(handed.open).verb == "handed_over"


def test_an_entry_of_its_own_has_no_other_way(handed: Handed) -> None:
    dossiers.hand_over(handed.open.opener, handed.open, to=[handed.authority])
    assert "via" not in last(handed.open).data
    assert handed.petition.state == State.GATHERING


def test_all_or_nothing(handed: Handed) -> None:
    """When the last of the joined dossiers cannot be written, the petition is not handed over either."""

    @on("handed_over")
    def fails(entry: Entry) -> None:
        if entry.dossier_id == handed.known.id:
            raise RuntimeError("the disk is full")

    try:
        with pytest.raises(RuntimeError):
            handed.hand_over()
    finally:
        LISTENERS["handed_over"].remove(fails)
    assert handed.petition.state == State.GATHERING
    assert handed.open.state == State.OPEN
    assert last(handed.open).verb == "bundled"
