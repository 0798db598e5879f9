"""Signing in: a mailed link that works once, for a quarter of an hour, and only for a person."""

from datetime import timedelta

import pytest

from portal.accounts.commands import LINKS_PER_HOUR
from portal.accounts.queries import person_with
from portal.kernel import clock
from tests.browser import Browser
from tests.factories import a_person


def ask(browser: Browser, email: str, *, back: str = "/") -> None:
    browser.get(f"/sign-in?next={back}")
    browser.submit("main form", email=email)


def signed_in(browser: Browser) -> bool:
    browser.get("/me")
    return browser.url == "/me"


def test_the_whole_way(either_browser: Browser) -> None:
    browser = either_browser
    ask(browser, "new@homes.example", back="/dossiers")
    assert "mail" in browser.seen.select_one("h1").text.lower()
    (mail,) = browser.mails("new@homes.example")
    link = browser.link(mail, "/in/")
    browser.get(link)
    assert not signed_in(browser)  # the page alone, which a mail scanner opens too, signs nobody in
    browser.get(link)
    browser.submit("main form")
    assert browser.url == "/dossiers"
    assert signed_in(browser)
    assert person_with("new@homes.example").confirmed_at is not None


def test_a_link_works_once(browser: Browser) -> None:
    ask(browser, "once@homes.example")
    link = browser.link(browser.mails()[0], "/in/")
    browser.get(link)
    browser.submit("main form")
    other = Browser(browser.app)
    other.post(link)
    assert other.status == 409
    assert not signed_in(other)
    assert other.get(link).select_one("main form") is None


def test_a_link_works_for_a_quarter_of_an_hour(browser: Browser) -> None:
    ask(browser, "late@homes.example")
    link = browser.link(browser.mails()[0], "/in/")
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        browser.post(link)
        assert browser.status == 409
    with clock.at(clock.now() + timedelta(minutes=14)):
        browser.post(link)
        assert browser.status == 200


@pytest.mark.parametrize("ticket", ["", "x", "MQ.forged", "1.2.3"])
def test_a_forged_link_opens_nothing(browser: Browser, ticket: str) -> None:
    browser.get(f"/in/{ticket}")
    assert browser.status == 404


def test_a_ticket_for_a_signature_does_not_sign_in(browser: Browser) -> None:
    person = a_person()
    ask(browser, person.email)
    link = browser.link(browser.mails()[0], "/in/")
    browser.get(link.replace("/in/", "/s/"))
    assert browser.status == 404


def test_nothing_tells_whether_an_address_is_known(browser: Browser) -> None:
    known = a_person()
    pages = []
    for email in (known.email, "nobody@homes.example"):
        ask(browser, email)
        pages.append((browser.status, browser.url, browser.seen.select_one("main").text))
    assert pages[0] == pages[1]
    assert len(browser.mails(known.email)) == len(browser.mails("nobody@homes.example")) == 1


def test_two_spellings_are_one_account(browser: Browser) -> None:
    person = a_person(email="jan.bewoner@gmail.com")
    ask(browser, "JanBewoner+buurt@googlemail.com")
    browser.get(browser.link(browser.mails()[0], "/in/"))
    browser.submit("main form")
    browser.get("/me")
    assert person.email in browser.seen.select_one("main").text


def test_after_five_links_in_an_hour_no_more_are_mailed(browser: Browser) -> None:
    for _ in range(LINKS_PER_HOUR + 2):
        ask(browser, "much@homes.example")
        assert browser.status == 200
    assert len(browser.mails()) == LINKS_PER_HOUR
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        ask(browser, "much@homes.example")
        assert len(browser.mails()) == LINKS_PER_HOUR + 1


@pytest.mark.parametrize(
    "email", ["", "no-at-sign", "two@@homes.example", "a@b", "x" * 300 + "@homes.example"]
)
def test_a_wrong_address_is_said_beside_its_field(either_browser: Browser, email: str) -> None:
    browser = either_browser
    ask(browser, email)
    field = browser.seen.select_one("#email")
    assert browser.status == 422
    assert browser.seen.select_one(f"#{field['aria-describedby'].split()[-1]}").text.strip()
    assert field.get("value", "") == email


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(browser: Browser, back: str) -> None:
    browser.get("/sign-in", query_string={"next": back})
    browser.submit("main form", email="safe@homes.example")
    browser.get(browser.link(browser.mails()[0], "/in/"))
    browser.submit("main form")
    assert browser.url == "/"


def test_a_page_that_asks_for_signing_in_leads_back_to_itself(browser: Browser) -> None:
    browser.get("/me")
    assert browser.url.startswith("/sign-in")
    assert browser.seen.select_one("main input[name=next]")["value"] == "/me"


def test_signing_out(browser: Browser) -> None:
    browser.signs_in(a_person())
    assert signed_in(browser)
    browser.post("/sign-out")
    assert not signed_in(browser)
