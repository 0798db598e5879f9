"""What may be kept of an answer: nothing of a person, of any route; what everybody gets is always right."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from portal.access import ROUTES
from portal.accounts.models import Role
from portal.dossiers import commands
from portal.kernel import clock
from portal.web.held import MINUTE, MOMENT, Shelf
from portal.web.keeping import EVERYBODYS, FILE, PAGE, TICKET
from tests import statements
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue
from tests.test_access import address


@pytest.fixture
def holding(own_app: Flask) -> Iterator[Flask]:
    """With pages held ready, as it is used, and the guard against forged forms."""
    own_app.config.update(HELD_BYTES=1_000_000, WTF_CSRF_ENABLED=True)
    yield own_app
    shelf = own_app.wsgi_app
    assert isinstance(shelf, Shelf)
    shelf.close()


def problem(endpoint: str, method: str, signed_in: bool, status: int, headers: Headers) -> str:
    """What is wrong with what an answer says of keeping it; empty when nothing is."""
    said, kind = headers.get("Cache-Control", ""), ROUTES[endpoint].kept
    vary = headers.get("Vary", "")
    open_to_all = "public" in said or "private" not in said and "no-store" not in said
    if ROUTES[endpoint].who == TICKET:
        return "" if "no-store" in said else "may be kept"
    if method == "POST":  # browsers go back to it, where they may keep it
        return "may be kept by others" if open_to_all else ""
    if kind == FILE:
        return "carries a cookie" if "public" in said and "Set-Cookie" in headers else ""
    if kind == PAGE and status == 200 and not signed_in:
        shared = open_to_all and "Set-Cookie" not in headers
        return "" if shared and "Cookie" in vary else "is not everybody's"
    if open_to_all:
        return "is open to all caches"
    return "" if "no-store" in said or "Cookie" in vary else "has the key of what everybody gets"


def test_nothing_of_a_person_may_be_kept_of_any_route(app: Flask) -> None:
    """Signed in and not, with a link from a mail, of forms that were sent and of refusals."""
    wrong: list[str] = []
    seen: set[tuple[str, int]] = set()
    person = a_person()
    for rule in [rule for rule in app.url_map.iter_rules() if rule.endpoint in ROUTES]:
        url = address(app, rule)
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            for signed_in in (False, True):
                browser = Browser(app)
                if signed_in:
                    browser.signs_in(person)
                ask = browser.get if method == "GET" else browser.post
                ask(url, follow_redirects=False, headers={"X-Forwarded-For": "203.0.113.7"})
                found = problem(rule.endpoint, method, signed_in, browser.status, browser.headers)
                seen.add((ROUTES[rule.endpoint].kept, browser.status))
                if found:
                    who = "signed in" if signed_in else "nobody"
                    wrong.append(f"{method} {url} for {who}, {browser.status}: {found}")
    assert not wrong, "\n".join(wrong)
    assert {(PAGE, 200), (FILE, 200), ("", 200), ("", 422), ("", 303)} <= seen


def asked(app: Flask, url: str, **headers: str) -> Browser:
    browser = Browser(app)
    browser.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return browser


def count_on(browser: Browser) -> str:
    found = browser.seen.select_one("#dossiers-support .rail b")
    assert found is not None
    return found.text


def body(browser: Browser) -> bytes:
    assert browser.response is not None
    return browser.response.data


def test_a_page_that_everybody_gets_is_made_once_and_never_wrong(holding: Flask) -> None:
    issue, person = an_issue(title="Broken lamp"), a_person()
    url = f"/d/{issue.ref}"
    with clock.at(clock.now()):  # in one MOMENT: tests beside this one write in the same PostgreSQL
        first, listed = asked(holding, url), asked(holding, "/dossiers")
        with statements.sent() as sent:
            second = asked(holding, url)
            known = asked(holding, url, If_None_Match=str(first.headers["ETag"]))
    assert not sent
    assert body(second) == body(first)
    assert (known.status, body(known)) == (304, b"")
    assert known.headers["Vary"] == first.headers["Vary"]
    assert known.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    dutch = asked(holding, url, Accept_Language="nl")
    dark = Browser(holding)
    dark.client.set_cookie("theme", "dark")
    dark.get(url)
    own = Browser(holding).signs_in(person)
    own.get(url)
    assert len({body(page) for page in (first, dutch, dark, own)}) == 4
    assert "private" in own.headers["Cache-Control"]
    assert "ETag" not in own.headers
    assert body(asked(holding, url)) == body(first)

    a_signature(issue)  # beside which nothing is told
    with clock.at(clock.now() + MOMENT):
        assert count_on(asked(holding, url)) == "1 supporter"
    held = asked(holding, "/dossiers")
    assert "Broken lamp" in held.seen.text
    commands.hide(a_person(Role.MODERATOR), issue, reason="A name.")
    for page in (url, "/dossiers"):
        assert "Broken lamp" not in asked(holding, page).seen.text, page
    assert listed.headers["ETag"] != asked(holding, "/dossiers").headers["ETag"]
    with statements.sent() as sent, clock.at(clock.now() + MINUTE):
        asked(holding, url)  # what the clock changes shows as well
    assert sent


def test_who_signs_on_a_page_that_everybody_gets_signs_once(holding: Flask) -> None:
    issue = an_issue()
    visitor = asked(holding, f"/d/{issue.ref}")
    form = visitor.seen.select_one("#dossiers-support form")
    assert form is not None
    assert {f["value"] for f in form.select("[name=csrf_token]")} == {EVERYBODYS}
    given = {"csrf_token": EVERYBODYS, "once": "", "name": "Ann", "email": "ann@homes.example"}
    refused = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://e.example"},
    ]
    for headers in refused:
        visitor.post(f"/d/{issue.ref}/signatures", given, headers=headers)
        assert visitor.status == 400, headers
    with clock.at(clock.now().replace(second=1) - MINUTE):
        for headers in ({"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {}):
            fresh = Browser(holding)
            fresh.post(f"/d/{issue.ref}/signatures", given, headers=headers)
            assert fresh.status == 200
            assert "private" in fresh.response.history[0].headers["Cache-Control"]  # type: ignore[union-attr]
    assert len(visitor.mails("ann@homes.example")) == 1
    known = Browser(holding).signs_in(a_person())
    known.post(f"/d/{issue.ref}/signatures", given)
    assert known.status == 400  # a session is abused by other sites: the browser's own word is wanted
