"""Seven reports, five join, one stays apart, one says nothing: who counts, what is told, and back again."""

import pytest

from portal.accounts.models import Person
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, Signature, SignatureState, State
from portal.dossiers.queries import support, supporters_of
from portal.dossiers.timeline import first_broken
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.policy import NOBODY
from portal.petitions import commands, queries
from portal.petitions.models import Consent
from tests.factories import a_person, a_signature, an_issue
from tests.petitions.making import a_bundle, a_platform, counted, lineage_of, says, told, verbs

JOINED, APART, LATER = Consent.JOINED, Consent.APART, Consent.LATER


class Story:
    """Seven reports. Each has a supporter with the tick and one without; some people are under several."""

    def __init__(self) -> None:
        self.platform, self.organiser = a_platform()
        self.reports = [an_issue() for _ in range(7)]
        self.ticked = [a_signature(report, joins_bundle=True).person for report in self.reports]
        self.plain = [a_signature(report).person for report in self.reports]
        self.in_two, self.also_direct, self.waiting = a_person(), a_person(), a_person(confirmed=False)
        for report in self.reports[:2]:
            a_signature(report, self.in_two, joins_bundle=True)
            a_signature(report, self.also_direct, joins_bundle=True)
        self.petition = a_bundle(self.organiser, self.platform, self.reports)

    def publish(self) -> None:
        commands.publish(self.organiser, self.petition)
        a_signature(self.petition, self.also_direct)

    def answers(self) -> None:
        for report in self.reports[:5]:
            says(report, self.petition, JOINED)
        says(self.reports[5], self.petition, APART)

    def carried(self, *numbers: int) -> dict[int, str]:
        """Who should come along when the reports with these numbers have joined."""
        found: dict[int, str] = {}
        for number in numbers:
            report = self.reports[number]
            own = [report.opener, self.ticked[number], *([self.in_two] if number < 2 else [])]
            for person in own:
                found.setdefault(person.id, str(report.ref))
        return found


@pytest.fixture
def story(app: object) -> Story:
    return Story()


def everything(*of: Dossier) -> list[tuple[object, ...]]:
    """All that a bundle could have changed about who supports what."""
    wanted = db.select(Signature).where(Signature.dossier_id.in_([d.id for d in of])).order_by(Signature.id)
    rows = db.session.scalars(wanted.execution_options(populate_existing=True))
    names = ("dossier_id", "person_id", "name", "shown", "reason", "joins_bundle", "state", "via_id")
    return [tuple(getattr(s, n) for n in (*names, "confirmed_at")) for s in rows if s.state != "withdrawn"]


def test_counts_and_lineage(story):
    story.publish()
    story.answers()
    expected = story.carried(0, 1, 2, 3, 4) | {story.also_direct.id: None}
    assert counted(story.petition) == expected
    assert supporters_of([story.petition.id]) == {story.petition.id: len(expected)} == {story.petition.id: 12}
    ((_, progress),) = queries.petitions_of(story.platform)
    assert (progress.joined, progress.apart, progress.asked, progress.total) == (5, 1, 1, 7)
    consents = [part.consent for part in queries.parts(story.petition)]
    assert consents == [JOINED] * 5 + [Consent.ASKED, APART]
    for report in story.reports[:5]:
        assert [part.petition for part in queries.lineages_of(report)] == [story.petition]


def test_both_timelines_tell_it(story):
    story.publish()
    story.answers()
    refs, ref = [report.ref for report in story.reports], story.petition.ref
    happened = told(story.petition)
    assert happened[:3] == [
        ("opened", {"kind": "petition"}),
        ("invited", {"refs": refs}),
        ("published", {"joined": 0, "carried": 0}),
    ]
    joined = [data for verb, data in happened if verb == "joined"]
    assert [data["ref"] for data in joined] == refs[:5]
    assert [data["carried"] for data in joined] == [3, 2, 2, 2, 2]
    assert happened[-1] == ("kept_apart", {"ref": refs[5], "gone": 0})
    assert told(story.reports[0])[-2:] == [("invited", {"petition": ref}), ("bundled", {"petition": ref})]
    assert verbs(story.reports[5])[-1] == "kept_apart"
    assert verbs(story.reports[6])[-1] == "invited"
    assert not any(first_broken(d) for d in (story.petition, *story.reports))


