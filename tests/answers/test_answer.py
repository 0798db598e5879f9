"""What authorities say: each kind with its own facts, what it does to the clock, and who may say it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.answers import commands
from portal.answers.models import AnswerKind, Level, Problem
from portal.dossiers import commands as dossiers
from portal.dossiers.models import AddresseeState, State
from portal.dossiers.timeline import first_broken
from portal.kernel import clock
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.jobs import Job
from portal.kernel.policy import NOBODY, SYSTEM
from portal.petitions import commands as petitions
from portal.petitions.models import Consent
from tests.answers.making import Case, answers, days
from tests.factories import a_membership, a_person, a_signature, an_issue, an_organisation
from tests.petitions.making import a_bundle, a_platform, says

ANSWERED, WAITING, TRANSFERRED = AddresseeState.ANSWERED, AddresseeState.WAITING, AddresseeState.TRANSFERRED
MOVES = {
    AnswerKind.ACKNOWLEDGEMENT: (State.HANDED_OVER, WAITING),
    AnswerKind.QUESTION: (State.HANDED_OVER, WAITING),
    AnswerKind.PROMISE: (State.ANSWERED, ANSWERED),
    AnswerKind.TRIAL: (State.ANSWERED, ANSWERED),
    AnswerKind.GRANTED: (State.ANSWERED, ANSWERED),
    AnswerKind.PARTLY_GRANTED: (State.ANSWERED, ANSWERED),
    AnswerKind.REFUSED: (State.ANSWERED, ANSWERED),
    AnswerKind.TRANSFERRED: (State.HANDED_OVER, TRANSFERRED),
    AnswerKind.DONE: (State.DONE, ANSWERED),
}


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


@pytest.mark.parametrize("what", list(AnswerKind))
def test_every_kind_of_answer(case: Case, what: AnswerKind) -> None:
    entry = case.answer(what)
    state, addressee = MOVES[what]
    assert (case.dossier.state, case.addressee().state) == (state, addressee)
    assert case.addressee().answered_on == (None if addressee == WAITING else today())
    assert (entry.verb, entry.organisation, entry.role) == ("answered", case.authority, Role.OFFICIAL)
    assert (entry.text, entry.data["kind"], entry.data["level"]) == ("We do it.", what, Level.DECISION)
    assert entry.data["addressee"] == case.authority.key
    assert entry.actor_id == case.official.id
    assert first_broken(case.dossier) is None


def test_the_facts_of_a_kind_and_no_others(case: Case) -> None:
    promise = case.answer(AnswerKind.PROMISE, reason="None of this kind's business", trial_place="Nowhere")
    assert promise.data["promise_on"] == days(30).isoformat()
    assert not {"reason", "trial"} & set(promise.data)
    assert case.answer(AnswerKind.TRIAL).data["trial"] == {
        "place": "The square",
        "from": days(1).isoformat(),
        "until": days(21).isoformat(),
        "outcome": "",
    }
    assert case.answer(AnswerKind.REFUSED).data["reason"] == "There is no money for it."


WRONG = [
    ("nonsense", {}, "kind", Problem.NO_KIND),
    (AnswerKind.GRANTED, {"text": "  "}, "text", Problem.NO_TEXT),
    (AnswerKind.GRANTED, {"text": "x" * 5001}, "text", Problem.TOO_LONG),
    (AnswerKind.GRANTED, {"level": None}, "level", Problem.NO_LEVEL),
    (AnswerKind.PROMISE, {"promise_on": None}, "promise_on", Problem.NO_DAY),
    (AnswerKind.PROMISE, {"promise_on": -1}, "promise_on", Problem.DAY_PASSED),
    (AnswerKind.TRIAL, {"trial_place": " "}, "trial_place", Problem.NO_PLACE),
    (AnswerKind.TRIAL, {"trial_from": None}, "trial_from", Problem.NO_DAY),
    (AnswerKind.TRIAL, {"trial_until": None}, "trial_until", Problem.NO_DAY),
    (AnswerKind.TRIAL, {"trial_until": 0}, "trial_until", Problem.ENDS_BEFORE),
    (AnswerKind.TRIAL, {"trial_from": -9, "trial_until": -2}, "trial_outcome", Problem.NO_OUTCOME),
    (AnswerKind.REFUSED, {"reason": ""}, "reason", Problem.NO_REASON),
    (AnswerKind.TRANSFERRED, {"transfer_to": None}, "transfer_to", Problem.NO_AUTHORITY),
]


@pytest.mark.parametrize(("what", "given", "field", "problem"), WRONG)
def test_what_is_not_filled_in_right(
    case: Case, what: str, given: dict[str, object], field: str, problem: Problem
) -> None:
    given = {name: days(value) if isinstance(value, int) else value for name, value in given.items()}
    with pytest.raises(Invalid) as refused:
        case.answer(what, **given)
    assert (refused.value.field, refused.value.message) == (field, problem)
    assert (case.dossier.state, case.addressee().state) == (State.HANDED_OVER, WAITING)
    assert not answers(case.dossier)


def test_a_promise_for_today_and_a_trial_that_ended(case: Case) -> None:
    case.answer(AnswerKind.PROMISE, promise_on=today())
    ended = {"trial_from": days(-30), "trial_until": days(-1), "trial_outcome": "It helped."}
    assert case.answer(AnswerKind.TRIAL, **ended).data["trial"]["outcome"] == "It helped."


def test_an_acknowledgement_needs_no_level(case: Case) -> None:
    assert case.answer(AnswerKind.ACKNOWLEDGEMENT, level=None).data["level"] is None


def test_passing_it_on_starts_a_new_clock(case: Case) -> None:
    following = an_organisation()
    start = case.addressee().handed_over_on
    with clock.at(clock.now() + timedelta(days=10)):
        entry = case.answer(AnswerKind.TRANSFERRED, transfer_to=following)
        after = case.addressee(following)
        assert (after.state, after.handed_over_on) == (WAITING, today())
        assert start is not None
        assert after.handed_over_on > start
        assert after.due_on is not None
        assert after.term["start"] == today().isoformat()
    assert entry.data["transferred_to"] == {"key": following.key, "name": following.name}
    assert case.addressee().state == TRANSFERRED


def test_who_passed_it_on_has_nothing_to_answer(case: Case) -> None:
    case.answer(AnswerKind.TRANSFERRED)
    with pytest.raises(NotAllowed):
        case.answer(AnswerKind.GRANTED)


def test_a_clock_that_runs_already_runs_on(app: Flask) -> None:
    case = Case(authorities=2)
    due = case.addressee(case.authorities[1]).due_on
    with clock.at(clock.now() + timedelta(days=5)):
        case.answer(AnswerKind.TRANSFERRED, transfer_to=case.authorities[1])
    assert case.addressee(case.authorities[1]).due_on == due


def test_passing_it_to_and_fro(case: Case) -> None:
    other = an_organisation()
    case.answer(AnswerKind.TRANSFERRED, transfer_to=other)
    back = a_person(Role.OFFICIAL, of=other)
    case.answer(AnswerKind.TRANSFERRED, actor=back, organisation=other, transfer_to=case.authority)
    assert (case.addressee().state, case.addressee(other).state) == (WAITING, TRANSFERRED)
    with pytest.raises(Invalid) as refused:
        case.answer(AnswerKind.TRANSFERRED, transfer_to=case.authority)
    assert refused.value.message == Problem.SAME_AUTHORITY


def test_the_first_answer_stops_the_clock_and_later_ones_do_not_move_it(case: Case) -> None:
    case.answer(AnswerKind.PROMISE)
    with clock.at(clock.now() + timedelta(days=20)):
        case.answer(AnswerKind.DONE)
    assert case.addressee().answered_on == today()
    assert case.dossier.state == State.DONE


def test_only_officials_of_an_authority_that_was_asked(case: Case) -> None:
    elsewhere = a_person(Role.OFFICIAL)
    member = a_person(Role.MEMBER, of=case.authority)
    for actor in (NOBODY, SYSTEM, a_person(), case.organiser, elsewhere, member):
        with pytest.raises(NotAllowed):
            case.answer(actor=actor)  # type: ignore[arg-type]
    assert not answers(case.dossier)


def test_only_in_the_name_of_ones_own_authority(app: Flask) -> None:
    case = Case(authorities=2)
    with pytest.raises(NotAllowed):
        case.answer(organisation=case.authorities[1])


def test_a_membership_that_ended_this_minute(case: Case) -> None:
    case.answer(AnswerKind.ACKNOWLEDGEMENT)
    accounts.end_membership(SYSTEM, case.official.memberships[0])
    with pytest.raises(NotAllowed):
        case.answer()


def test_a_membership_works_until_the_end_of_its_last_day(case: Case) -> None:
    last = a_person()
    a_membership(last, case.authority, Role.OFFICIAL, until=today())
    tomorrow = datetime.combine(days(1), datetime.min.time(), clock.ZONE).astimezone(UTC)
    with clock.at(tomorrow - timedelta(seconds=1)):
        case.answer(AnswerKind.ACKNOWLEDGEMENT, actor=last)
    with clock.at(tomorrow), pytest.raises(NotAllowed):
        case.answer(actor=last)


@pytest.mark.parametrize("state", [State.DRAFT, State.GATHERING, State.SOLVED, State.WITHDRAWN])
def test_there_is_nothing_to_answer_now(case: Case, state: State) -> None:
    case.dossier = case.another(state=state)
    with pytest.raises(NotAllowed):
        case.answer()


def test_not_while_a_moderator_hides_it(case: Case) -> None:
    dossiers.hide(a_person(Role.MODERATOR), case.dossier, reason="Names somebody.")
    with pytest.raises(NotAllowed):
        case.answer()


def test_one_submit_is_one_answer(case: Case) -> None:
    first = case.answer(once="key")
    assert case.answer(once="key") == first
    assert len(answers(case.dossier)) == 1


def test_supporters_are_told(case: Case) -> None:
    entry = case.answer()
    queued = db.session.scalars(db.select(Job).filter_by(task="notices.answered")).all()
    assert [job.arguments for job in queued] == [{"entry_id": entry.id}]


def test_joined_dossiers_get_the_answer_too(app: Flask) -> None:
    platform, organiser = a_platform()
    authority, report = an_organisation(), an_issue()
    petition = a_bundle(organiser, platform, [report], to=[authority])
    a_signature(report)
    says(report, petition, Consent.JOINED)
    official = a_person(Role.OFFICIAL, of=authority)
    petitions.publish(organiser, petition)
    dossiers.hand_over(organiser, petition)
    commands.answer(
        official,
        petition,
        organisation=authority,
        kind="promise",
        level="decision",
        text="Soon.",
        promise_on=days(9),
    )
    mirrored = answers(report)
    assert [(e.text, e.data["promise_on"], e.data["via"]) for e in mirrored] == [
        ("Soon.", days(9).isoformat(), petition.ref)
    ]
    assert report.state == State.ANSWERED
    assert db.session.scalar(db.select(db.func.count(Job.id)).filter_by(task="notices.answered")) == 1
