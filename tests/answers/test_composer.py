"""Writing an answer on the screen: with and without JavaScript the same, and nothing typed is lost."""

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.answers.models import FIELDS, AnswerKind, Level
from portal.kernel.clock import today
from portal.kernel.policy import SYSTEM
from tests.answers.making import Case, answers, days
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_organisation

FORM, PREVIEW = "form.compose", "button.preview"


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


@pytest.fixture
def desk(either_browser: Browser, case: Case) -> Browser:
    """The dossier on the official's desk."""
    either_browser.signs_in(case.official)
    return either_browser


def typed(case: Case, what: str) -> dict[str, str]:
    """What somebody fills in for this kind of answer."""
    given = {
        AnswerKind.PROMISE: {"promise_on": days(30).isoformat()},
        AnswerKind.TRIAL: {
            "trial_place": "The square",
            "trial_from": days(1).isoformat(),
            "trial_until": days(9).isoformat(),
        },
        AnswerKind.REFUSED: {"reason": "There is no money."},
        AnswerKind.TRANSFERRED: {"transfer_to": an_organisation().key},
    }.get(AnswerKind(what), {})
    reply = what in {AnswerKind.ACKNOWLEDGEMENT, AnswerKind.QUESTION}
    return {"text": "Our words.", **({} if reply else {"level": "decision"}), **given}


@pytest.mark.parametrize("what", list(AnswerKind))
def test_from_the_desk_to_the_timeline(desk: Browser, case: Case, what: AnswerKind) -> None:
    filled = typed(case, what)
    desk.get(f"/staff/{case.dossier.ref}?kind={what}")
    shown = {f["name"] for f in desk.seen.select(f"{FORM} [name]")} & {
        n for own in FIELDS.values() for n in own
    }
    assert shown == set(FIELDS.get(what, ()))
    desk.submit(FORM, press=PREVIEW, **filled)
    assert desk.status == 200
    assert "Our words." in desk.seen.select_one("#answers-composer .timeline").text
    assert not answers(case.dossier)
    desk.submit("form.send")
    assert [entry.data["kind"] for entry in answers(case.dossier)] == [what]
    assert case.dossier.ref in desk.seen.select_one("#flash").text


@pytest.mark.parametrize("what", [k for k in AnswerKind if k not in {"acknowledgement", "question"}])
def test_errors_stand_beside_their_fields(desk: Browser, case: Case, what: AnswerKind) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind={what}")
    desk.submit(FORM, press=PREVIEW)
    assert desk.status == 422
    wrong = {str(error["id"]).removesuffix("-error") for error in desk.seen.select(".error")}
    assert wrong == {"text", "level", *FIELDS.get(what, ())} - {"trial_outcome"}
    for field in desk.seen.select("[aria-invalid]"):
        assert f"{field['id']}-error" in field["aria-describedby"]
    assert desk.seen.select_one("#errors")
    assert not answers(case.dossier)


