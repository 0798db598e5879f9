"""A note for colleagues is seen by officials of the same authority, and by nobody else, on no page."""

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.answers import commands
from portal.answers.models import AnswerKind, Problem
from portal.dossiers.queries import timeline
from portal.dossiers.timeline import first_broken
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.jobs import Job
from portal.kernel.policy import NOBODY, SYSTEM
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature

KEPT = "We wait for the budget of next year."


@pytest.fixture
def case(app: Flask) -> Case:
    made = Case(authorities=2)
    commands.note(made.official, made.dossier, text=f"  {KEPT} ")
    return made


def test_it_is_an_entry_with_an_audience(case: Case) -> None:
    noted = timeline(case.official, case.dossier)[-1]
    assert (noted.verb, noted.text, noted.audience_id) == ("noted", KEPT, case.authority.id)
    assert first_broken(case.dossier) is None
    assert db.session.scalar(db.select(db.func.count(Job.id)).filter_by(task="notices.answered")) == 0


def test_nobody_else_may_note(case: Case) -> None:
    for actor in (NOBODY, SYSTEM, a_person(), case.organiser, a_person(Role.OFFICIAL)):
        with pytest.raises(NotAllowed):
            commands.note(actor, case.dossier, text="Me too")
    with pytest.raises(NotAllowed):
        commands.note(case.official, case.dossier, text="Us", organisation=case.authorities[1])


@pytest.mark.parametrize(("text", "problem"), [(" ", Problem.NO_TEXT), ("x" * 5001, Problem.TOO_LONG)])
def test_a_note_has_words(case: Case, text: str, problem: Problem) -> None:
    with pytest.raises(Invalid) as refused:
        commands.note(case.official, case.dossier, text=text)
    assert refused.value.message == problem


def test_who_passed_it_on_can_still_note(case: Case) -> None:
    case.answer(AnswerKind.TRANSFERRED, transfer_to=case.authorities[1])
    before = timeline(case.official, case.dossier)[-1]
    commands.note(case.official, case.dossier, text="Told them by phone.")
    noted = timeline(case.official, case.dossier)[-1]
    assert (before.verb, noted.verb, noted.text) == ("answered", "noted", "Told them by phone.")
    assert noted.audience_id == case.authority.id


def readers(case: Case) -> list[object]:
    """Everybody who may open the dossier and does not work at the authority."""
    former = a_person(Role.OFFICIAL, of=case.authority)
    accounts.end_membership(SYSTEM, former.memberships[0])
    supporter = a_signature(case.dossier).person
    roles = [a_person(role) for role in (Role.MODERATOR, Role.ORGANISER, Role.MEMBER, Role.CONTACT)]
    other = a_person(Role.OFFICIAL, of=case.authorities[1])
    member = a_person(Role.MEMBER, of=case.authority)
    return [None, a_person(), supporter, case.organiser, former, other, member, *roles]


def test_no_page_shows_it_to_others(app: Flask, case: Case) -> None:
    ref = case.dossier.ref
    paths = [
        f"/d/{ref}",
        "/",
        "/n/K",
        "/dossiers",
        "/dossiers?q=budget",
        f"/dossiers?q={ref}",
        "/me",
        "/me/data.json",
        "/staff",
        f"/staff/{ref}",
        f"/staff/{ref}/answer",
        f"/staff/{ref}/notes",
        f"/d/{ref}/written-down",
        f"/d/{ref}/tell",
        "/desk",
        "/moderation",
        "/committee",
    ]
    for person in readers(case):
        browser = Browser(app)
        if person is not None:
            browser.signs_in(person)
        for path in paths:
            browser.get(path)
            assert browser.response is not None
            assert "budget of next year" not in browser.response.text, (person, path)


def test_colleagues_read_it(app: Flask, case: Case) -> None:
    colleague = a_person(Role.OFFICIAL, of=case.authority)
    seen = Browser(app).signs_in(colleague).get(f"/staff/{case.dossier.ref}")
    assert KEPT in seen.select_one("#timeline").text


def test_it_goes_into_no_mail(app: Flask, case: Case) -> None:
    a_signature(case.dossier)
    case.answer()
    for mail in Browser(app).mails():
        assert "budget" not in mail.as_string()


def test_writing_one_on_the_desk(either_browser: Browser, case: Case) -> None:
    either_browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}")
    either_browser.submit("form.note", **{"note-text": ""})
    assert either_browser.status == 422
    assert either_browser.seen.select_one("[aria-invalid]")["id"] == "note-text"
    either_browser.submit("main form", **{"note-text": "Asked the mason."})
    assert (either_browser.status, either_browser.url.partition("?")[0]) == (
        200,
        f"/staff/{case.dossier.ref}",
    )
    assert "Asked the mason." in either_browser.seen.select_one("#timeline").text


def test_its_page_can_be_opened(browser: Browser, case: Case) -> None:
    browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}/notes")
    assert browser.status == 200
    browser.signs_in(case.organiser).get(f"/staff/{case.dossier.ref}/notes")
    assert browser.status == 403