def test_a_draft_counts_nobody_until_it_is_published(story):
    story.answers()
    assert counted(story.petition) == {}
    story.publish()
    assert counted(story.petition) == story.carried(0, 1, 2, 3, 4) | {
        story.also_direct.id: story.reports[0].ref
    } | {story.also_direct.id: None}
    published = dict(told(story.petition))["published"]
    assert published == {"joined": 5, "carried": 12}


def test_taking_apart_is_exact(story):
    story.publish()
    a_signature(story.petition, story.waiting, state=SignatureState.PENDING, shown=True, reason="Now.")
    a_signature(story.reports[2], story.waiting, joins_bundle=True)
    own = a_signature(story.petition, shown=True, reason="They were always full.").person
    before = everything(story.petition, *story.reports)
    story.answers()
    assert len(counted(story.petition)) == 14
    assert counted(story.petition)[story.waiting.id] == story.reports[2].ref
    commands.take_apart(story.organiser, story.petition, text="We do it differently.")
    assert everything(story.petition, *story.reports) == before
    assert counted(story.petition) == {story.also_direct.id: None, own.id: None}
    assert story.petition.state == State.WITHDRAWN
    assert {lineage_of(story.petition, r).consent for r in story.reports} == {Consent.RELEASED}
    assert told(story.petition)[-1] == ("taken_apart", {"gone": 12})
    assert {verbs(report)[-1] for report in story.reports} == {"released"}
    assert queries.parts(story.petition) == []


def test_withdrawing_the_petition_lets_go_too(story):
    story.publish()
    story.answers()
    dossiers.withdraw(story.organiser, story.petition)
    assert counted(story.petition) == {story.also_direct.id: None}
    assert verbs(story.reports[0])[-1] == "released"


def test_leaving_takes_out_exactly_what_nobody_else_brings(story):
    story.publish()
    for report in story.reports[:2]:
        says(report, story.petition, JOINED)
    says(story.reports[0], story.petition, APART)
    assert counted(story.petition) == story.carried(1) | {story.also_direct.id: None}
    assert told(story.petition)[-1] == ("kept_apart", {"ref": story.reports[0].ref, "gone": 2})
    says(story.reports[1], story.petition, LATER)
    assert counted(story.petition) == {story.also_direct.id: None}
    assert told(story.petition)[-1] == ("postponed", {"ref": story.reports[1].ref, "gone": 3})
    says(story.reports[0], story.petition, JOINED)
    assert counted(story.petition) == story.carried(0) | {story.also_direct.id: None}


def test_the_same_answer_twice_is_one(story):
    story.publish()
    says(story.reports[0], story.petition, JOINED)
    before = told(story.petition)
    says(story.reports[0], story.petition, JOINED)
    assert told(story.petition) == before


def carried_signature(petition: Dossier, person: Person) -> Signature:
    wanted = db.select(Signature).filter_by(dossier_id=petition.id, person_id=person.id)
    return db.session.scalars(wanted).one()


def test_who_steps_out_is_not_carried_again(story):
    story.publish()
    says(story.reports[0], story.petition, JOINED)
    person = story.in_two
    dossiers.withdraw_signature(person, carried_signature(story.petition, person))
    for answer in (APART, JOINED):
        says(story.reports[0], story.petition, answer)
    says(story.reports[1], story.petition, JOINED)
    assert person.id not in counted(story.petition)
    a_signature(story.petition, person, state=SignatureState.PENDING)  # perhaps typed by somebody else
    for answer in (APART, JOINED):
        says(story.reports[1], story.petition, answer)
    assert person.id not in counted(story.petition)
    dossiers.confirm(person, carried_signature(story.petition, person))
    assert counted(story.petition)[person.id] is None
    commands.take_apart(story.organiser, story.petition)
    assert counted(story.petition) == {story.also_direct.id: None, person.id: None}


def test_who_steps_out_after_being_let_go_stays_out(story):
    story.publish()
    for answer in (JOINED, APART):
        says(story.reports[0], story.petition, answer)
    dossiers.withdraw_signature(story.in_two, carried_signature(story.petition, story.in_two))
    says(story.reports[0], story.petition, JOINED)
    assert story.in_two.id not in counted(story.petition)


