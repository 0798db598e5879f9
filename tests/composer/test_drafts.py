"""A draft is kept while it is written, shared by colleagues, and overwritten by nobody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts import own_data
from portal.accounts.commands import erase
from portal.accounts.models import Organisation, Person, Role
from portal.answers.models import AnswerKind
from portal.composer import commands
from portal.composer.models import DRAFTS_STAY
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.jobs import TASKS
from portal.kernel.policy import SYSTEM
from tests.answers.making import Case, answers
from tests.browser import Browser
from tests.composer.making import SAID, a_draft, drafts
from tests.factories import a_person
from tests.threads import at_once

FORM, PREVIEW, KEEP = "form.compose", "button.preview", "#composer-saved button"


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def on_the_desk(app: Flask, case: Case, person: Any = None, *, js: bool = False) -> Browser:
    browser = Browser(app, js=js).signs_in(person or case.official)
    browser.get(f"/staff/{case.dossier.ref}?kind=done")
    return browser


def autosaves(browser: Browser, **values: Any) -> None:
    """What htmx sends a moment after somebody typed: the form as it stands, for the part about the draft."""
    page = browser.seen
    form = page.select_one(FORM)
    assert form is not None
    url = form.select_one("div[data-hx-target='#composer-saved']")["data-hx-post"]
    data = {str(f["name"]): str(f.get("value", "")) for f in form.select("input[type=hidden]")}
    browser._open("POST", str(url), "div#composer-saved", data=data | values)
    saved = browser.seen.select_one("#composer-saved")
    page.select_one("#composer-saved").replace_with(saved)
    browser.seen = page


def test_without_javascript_a_button_keeps_it_and_a_colleague_goes_on(app: Flask, case: Case) -> None:
    colleague = a_person(Role.OFFICIAL, of=case.authority, name="Colleague")
    first = on_the_desk(app, case)
    first.submit(FORM, press=KEEP, text="Half a sen", level="advice")
    assert first.url.startswith(f"/staff/{case.dossier.ref}?")
    assert "kept" in first.seen.select_one("#flash").text
    second = on_the_desk(app, case, colleague)
    assert second.seen.select_one("#text").text.strip() == "Half a sen"
    assert second.seen.select_one("#level-1").has_attr("checked")
    assert case.official.name in second.seen.select_one("#composer-saved").text
    second.submit(FORM, press=PREVIEW, text="A whole sentence.")
    second.submit("form.send")
    assert [entry.text for entry in answers(case.dossier)] == ["A whole sentence."]
    assert not drafts()


def test_it_is_kept_while_one_types(app: Flask, case: Case) -> None:
    browser = on_the_desk(app, case, js=True)
    autosaves(browser, text="We", kind="done")
    autosaves(browser, text="We do", kind="done")
    autosaves(browser, text="We do it.", kind="done", level="decision")
    assert browser.status == 200
    assert [draft.values for draft in drafts()] == [
        {"text": "We do it.", "kind": "done", "level": "decision"}
    ]
    assert "csrf" not in str(drafts()[0].values)
    browser.submit(FORM, press=PREVIEW, **SAID)
    browser.submit("form.change")
    autosaves(browser, **SAID | {"text": "After a look."})
    assert browser.status == 200, "one's own draft is no conflict"
    before = browser.seen
    browser.submit(FORM, press=PREVIEW, **SAID)
    browser.submit("form.send")
    browser.seen = before
    autosaves(browser, **SAID)
    assert not drafts(), "what comes late does not bring back what was sent"


def test_a_second_save_on_an_old_version_shows_both(app: Flask, case: Case) -> None:
    colleague = a_person(Role.OFFICIAL, of=case.authority, name="Colleague")
    ours, theirs = on_the_desk(app, case, js=True), on_the_desk(app, case, colleague)
    theirs.submit(FORM, press=KEEP, text="Theirs.")
    for _ in range(2):
        autosaves(ours, text="Ours.", kind="done")
        assert ours.status == 409
        assert "Theirs." in ours.seen.select_one("#composer-saved blockquote").text
        assert "Colleague" in ours.seen.select_one("#composer-saved").text
        assert [draft.values["text"] for draft in drafts()] == ["Theirs."]
    over = ours.seen.select_one("#composer-saved button[name=over]")["value"]
    autosaves(ours, text="Ours.", kind="done", over=over)
    assert ours.status == 200
    assert [draft.values["text"] for draft in drafts()] == ["Ours."]
    theirs.get(f"/staff/{case.dossier.ref}")
    assert theirs.seen.select_one("#text").text.strip() == "Ours."


def test_without_javascript_both_are_shown_too(app: Flask, case: Case) -> None:
    colleague = a_person(Role.OFFICIAL, of=case.authority)
    ours, theirs = on_the_desk(app, case), on_the_desk(app, case, colleague)
    theirs.submit(FORM, press=KEEP, text="Theirs.")
    ours.submit(FORM, press=KEEP, text="Ours.")
    assert ours.status == 409
    assert ours.seen.select_one("#text").text.strip() == "Ours."
    assert "Theirs." in ours.seen.select_one("#composer-saved blockquote").text
    ours.submit(FORM, press="button[name=over]")
    assert [draft.values["text"].strip() for draft in drafts()] == ["Ours."]


@pytest.mark.parametrize("js", [False, True])
def test_a_colleague_answered_meanwhile(app: Flask, case: Case, js: bool) -> None:
    browser = on_the_desk(app, case, js=js)
    browser.submit(FORM, press=PREVIEW, **SAID)
    case.answer(AnswerKind.GRANTED, text="Theirs.", actor=a_person(Role.OFFICIAL, of=case.authority))
    browser.submit("form.send")
    assert browser.status == 409
    assert "Theirs." in browser.seen.select_one("#answers-composer").text
    assert "Our words." in browser.seen.select_one("#answers-composer").text
    assert [entry.text for entry in answers(case.dossier)] == ["Theirs."]
    browser.submit("form.send")
    assert [entry.text for entry in answers(case.dossier)] == ["Theirs.", "Our words."]


def test_drafts_of_two_authorities_are_apart(app: Flask) -> None:
    case = Case(authorities=2)
    other = a_person(Role.OFFICIAL, of=case.authorities[1])
    a_draft(case, "Of the first one.")
    browser = on_the_desk(app, case, other)
    assert "Of the first one." not in browser.seen.text
    browser.submit(FORM, press=KEEP, text="Of the second one.")
    assert {draft.values["text"] for draft in drafts()} == {"Of the first one.", "Of the second one."}


def test_what_is_kept_of_people(app: Flask, case: Case) -> None:
    a_draft(case, "Mine.")
    on_the_desk(app, case)
    known = own_data.export(case.official)
    assert [one["text"]["text"] for one in known["answer_drafts"]] == ["Mine."]
    assert [one["dossier"] for one in known["presence"]] == [case.dossier.ref]
    erase(case.official, case.official)
    db.session.commit()
    assert [draft.person_id for draft in drafts()] == [None]
    assert not db.session.scalar(db.select(db.func.count()).select_from(commands.Presence))


def test_forgotten_after_a_while_or_with_its_dossier(app: Flask, case: Case) -> None:
    old = a_draft(case, "Left behind.")
    with clock.at(clock.now() + DRAFTS_STAY - timedelta(days=1)):
        fresh = a_draft(case, "Begun later.", case.another())
    with clock.at(clock.now() + DRAFTS_STAY + timedelta(minutes=1)):
        TASKS["composer.purge"](job_id=0)
    assert drafts() == [fresh]
    assert old not in db.session
    case.dossier = fresh_dossier = case.another()
    a_draft(case, "Of what is over.", fresh_dossier)
    dossiers.solve(case.organiser, fresh_dossier)
    dossiers.forget(SYSTEM, fresh_dossier)
    assert drafts() == [fresh]


def test_two_at_the_same_moment(app: Flask, case: Case) -> None:
    """Two sessions, both from the same version: one is kept, the other is told, and no word is lost."""
    ids = case.dossier.id, case.authority.id
    people = [case.official.id, a_person(Role.OFFICIAL, of=case.authority).id]
    begun: Any = commands.save(
        case.official, case.dossier, organisation=case.authority, values={"text": "Begun."}, form="first"
    )
    version = begun.version

    def writes(number: int) -> Callable[[], Any]:
        def deed() -> Any:
            actor = db.session.get_one(Person, people[number])
            dossier, own = db.session.get_one(Dossier, ids[0]), db.session.get_one(Organisation, ids[1])
            text, form = f"Text {number}.", f"form {number}"
            kept = commands.save(
                actor, dossier, organisation=own, values={"text": text}, form=form, version=version
            )
            return kept.values["text"]

        return deed

    results = at_once(app, writes(0), writes(1))
    kept = [text for text in results if isinstance(text, str)]
    told = [error for error in results if isinstance(error, commands.Stale)]
    assert (len(kept), len(told)) == (1, 1), results
    db.session.expire_all()
    assert [draft.values["text"] for draft in drafts()] == kept
    mine = results.index(told[0])
    browser = on_the_desk(app, case, db.session.get_one(Person, people[mine]))
    browser.submit(FORM, press=KEEP, text=f"Text {mine}.", version=version)
    assert browser.status == 409
    assert kept[0] in browser.seen.select_one("#composer-saved").text, "what the colleague wrote stands there"
    assert browser.seen.select_one("#text").text.strip() == f"Text {mine}.", "and so does one's own"
