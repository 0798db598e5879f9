"""The ledger counts and ranks nobody; each line leads to its dossier, and the authority may reply to it."""

import statistics
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.dossiers import commands as dossiers
from portal.dossiers.models import State
from portal.dossiers.timeline import first_broken
from portal.kernel import clock
from portal.promises import commands
from portal.promises.queries import by_authority, by_neighbourhood, numbers
from portal.promises.queries.ledger import median
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_organisation, in_days
from tests.promises.making import a_promise, days
from tests.statements import sent


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


@given(st.lists(st.integers(0, 400), max_size=40))
def test_the_middle_one(found: list[int]) -> None:
    spans = sorted((days, found.count(days)) for days in set(found))
    assert median(spans) == (statistics.median(found) if found else None)


def history() -> Case:
    """One dossier answered after 3 days, one after 60, one silent, one that waits, one not handed over."""
    with clock.at(clock.now() - timedelta(days=100)):
        case = Case()
        made = [case.dossier, *(case.another() for _ in range(2))]
    for dossier, after in zip(made, (3, 60), strict=False):
        with clock.at(clock.now() - timedelta(days=100 - after)):
            case.dossier = dossier
            case.answer("granted")
    case.another()
    case.another(state=State.GATHERING)
    case.dossier = made[0]
    return case


def test_an_authority_in_numbers_and_lines(browser: Browser) -> None:
    case = history()
    promise = a_promise(case)
    with clock.at(in_days(-40)):
        told = {"what": "invitation", "to": case.authority, "awaits_answer": True}
        dossiers.tell(case.organiser, case.dossier, text="Come and see.", **told)
    found = numbers(by_authority(case.authority.key))
    assert (found.open, found.silent, found.answered, found.after_day) == (2, 1, 2, 1)
    assert (found.median, found.slowest_days, found.promises["open"]) == (31.5, 60, 1)
    browser.get(f"/ledger/a/{case.authority.key}")
    said = " ".join(browser.seen.get_text(" ").split())
    for words in (
        "31.5",
        "answered after 3 days",
        "answered after 60 days",
        "no answer: 40 days",
        "Come and see.",
    ):
        assert words in said, words
    assert browser.seen.select_one(f'a[href="/d/{case.dossier.ref}/promises#p{promise.id}"]')
    lines = [str(a["href"]) for a in browser.seen.select("#put a, section[aria-labelledby=put] .apart a")]
    assert sorted(lines) == sorted(set(lines))
    assert len(lines) == 4
    browser.get("/ledger")
    names = [a.text for a in browser.seen.select("section[aria-labelledby=authorities] li a")]
    assert names == sorted(names)
    browser.get("/ledger/a/nobody")
    assert browser.status == 404


def test_a_neighbourhood_counts_what_lies_in_it(case: Case) -> None:
    a_promise(case)
    elsewhere = a_petition(state="handed_over", neighbourhood_code="TM01")
    assert numbers(by_neighbourhood("K")).promises["open"] == 1
    assert numbers(by_neighbourhood("TM")).open == 1
    assert numbers(by_neighbourhood("TM")).promises["open"] == 0
    dossiers.withdraw(elsewhere.opener, elsewhere)
    assert numbers(by_neighbourhood("TM")).open == 0


def test_the_authority_replies_to_its_own_lines_and_to_no_other(browser: Browser, case: Case) -> None:
    promise = a_promise(case)
    page, official = f"/ledger/a/{case.authority.key}", Browser(browser.app).signs_in(case.official)
    official.get(page)
    links = [str(a["href"]) for a in official.seen.select("a[href*='/ledger/a/']") if "Reply" in a.text]
    assert links == [f"{page}/{case.dossier.ref}/{promise.id}", f"{page}/{case.dossier.ref}/0"]
    for link, words in zip(links, ("The bins are on a ship.", "We were moving house."), strict=True):
        official.get(link)
        official.submit(text="")
        assert official.status == 422
        official.submit(text=words)
        assert official.url == page
    browser.get(page)
    replies = [reply.get_text(" ") for reply in browser.seen.select(".reply")]
    assert len(replies) == 2
    assert "on a ship" in replies[0]
    assert "moving house" in replies[1]
    assert not browser.seen.select(f"a[href^='{page}/']")
    stranger = Browser(browser.app).signs_in(a_person("official", of=an_organisation()))
    for link in links:
        stranger.get(link)
        assert stranger.status == 403
    stranger.get(f"/ledger/a/{an_organisation().key}/{case.dossier.ref}/{promise.id}")
    assert stranger.status == 404
    assert first_broken(case.dossier) is None