def test_a_moderators_no_is_kept(story):
    story.publish()
    a_signature(story.petition, story.in_two, state=SignatureState.INVALID)
    says(story.reports[0], story.petition, JOINED)
    assert story.in_two.id not in counted(story.petition)


@pytest.mark.parametrize("by_mail", [False, True])
def test_signing_makes_a_carried_signature_ones_own(story, by_mail):
    story.publish()
    says(story.reports[0], story.petition, JOINED)
    person = story.in_two
    a_signature(story.petition, person, state="pending" if by_mail else "confirmed")
    if by_mail:
        assert counted(story.petition)[person.id] == story.reports[0].ref
        dossiers.confirm(person, carried_signature(story.petition, person))
    assert counted(story.petition)[person.id] is None
    says(story.reports[0], story.petition, APART)
    assert counted(story.petition) == {story.also_direct.id: None, person.id: None}


def test_who_joins_the_report_later_comes_along(story):
    story.publish()
    for report in story.reports[:2]:
        says(report, story.petition, JOINED)
    late, quiet = a_person(), a_person()
    a_signature(story.reports[0], late, joins_bundle=True)
    a_signature(story.reports[0], quiet)
    a_signature(story.reports[1], late, joins_bundle=True)
    assert counted(story.petition)[late.id] == story.reports[0].ref
    assert quiet.id not in counted(story.petition)
    dossiers.withdraw_signature(late, carried_signature(story.reports[0], late))
    assert counted(story.petition)[late.id] == story.reports[1].ref
    dossiers.withdraw_signature(late, carried_signature(story.reports[1], late))
    assert late.id not in counted(story.petition)
    a_signature(story.reports[1], late, joins_bundle=True)
    assert counted(story.petition)[late.id] == story.reports[1].ref


def test_who_opened_the_report_stays_without_supporting_it(story):
    story.publish()
    opener = story.reports[0].opener
    support = a_signature(story.reports[0], opener, joins_bundle=True)
    says(story.reports[0], story.petition, JOINED)
    dossiers.withdraw_signature(opener, support)
    assert counted(story.petition)[opener.id] == story.reports[0].ref


def test_an_invalid_supporter_goes_along(story):
    story.publish()
    says(story.reports[2], story.petition, JOINED)
    person = story.ticked[2]
    signature = carried_signature(story.reports[2], person)
    dossiers.invalidate(a_person("moderator"), signature, why="Not a neighbour.")
    assert person.id not in counted(story.petition)


def test_no_name_comes_along_to_the_public(story):
    story.publish()
    a_signature(story.reports[0], name="Somebody", shown=True, reason="Mine.", joins_bundle=True)
    a_signature(story.petition, story.waiting, state=SignatureState.PENDING, shown=True, reason="Not yet.")
    a_signature(story.reports[0], story.waiting, joins_bundle=True)
    says(story.reports[0], story.petition, JOINED)
    assert len(counted(story.petition)) == 6
    assert support(NOBODY, story.petition).shown == []


def queued(task: str) -> list[int]:
    jobs = db.session.scalars(db.select(Job).filter_by(task=task).order_by(Job.id))
    return [next(iter(job.arguments.values())) for job in jobs]


def test_everybody_is_asked_and_told_once(story):
    assert queued("notices.consent") == [lineage_of(story.petition, r).id for r in story.reports]
    story.publish()
    for answer in (JOINED, APART, JOINED, LATER, JOINED):
        says(story.reports[0], story.petition, answer)
    told_people = {db.session.get(Signature, number).person_id for number in queued("notices.carried")}
    assert told_people == {story.ticked[0].id, story.in_two.id}  # who pressed the button knows it
    assert len(queued("notices.carried")) == 2


def test_round_numbers_are_told_once_for_a_whole_report(story):
    story.publish()
    for _ in range(9):
        a_signature(story.reports[3], joins_bundle=True)
    says(story.reports[3], story.petition, JOINED)
    assert len(counted(story.petition)) == 12
    dossiers.add_up_all()
    assert told(story.petition)[-1] == ("reached", {"supporters": 10})
