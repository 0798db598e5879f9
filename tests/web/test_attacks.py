"""What somebody tries from outside: another host, another address, cookies and caches that say too much."""

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.configuration import configure
from portal.web.tracing import home
from tests.accounts.test_sessions import comes_in
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue

EVIL = "evil.example"
PUBLIC = [
    "/",
    "/n/K",
    "/dossiers",
    "/search?q=lamp",
    "/report/photo",
    "/sign-in",
    "/sign-in/password",
    "/nowhere",
]


def test_no_host_that_somebody_names_stands_in_an_answer_or_a_mail(browser: Browser) -> None:
    issue = an_issue()
    headers = {
        "Host": EVIL,
        "X-Forwarded-Host": EVIL,
        "X-Original-URL": f"//{EVIL}",
        "Forwarded": f"host={EVIL}",
    }
    for path in (*PUBLIC, f"/d/{issue.ref}", f"/{issue.ref}", "/me", "/manifest.webmanifest", "/sw.js"):
        answer = browser.client.get(path, headers=headers)
        assert EVIL not in f"{answer.headers}{answer.text}", path
    browser.client.post("/sign-in", data={"email": "victim@homes.example"}, headers=headers)
    (mail,) = browser.mails("victim@homes.example")
    assert EVIL not in mail.as_string()
    assert browser.link(mail, "/in/")


@pytest.mark.parametrize(
    "path", ["/", "/me/data.json", "/nowhere", "/static/mark.svg", "/sw.js", "/n/K/preview.png"]
)
def test_every_answer_says_what_a_browser_may_not_do_with_it(browser: Browser, path: str) -> None:
    answer = browser.signs_in(a_person()).client.get(
        path, headers={"Origin": f"https://{EVIL}"}, buffered=True
    )
    policy = answer.headers["Content-Security-Policy"]
    for word in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert word in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    kind = answer.headers["Content-Type"]
    assert "charset=utf-8" in kind or answer.mimetype in {"application/json", "image/svg+xml", "image/png"}
    assert browser.client.open(path, method="TRACE", buffered=True).status_code in {404, 405}


def test_where_somebody_comes_from_is_what_our_own_proxy_says(app: Flask) -> None:
    """Headers that a visitor sends change nothing; else who guesses would come from a new home each time."""
    seen = set()
    for forged in ("203.0.113.7", "203.0.113.8, 127.0.0.1", "::1"):
        headers = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
        with app.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": "198.51.100.1"}):
            seen.add(home())
    assert len(seen) == 1


def test_cookies_of_a_portal_with_tls_are_its_own_alone(own_app: Flask) -> None:
    own_app.config.update(PUBLIC_URL="https://rotonde.example", STAFF_FACTOR="")
    configure(own_app)
    browser = comes_in(Browser(own_app), a_person().email or "")
    given = browser.response.history[0] if browser.response and browser.response.history else browser.response
    assert given is not None
    cookies = {line.partition("=")[0]: line for line in given.headers.getlist("Set-Cookie")}
    for name in ("__Host-rotonde", "__Host-rotonde-stay"):
        assert all(word in cookies[name] for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax")), name
        assert "Domain" not in cookies[name]
    assert "max-age=31536000; includeSubDomains" in given.headers["Strict-Transport-Security"]
    assert all("Secure" in line for line in cookies.values())


@pytest.mark.parametrize(
    "path", ["/me", "/me/sessions", "/me/data.json", "/staff", "/moderation", "/me/factor", "/"]
)
def test_nothing_of_a_person_lies_in_a_shared_cache(browser: Browser, path: str) -> None:
    person = a_person(Role.OFFICIAL, Role.MODERATOR)
    browser.signs_in(person).get(path)
    said = browser.headers["Cache-Control"]
    assert browser.status == 200
    assert "no-store" in said or ("private" in said and "no-cache" in said)
    assert "public" not in said
    assert "no-store" in said or "Cookie" in browser.headers["Vary"]


def test_an_address_that_looks_like_a_file_shows_nothing_personal(browser: Browser) -> None:
    """A cache that keeps by the ending of an address finds no page behind one."""
    browser.signs_in(a_person(name="Somebody Private"))
    for path in ("/me/x.css", "/me.js", "/me/data.json/x.png", "/me%2fx.css", "/me;x.css"):
        answer = browser.client.get(path)
        assert answer.status_code == 404
        assert "Somebody Private" not in answer.text


def test_one_field_sent_twice_is_one_field(browser: Browser) -> None:
    """The first one counts, in the address as in a form, and neither takes the place of the other."""
    issue = an_issue()
    twice = {"name": ["One", "Two"], "email": ["one@homes.example", "two@homes.example"]}
    browser.post(f"/d/{issue.ref}/signatures?name=Three&email=three@homes.example", twice)
    assert [mail["To"] for mail in browser.mails()] == ["one@homes.example"]


def test_no_field_that_was_not_asked_is_written(browser: Browser) -> None:
    """Who sends more than the form has changes no more than the form does."""
    person = a_person()
    before = (person.email, person.confirmed_at, a_signature(an_issue(), person).state)
    browser.signs_in(person).get("/me")
    more = {
        "email": "other@homes.example",
        "id": "1",
        "role": "moderator",
        "confirmed_at": "",
        "is_active": "y",
    }
    browser.post("/me", {"name": "New", "locale": "en", "building": "", "once": "key-of-this", **more})
    browser.get("/me/data.json")
    assert browser.response is not None
    seen = browser.response.json
    assert (seen["account"]["name"], seen["account"]["email"]) == ("New", before[0])
    assert seen["memberships"] == []
