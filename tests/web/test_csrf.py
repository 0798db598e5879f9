"""With the guard against forged forms on, as everywhere but in the other tests."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.browser import Browser
from tests.factories import a_person

VALUES = {"ref": "K-1001", "ticket": "abc", "code": "K", "step": "where", "key": "abc", "lineage_id": 1}


@pytest.fixture(autouse=True)
def guarded(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True


def posts(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]


@pytest.mark.parametrize("js", [False, True])
def test_no_form_is_taken_that_did_not_come_from_us(app: Flask, js: bool) -> None:
    browser = Browser(app, js=js, language="en").signs_in(a_person())
    taken = []
    for rule in posts(app):
        with app.test_request_context():
            built = rule.build({name: VALUES.get(name, 1) for name in rule.arguments})
        assert built is not None, rule
        browser.post(built[1], target="form#any")
        if browser.status != 400:
            taken.append((rule.endpoint, browser.status))
    assert not taken


def test_a_form_of_ours_is_taken(app: Flask) -> None:
    browser = Browser(app, language="nl")
    browser.get("/sign-in")
    browser.submit("header form")
    assert browser.status == 200
    assert browser.seen.html["lang"] == "en"


def test_a_browser_that_does_not_say_where_it_comes_from_is_believed(app: Flask) -> None:
    browser = Browser(app).signs_in(a_person())
    proof = browser.get("/me", base_url="https://localhost").select_one("main [name=csrf_token]")
    assert proof is not None
    given = {"csrf_token": proof["value"], "name": "Somebody", "locale": "en"}
    browser.post("/me", given, base_url="https://localhost")
    assert "Saved." in browser.seen.text


def test_a_form_that_was_open_for_too_long_says_so_and_loses_nothing(app: Flask) -> None:
    browser = Browser(app, language="en")
    browser.get("/sign-in")
    browser.client.delete_cookie("rotonde")
    browser.submit("main form", email="ann@homes.example")
    assert browser.status == 400
    assert "open for too long" in browser.seen.main.text


def test_every_form_carries_the_proof(app: Flask) -> None:
    browser = Browser(app).signs_in(a_person())
    for url in ("/", "/me", "/me/erase", "/sign-in", "/dossiers", "/styleguide"):
        seen = browser.get(url)
        assert browser.status == 200, url
        forms = [form for form in seen.select("form") if form.get("method", "get").lower() == "post"]
        assert forms
        assert not [form for form in forms if not form.select_one("input[name=csrf_token][value]")], url