def test_a_day_that_has_passed(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=promise")
    desk.submit(FORM, press=PREVIEW, text="Yes.", level="advice", promise_on=days(-1).isoformat())
    assert desk.status == 422
    assert desk.seen.select_one("#promise_on")["value"] == days(-1).isoformat()
    assert desk.seen.select_one("#text").text.strip() == "Yes."


def test_no_day_at_all(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=promise")
    desk.submit(FORM, press=PREVIEW, text="Yes.", level="advice", promise_on="soon")
    assert desk.status == 422
    assert len(desk.seen.select("#promise_on-error")) == 1


def test_another_kind_keeps_what_was_typed(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=promise")
    button = "button[value=kind]"
    desk.submit(FORM, press=button, kind="refused", text="Because.", promise_on=days(3).isoformat())
    assert desk.status == 200
    assert desk.seen.select_one("#reason")
    assert not desk.seen.select_one("#promise_on")
    assert desk.seen.select_one("#text").text.strip() == "Because."


def test_from_the_preview_back_to_the_words(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=trial")
    desk.submit(FORM, press=PREVIEW, **typed(case, "trial"))
    desk.submit("form.change")
    assert desk.seen.select_one("#trial_place")["value"] == "The square"
    assert desk.seen.select_one("#level-0").has_attr("checked")


def test_the_preview_is_how_it_will_stand_there(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=refused")
    preview = desk.submit(FORM, press=PREVIEW, **typed(case, "refused")).select_one("li.entry")
    desk.submit("form.send")
    seen = Browser(desk.app).get(f"/d/{case.dossier.ref}").select(".timeline li.entry")[-1]
    assert seen.text.split() == preview.text.split()


@pytest.mark.parametrize("what", ["granted", "transferred"])
def test_sent_twice_it_is_one_answer(desk: Browser, case: Case, what: str) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind={what}")
    page = desk.submit(FORM, press=PREVIEW, **typed(case, what))
    desk.submit("form.send")
    desk.seen = page
    desk.submit("form.send")
    assert desk.status == 200
    assert len(answers(case.dossier)) == 1


def test_on_to_the_next_dossier(desk: Browser, case: Case) -> None:
    second = case.another()
    for here, following in ((case.dossier, f"/staff/{second.ref}"), (second, "/staff")):
        desk.get(f"/staff/{here.ref}?kind=granted")
        desk.submit(FORM, press=PREVIEW, **typed(case, "granted"))
        desk.submit("form.send")
        assert desk.url.partition("?")[0] == following


def test_what_goes_wrong_at_the_last_moment_loses_nothing(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=promise")
    desk.submit(FORM, press=PREVIEW, **typed(case, "promise"))
    desk.submit("form.send", promise_on=days(-2).isoformat())
    assert desk.status == 422
    assert desk.seen.select_one("#text").text.strip() == "Our words."


def test_in_the_name_of_one_of_two_authorities(app: Flask, either_browser: Browser) -> None:
    case = Case(authorities=2)
    both = a_person(Role.OFFICIAL, of=case.authority)
    accounts.appoint(SYSTEM, case.authorities[1], person=both, role=Role.OFFICIAL)
    either_browser.signs_in(both).get(f"/staff/{case.dossier.ref}?kind=granted&who={case.authorities[1].key}")
    chosen = either_browser.seen.select_one("#organisation option[selected]")
    assert chosen["value"] == case.authorities[1].key
    either_browser.submit(FORM, press=PREVIEW, **typed(case, "granted"))
    either_browser.submit("form.send")
    assert answers(case.dossier)[0].organisation == case.authorities[1]


def test_who_may_not(app: Flask, case: Case) -> None:
    former = a_person(Role.OFFICIAL, of=case.authority)
    accounts.end_membership(SYSTEM, former.memberships[0])
    page = f"/staff/{case.dossier.ref}/answer"
    given = {"kind": "granted", "text": "Yes.", "level": "decision", "step": "send"}
    for person in (former, a_person(), case.organiser, a_person(Role.OFFICIAL), a_person(Role.MODERATOR)):
        browser = Browser(app).signs_in(person)
        for seen in (lambda b: b.get(page), lambda b: b.post(page, given)):
            seen(browser)
            assert browser.status == 403
    anonymous = Browser(app)
    anonymous.get(page)
    assert anonymous.url.startswith("/sign-in")
    anonymous.post(page, given)
    assert anonymous.url.startswith("/sign-in")
    assert not answers(case.dossier)


def test_a_membership_that_ends_between_writing_and_sending(desk: Browser, case: Case) -> None:
    desk.get(f"/staff/{case.dossier.ref}?kind=granted")
    desk.submit(FORM, press=PREVIEW, **typed(case, "granted"))
    accounts.end_membership(SYSTEM, case.official.memberships[0])
    desk.submit("form.send")
    assert desk.status == 403
    assert not answers(case.dossier)


def test_supporters_get_a_mail_with_the_answer(app: Flask, case: Case) -> None:
    supporter = a_signature(case.dossier).person
    case.answer(AnswerKind.PROMISE, text="Eleven bins come back.", level=Level.DECISION, promise_on=today())
    mails = Browser(app).mails(to=supporter.email)
    assert len(mails) == 1
    body = mails[0].get_body()
    assert body is not None
    assert "Eleven bins come back." in body.get_content()
