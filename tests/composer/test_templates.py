"""Templates of an authority: made, changed, retired by its officials; their fields filled in when chosen."""

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.composer.models import AnswerTemplate
from portal.composer.words import FIELDS, fill, unknown
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from tests.answers.making import Case
from tests.browser import Browser
from tests.composer.making import a_template
from tests.factories import a_person, a_signature

FORM = "form.compose"
ALL = " / ".join(f"{{{name}}}" for name in FIELDS)


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def templates() -> list[AnswerTemplate]:
    db.session.commit()
    return list(db.session.scalars(db.select(AnswerTemplate).order_by(AnswerTemplate.id)))


def test_made_changed_and_retired(browser: Browser, case: Case) -> None:
    browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}")
    browser.click("#write a[data-key=t]")
    browser.submit("form.template", name="We look at it", kind="promise", text="About {title}.")
    assert "We look at it" in browser.seen.select_one("main .lines").text
    browser.click("main .lines a")
    browser.submit("form.template", text="About {reference}.")
    assert [(one.name, one.kind, one.text) for one in templates()] == [
        ("We look at it", "promise", "About {reference}.")
    ]
    browser.submit("main .lines form")
    assert templates()[0].retired_at is not None
    assert not browser.get(f"/staff/{case.dossier.ref}").select("#template")
    browser.get(f"/staff/templates/{templates()[0].id}")
    browser.submit("form.template")
    assert templates()[0].retired_at is None, "kept again it can be chosen again"


def test_an_unknown_field_is_refused_by_name(browser: Browser, case: Case) -> None:
    browser.signs_in(case.official).get("/staff/templates")
    for text, found in (("Dear {naam}, {foo bar}", "{naam}, {foo bar}"), ("Loose } brace", "}")):
        browser.submit("form.template", name="Wrong", text=text)
        assert browser.status == 422
        said = browser.seen.select_one("#text-error").text
        assert f"There is no field {found}." in said
        assert "{due date}" in said
        assert browser.seen.select_one("#text").text.strip() == text
    browser.submit("form.template", name=" ", text="Words.")
    assert browser.status == 422
    assert not templates()


@pytest.mark.parametrize("js", [False, True])
def test_chosen_it_is_filled_in_behind_what_was_typed(app: Flask, case: Case, js: bool) -> None:
    case.dossier = case.another(title="Bins back", place_name="By the pond")
    a_signature(case.dossier)
    one = a_template(case, ALL, kind="promise")
    browser = Browser(app, js=js).signs_in(case.official)
    browser.get(f"/staff/{case.dossier.ref}")
    press = "button[value=template]"
    browser.submit(FORM, press=press, template=str(one.id))
    due = case.addressee().due_on
    assert due is not None
    words = browser.seen.select_one("#text").text.strip()
    with app.test_request_context(), force_locale("en"):
        day = f"{due.day} {due:%B %Y}"
    assert words.startswith(
        f"Bins back / {case.dossier.ref} / By the pond / {day} / 1 / {case.authority.name}"
    )
    assert browser.seen.select_one("#kind-2").has_attr("checked"), "the kind it is for"
    assert browser.seen.select_one("#promise_on")
    browser.submit(FORM, press=press, template=str(one.id), text="Typed.", kind="done")
    words = browser.seen.select_one("#text").text.strip()
    assert words.startswith("Typed.")
    assert "Bins back" in words
    assert browser.seen.select_one("input[name=kind][checked]")["value"] == "done", "what was chosen stays"


def test_of_one_authority_alone(app: Flask, case: Case) -> None:
    one = a_template(case)
    former = a_person(Role.OFFICIAL, of=case.authority)
    accounts.end_membership(SYSTEM, former.memberships[0])
    for person in (a_person(Role.OFFICIAL), former, case.organiser, a_person(Role.MEMBER), a_person()):
        browser = Browser(app).signs_in(person)
        for url in (f"/staff/templates/{one.id}", f"/staff/templates/{one.id}/retire"):
            browser.post(url, {"name": "Theirs", "text": "Theirs."})
            assert browser.status == 403
        assert one.name not in browser.get("/staff/templates").text
    assert [(known.name, known.retired_at) for known in templates()] == [("Received", None)]


def test_fields_are_read_as_people_write_them() -> None:
    assert unknown(ALL) == []
    assert unknown("{Due_Date} {due  date} {TITLE}") == []
    assert unknown("{}{title}{nope}{nope}") == ["{}", "{nope}"]
    assert fill("{Due_Date}: {title}", {"due date": "today", "title": "{place}"}) == "today: {place}"
