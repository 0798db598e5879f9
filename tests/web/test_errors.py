"""Every refusal says what happened and where to go, in the visitor's language."""

import pytest
from flask import Flask, abort

from tests.browser import Browser
from tests.factories import a_person

STATUSES = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500)


@pytest.fixture
def refusing(own_app: Flask) -> Flask:
    own_app.add_url_rule("/refusing/<int:code>", "refusing", abort, methods=["GET", "POST"])
    return own_app


def ways(browser: Browser) -> dict[str, str]:
    return {link.text: str(link["href"]) for link in browser.seen.select("main .row a.button")}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_error_page_says_what_happened_and_where_to_go(
    refusing: Flask, status: int, language: str
) -> None:
    browser = Browser(refusing, language=language).signs_in(a_person())
    browser.get(f"/refusing/{status}", headers={"Referer": "http://localhost/dossiers?q=bak"})
    assert browser.status == status
    assert browser.seen.html["lang"] == language
    assert browser.seen.h1.text
    assert browser.seen.select_one("main .empty > p").text
    assert 1 <= len(ways(browser)) <= 3
    for url in ways(browser).values():
        browser.get(url)
        assert browser.status in {200, status}, url


def test_the_way_back_leads_to_the_page_one_comes_from(refusing: Flask) -> None:
    browser = Browser(refusing, language="en")
    browser.get("/refusing/400", headers={"Referer": "http://localhost/dossiers?q=bak"})
    assert ways(browser) == {"Back to where you were": "/dossiers?q=bak", "To the neighbourhood": "/"}
    for elsewhere in ("https://example.org/dossiers", "http://localhost//example.org", "nonsense", ""):
        browser.get("/refusing/400", headers={"Referer": elsewhere})
        assert set(ways(browser).values()) == {"/"}


def test_a_page_that_is_not_there_offers_a_search(refusing: Flask) -> None:
    browser = Browser(refusing, language="en")
    browser.get("/nowhere")
    assert "Look at all dossiers" in ways(browser)
    browser.submit("main form", q="bak")
    assert browser.url == "/search?q=bak"


def test_what_went_too_fast_or_wrong_is_tried_again(refusing: Flask) -> None:
    browser = Browser(refusing, language="en")
    for status in (429, 500):
        browser.get(f"/refusing/{status}?a=1")
        assert ways(browser)["Try again"] == f"/refusing/{status}?a=1"


def test_who_is_nobody_can_sign_in_and_who_is_somebody_with_another_address(refusing: Flask) -> None:
    browser = Browser(refusing, language="en")
    browser.get("/refusing/410")
    assert "Sign in" in ways(browser)
    browser.signs_in(a_person()).get("/refusing/403")
    assert "Sign in with another address" in ways(browser)
