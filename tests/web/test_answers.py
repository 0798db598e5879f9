"""What every answer has, and how a refusal looks: as a page, and as a message above the page one is on."""

import pytest
from flask import Flask

from portal.kernel.errors import AlreadyDone, IllegalMove, Invalid, NotAllowed, NotFound, Refused
from portal.web.paths import here
from portal.web.responses import asked_for, done
from tests.browser import Browser
from tests.factories import a_person

REFUSALS = [
    NotAllowed("x"),
    NotFound("x"),
    IllegalMove("x"),
    AlreadyDone("x"),
    Invalid("title", "x"),
    Refused("x"),
]


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """With a route more."""
    return own_app


def refusing(app: Flask, error: Exception) -> None:
    def view() -> None:
        raise error

    app.add_url_rule("/refusing", "refusing", view)


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_a_refusal_is_a_page_with_a_way_on(app: Flask, error: Refused) -> None:
    refusing(app, error)
    browser = Browser(app, language="en").signs_in(a_person())
    browser.get("/refusing")
    assert browser.status == error.status
    assert browser.seen.h1
    assert browser.seen.main.select_one("a[href]")
    assert browser.headers["Vary"]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_a_refused_fragment_leaves_the_page_as_it_is_and_says_why(app: Flask, error: Refused) -> None:
    refusing(app, error)
    browser = Browser(app, js=True).signs_in(a_person())
    browser.get("/refusing", target="section#any")
    assert (browser.status, browser.headers["HX-Reswap"]) == (error.status, "none")
    assert browser.seen.select_one("#flash[data-hx-swap-oob] p").text
    assert not browser.seen.html


def test_who_may_not_and_is_nobody_is_asked_to_sign_in_and_brought_back(app: Flask) -> None:
    refusing(app, NotAllowed("x"))
    browser = Browser(app)
    browser.get("/refusing?a=1", follow_redirects=False)
    assert (browser.status, browser.headers["Location"]) == (303, "/sign-in?next=/refusing?a%3D1")
    browser.js = True
    browser.get("/refusing?a=1", target="section#any")
    assert (browser.status, browser.headers["HX-Redirect"]) == (401, "/sign-in?next=/refusing?a%3D1")


def test_a_page_that_is_not_there(app: Flask) -> None:
    browser = Browser(app, language="en")
    browser.get("/no/such/page")
    assert browser.status == 404
    assert "does not exist" in browser.seen.main.text


def test_a_fault_of_ours_is_a_page_too(app: Flask) -> None:
    refusing(app, ZeroDivisionError("secret words"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = Browser(app, language="en")
    browser.get("/refusing")
    assert browser.status == 500
    assert "on our side" in browser.seen.main.text
    assert "secret" not in str(browser.seen)


@pytest.mark.parametrize("url", ["/", "/styleguide", "/no/such/page", "/static/css/tokens.css", "/sign-in"])
def test_every_answer_keeps_the_browser_to_what_we_wrote(app: Flask, url: str) -> None:
    browser = Browser(app)
    browser.get(url)
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert browser.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.headers["Referrer-Policy"] == "same-origin"


PARTIAL = {"HX-Request-Type": "partial", "HX-Target": "section#petitions-list"}


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        (PARTIAL, "petitions/_list.html"),
        (PARTIAL | {"HX-Target": "section#petitions-other"}, None),
        (PARTIAL | {"HX-Request-Type": "full"}, None),
        ({"HX-Target": "section#petitions-list"}, None),
        ({}, None),
    ],
)
def test_only_the_fragment_that_htmx_swaps_is_sent_alone(
    app: Flask, headers: dict[str, str], fragment: str | None
) -> None:
    with app.test_request_context(headers=headers):
        assert asked_for("petitions/_form.html", "petitions/_list.html") == fragment


def test_after_a_command_one_is_sent_on_with_303(app: Flask) -> None:
    with app.test_request_context("/any", method="POST"):
        answer = done("/d/K-1001", "Done.")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/d/K-1001")


@pytest.mark.parametrize("path", ["/d/K-1001", "/dossiers?q=a#x", "/"])
def test_a_path_of_ours_is_gone_on_to(path: str) -> None:
    assert here(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "d",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "//[",
        "/\n/[",
        "/d/K-1001\r\nX-Other: header",
        "javascript:x",
    ],
)
def test_any_other_place_is_the_front_page(path: str | None) -> None:
    assert here(path) == "/"
