"""One answer to several dossiers: who gets what is shown first; each has its own entry, and none is lost."""

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.dossiers.models import State
from portal.dossiers.timeline import first_broken
from tests.answers.making import Case, answers
from tests.browser import Browser
from tests.composer.making import SAID
from tests.factories import a_person, a_signature
from tests.petitions.test_mirror import Handed

FORM, PREVIEW = "form.compose", "button.preview"


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def written(browser: Browser, *refs: str | None) -> Browser:
    """Up to the preview of one answer to these."""
    browser.get("/staff/several")
    browser.submit("form.choose", ref=[str(ref) for ref in refs])
    browser.submit(FORM, press="button[value=kind]", kind="done")
    browser.submit(FORM, press=PREVIEW, **SAID)
    return browser


@pytest.mark.parametrize("js", [False, True])
def test_one_answer_one_entry_each(app: Flask, case: Case, js: bool) -> None:
    second, third = case.another(), case.another()
    for locale in ("nl", "nl", "en"):
        a_signature(second, a_person(locale=locale))
    browser = written(Browser(app, js=js).signs_in(case.official), case.dossier.ref, second.ref)
    rows = [" ".join(row.text.split()) for row in browser.seen.select(".recipients tbody tr")]
    assert [str(case.dossier.ref) in rows[0], str(second.ref) in rows[1]] == [True, True]
    assert rows[0].endswith("0 none")
    assert rows[1].endswith("3 1 in English, 2 in Dutch")
    preview = browser.seen
    browser.submit("form.send")
    assert "2 answers stand" in browser.seen.select_one("h1").text
    browser.seen = preview
    browser.submit("form.send")
    assert "2 answers stand" in browser.seen.select_one("h1").text, "sent twice it is the same"
    for dossier in (case.dossier, second):
        assert [entry.text for entry in answers(dossier)] == ["Our words."]
        assert first_broken(dossier) is None
    assert not answers(third)
    assert len(browser.mails()) == 3


def test_what_moved_meanwhile_is_left_out_and_told(app: Flask, case: Case) -> None:
    solved, answered, passed_on, hidden, last = (case.another() for _ in range(5))
    chosen = [case.dossier, solved, answered, passed_on, hidden, last]
    browser = written(Browser(app).signs_in(case.official), *(d.ref for d in chosen))
    first = case.dossier
    dossiers.solve(case.organiser, solved)
    case.dossier = answered
    case.answer(AnswerKind.GRANTED, actor=a_person(Role.OFFICIAL, of=case.authority))
    case.dossier = passed_on
    case.answer(AnswerKind.TRANSFERRED)
    dossiers.hide(a_person(Role.MODERATOR), hidden, reason="It names somebody.")
    browser.submit("form.send")
    said = {line.a.text: " ".join(line.text.split()) for line in browser.seen.select(".outcomes li")}
    assert set(said) == {d.ref for d in chosen}
    for dossier in (first, last):
        assert "answered" in said[str(dossier.ref)]
        assert [entry.text for entry in answers(dossier)] == ["Our words."]
    assert "A colleague answered it meanwhile." in said[str(answered.ref)]
    for dossier in (solved, passed_on, hidden):
        assert "solved, withdrawn, passed on or hidden" in said[str(dossier.ref)]
    assert [len(answers(d)) for d in (solved, answered, passed_on, hidden)] == [0, 1, 1, 0]
    assert "4 dossiers did not" in browser.seen.select_one(".lead").text


def test_a_petition_takes_along_what_joined_it(app: Flask) -> None:
    handed = Handed()
    a_signature(handed.open)
    handed.hand_over()
    dossiers.hand_over(handed.open.opener, handed.open, to=[handed.authority])
    browser = written(Browser(app).signs_in(handed.official), handed.petition.ref, handed.open.ref)
    row = browser.seen.select_one(".recipients tbody tr").text
    assert all(str(joined.ref) in browser.seen.select_one(".recipients").text for joined in handed.joined)
    assert row
    browser.submit("form.send")
    assert "through the petition" in browser.seen.select_one(".outcomes").text
    for dossier in (handed.petition, *handed.joined):
        assert [entry.data["kind"] for entry in answers(dossier) if entry.text == "Our words."] == ["done"]
    assert not answers(handed.apart)


def test_what_is_not_right_loses_nothing(app: Flask, case: Case) -> None:
    browser = Browser(app).signs_in(case.official)
    browser.get("/staff/several?ref=K-1")
    assert browser.status == 422
    assert "Tick at least one" in browser.seen.text
    browser.get("/staff/several?q=nothing-has-this-word")
    assert not browser.seen.select("form.choose")
    second = case.another()
    browser.get(f"/staff/several?ref={case.dossier.ref}&ref={second.ref}")
    browser.submit(FORM, press="button[value=kind]", kind="refused")
    browser.submit(FORM, press=PREVIEW, text="We do not.", level="decision")
    assert browser.status == 422
    assert browser.seen.select_one("#reason-error")
    browser.submit(FORM, press=PREVIEW, reason="No money.")
    assert "No money." in browser.seen.select_one("#answers-composer").text
    browser.submit("form.change")
    assert browser.seen.select_one("#reason").text.strip() == "No money."
    assert not answers(case.dossier)


def test_only_what_was_put_to_ones_own_authority(app: Flask, case: Case) -> None:
    other = a_person(Role.OFFICIAL)
    browser = Browser(app).signs_in(other)
    assert case.dossier.ref not in browser.get("/staff/several").text
    data = SAID | {"dossiers": f"{case.dossier.ref}:1", "step": "send", "once": "by hand"}
    browser.post("/staff/several", data)
    assert "left out" in browser.seen.text
    for person in (case.organiser, a_person(Role.MEMBER), a_person()):
        stranger = Browser(app).signs_in(person)
        stranger.post("/staff/several", data)
        assert stranger.status == 403
    assert not answers(case.dossier)
    assert case.dossier.state == State.HANDED_OVER
