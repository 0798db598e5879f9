"""What an authority said elsewhere, written down by those whose dossier it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.answers import commands
from portal.answers.models import AnswerKind, Problem
from portal.answers.queries import public_answers, said
from portal.dossiers import commands as dossiers
from portal.dossiers.models import AddresseeState, Dossier, State
from portal.dossiers.queries import timeline
from portal.dossiers.texts import shown
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY
from tests.answers.making import Case, answers, days
from tests.browser import Browser
from tests.factories import a_person, an_issue, an_organisation


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def written(case: Case, kind: str = AnswerKind.GRANTED, **given: object) -> Entry:
    known = {"of": case.authority, "text": "They told us yes.", "told_on": clock.today()}
    made: Entry = commands.write_down(case.organiser, case.dossier, kind=kind, **known | given)
    return made


def test_it_stands_there_as_theirs_written_down_by_us(case: Case) -> None:
    entry = written(case)
    assert (entry.verb, entry.organisation, entry.role) == ("answered", case.authority, None)
    assert entry.data["written_down_by"] == {"key": case.platform.key, "name": case.platform.name}
    assert (case.dossier.state, case.addressee().state) == (State.ANSWERED, AddresseeState.ANSWERED)
    assert case.platform.name in str(shown(entry).who)
    assert str(case.authority.name) in str(shown(entry).who)


def test_what_was_not_said_stays_open(case: Case) -> None:
    assert written(case, AnswerKind.PROMISE).data["promise_on"] is None
    assert written(case, AnswerKind.REFUSED).data["reason"] == ""
    assert written(case, AnswerKind.TRIAL).data["trial"]["place"] == ""


def test_an_authority_that_is_no_addressee_moves_nothing(case: Case) -> None:
    entry = written(case, AnswerKind.REFUSED, of=an_organisation())
    assert entry.data["addressee"] is None
    assert (case.dossier.state, case.addressee().state) == (State.HANDED_OVER, AddresseeState.WAITING)


def test_what_was_said_before_it_was_put_to_them_answers_nothing(case: Case) -> None:
    written(case, told_on=days(-40))
    assert case.addressee().state == AddresseeState.WAITING
    case.dossier = case.another(state=State.GATHERING)
    written(case)
    assert (case.dossier.state, case.addressee().state) == (State.GATHERING, AddresseeState.NAMED)


def test_the_month_of_handing_over_may_be_the_month_of_the_answer(case: Case) -> None:
    start = case.addressee().handed_over_on
    assert start is not None
    with clock.at(clock.now() + timedelta(days=40)):
        written(case, told_on=start.replace(day=1), precision="month")
    assert case.addressee().answered_on == start.replace(day=1)


def test_passed_on_in_some_month_the_next_clock_starts_at_its_end(case: Case) -> None:
    following = an_organisation()
    with clock.at(clock.now() + timedelta(days=70)):
        month = clock.today().replace(day=1) - timedelta(days=1)
        first = month.replace(day=1)
        written(case, "transferred", told_on=first, precision="month", transfer_to=following)
    assert case.addressee(following).handed_over_on == month


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({"told_on": days(2)}, "told_on", Problem.NOT_YET),
        ({"text": " "}, "text", Problem.NO_TEXT),
        ({"kind": "promise", "promise_on": days(-3)}, "promise_on", Problem.DAY_PASSED),
        ({"kind": "transferred"}, "transfer_to", Problem.NO_AUTHORITY),
    ],
)
def test_what_cannot_be(case: Case, given: dict[str, object], field: str, problem: Problem) -> None:
    with pytest.raises(Invalid) as refused:
        written(case, **given)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.message) == (field, problem)


def test_neighbours_and_platforms_are_no_authority(case: Case) -> None:
    with pytest.raises(Invalid):
        written(case, of=case.platform)


def test_who_may(case: Case) -> None:
    words = {"of": case.authority, "kind": "granted", "text": "Yes.", "told_on": clock.today()}
    report = an_issue()
    contact = a_person(Role.CONTACT, of=case.platform)
    for actor, dossier in ((report.opener, report), (case.organiser, report), (contact, case.dossier)):
        commands.write_down(actor, dossier, **words)
    for actor in (NOBODY, a_person(), case.official, a_person(Role.MEMBER), a_person(Role.MODERATOR)):
        with pytest.raises(NotAllowed):
            commands.write_down(actor, report, **words)
    assert answers(report)[0].data["written_down_by"] == {"key": "", "name": ""}


def moment(year: int, month: int, day: int = 1) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def the_urinal() -> tuple[Dossier, dict[str, Entry]]:
    """Trial in July, promise in October, refusal by the police on 23 November 2021."""
    with clock.at(moment(2021, 6)):
        case = Case()
        police = an_organisation(name="The police")
        report = an_issue(opener=case.organiser, organisation_id=case.platform.id)
    with clock.at(moment(2021, 7)):
        outcome = {"outcome": "It helped."}
        trial = dossiers.tell(
            case.organiser, report, text="Three weeks.", what="trial", precision="month", **outcome
        )
    with clock.at(moment(2021, 9)):
        dossiers.hand_over(case.organiser, report, to=[case.authority])
    case.dossier = report
    with clock.at(moment(2021, 10, 20)):
        promise = written(
            case, "promise", text="We arrange it.", told_on=date(2021, 10, 1), precision="month"
        )
    with clock.at(moment(2021, 11, 23)):
        refusal = written(case, "refused", of=police, text="No.", told_on=date(2021, 11, 23))
    return report, {"trial": trial, "promise": promise, "refused": refusal}


def test_the_story_of_the_urinal(app: Flask, browser: Browser) -> None:
    report, told = the_urinal()
    assert first_broken(report) is None
    cards = said(public_answers(timeline(NOBODY, report)))
    assert [card.entry for card in cards] == [told["refused"], told["promise"]]
    assert cards[1].turned_down == told["refused"]
    browser.language = "en"
    seen = browser.get(f"/d/{report.ref}")
    shown_cards = [
        " ".join(card.text.split()) for card in seen.select("section[aria-labelledby=said-title] li")
    ]
    assert "Refused" in shown_cards[0]
    assert "23 November 2021" in shown_cards[0]
    assert "no day named" in shown_cards[1]
    assert "Afterwards refused: The police, 23 November 2021." in shown_cards[1]
    assert "October 2021" in shown_cards[1]
    assert len(shown_cards) == 2  # the neighbours' own trial is no authority's word
    trial = seen.select_one(f"#e{told['trial'].seq}").text
    assert "July 2021" in trial
    assert "It helped." in trial


def test_on_the_screen(either_browser: Browser, case: Case) -> None:
    either_browser.signs_in(case.organiser).get(f"/d/{case.dossier.ref}")
    page = f"/d/{case.dossier.ref}/written-down"
    assert either_browser.seen.select_one(f"main a[href='{page}']")
    either_browser.get(f"{page}?kind=refused")
    either_browser.submit("form.compose", press="button.preview", text="No, they wrote.")
    assert either_browser.status == 422
    assert {f["id"] for f in either_browser.seen.select("[aria-invalid]")} == {"of", "told_on"}
    filled = {"of": case.authority.key, "told_on": clock.today().isoformat(), "only_month": "y"}
    either_browser.submit("form.compose", press="button.preview", **filled)
    assert "No, they wrote." in either_browser.seen.select_one("#answers-composer .timeline").text
    either_browser.submit("form.send")
    assert (either_browser.status, either_browser.url) == (200, f"/d/{case.dossier.ref}")
    entry = answers(case.dossier)[0]
    assert (entry.text, entry.precision, entry.on.day) == ("No, they wrote.", "month", 1)