def test_a_letter_without_an_answer_has_the_right_of_reply_too(browser: Browser, case: Case) -> None:
    """In the ledger of whom it was sent to: beside that letter, and on the timeline with a way to it."""
    told = {"what": "invitation", "to": case.authority, "awaits_answer": True}
    with clock.at(in_days(-40)):
        sent_to = [dossiers.tell(case.organiser, case.dossier, text=f"Come, {n}.", **told) for n in (1, 2)]
    page, official = f"/ledger/a/{case.authority.key}", Browser(browser.app).signs_in(case.official)
    official.get(page)
    link = f"{page}/{case.dossier.ref}/0?letter={sent_to[0].seq}"
    assert official.seen.select_one(f'section[aria-labelledby=letters] a[href="{link}"]')
    official.get(link)
    official.submit("main form", text="We were at another one that day.")
    assert official.url == page
    for url in (page, f"/ledger/n/{case.dossier.neighbourhood_code}"):
        browser.get(url)
        lines = browser.seen.select("section[aria-labelledby=letters] li")
        assert ["at another one" in line.text for line in lines] == [True, False]
        assert not browser.seen.select("a[href*='letter=']")
    browser.get(f"/d/{case.dossier.ref}")
    assert browser.seen.select_one(f".timeline a[href='#e{sent_to[0].seq}']")
    other = an_organisation()
    stranger = Browser(browser.app).signs_in(a_person("official", of=other))
    stranger.get(link)
    assert stranger.status == 403
    for wrong in (link.replace(case.authority.key, other.key), f"{page}/{case.dossier.ref}/0?letter=1"):
        stranger.get(wrong)
        assert stranger.status == 404
    assert first_broken(case.dossier) is None


def test_what_is_hidden_keeps_its_line_without_its_words(browser: Browser, case: Case) -> None:
    promise = a_promise(case)
    dossiers.hide(a_person("moderator"), case.dossier, reason="It names somebody.")
    browser.get(f"/ledger/a/{case.authority.key}")
    assert str(case.dossier.ref) in browser.seen.text
    for words in (case.dossier.title, str(promise.entry.text)):
        assert words not in browser.seen.text
    browser.get(f"/d/{case.dossier.ref}/promises")
    assert browser.status == 200
    assert str(promise.entry.text) not in browser.seen.text


def test_a_page_asks_as_much_for_many_lines_as_for_one(browser: Browser, case: Case) -> None:
    spot = {"name": "The bus stop", "lat": 52.3, "lon": 4.9}

    def grow() -> None:
        promise = a_promise(case)
        shown = {"url": "https://district.example", "entry": promise.entry}
        commands.settle(case.organiser, promise, state="kept", text="Done.", **shown)
        how = {"places": [spot], "from_on": days(-2)}
        commands.hold_trial(case.organiser, case.dossier, text="We try it.", **how)

    def asked(url: str) -> int:
        browser.get(url)
        with sent() as statements:
            browser.get(url)
        assert browser.status == 200
        return len(statements)

    grow()
    urls = [f"/ledger/a/{case.authority.key}", "/ledger/n/K", f"/d/{case.dossier.ref}/promises", "/ledger"]
    few = [asked(url) for url in urls]
    for _ in range(4):
        grow()
    case.dossier = case.another()
    grow()
    many = [asked(url) for url in urls]
    assert many == few
    assert max(many) <= 12
