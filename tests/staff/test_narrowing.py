"""The queue narrowed, searched and put in order; filters that somebody keeps; counts that stay right."""

from datetime import timedelta
from importlib import import_module

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.dossiers.models import State
from portal.kernel import clock
from portal.staff.queries import BOUND, Show
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_issue
from tests.staff.making import case_of
from tests.staff.test_queue import refs


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def numbers(browser: Browser) -> dict[str, str]:
    """What the tabs say."""
    tabs = browser.seen.select("#staff-tabs a")
    return {tab["id"].removeprefix("tab-"): tab.select_one(".num").text for tab in tabs}


def a_report(case: Case, **given: object) -> str:
    opener = a_person()
    report = an_issue(opener=opener, **given)
    dossiers.hand_over(opener, report, to=[case.authority])
    return report.ref or ""


@pytest.mark.parametrize("common", [0, 2_000])
def test_by_words_kind_category_place_and_reference(
    case: Case, browser: Browser, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    """Found in either way: a word that many have is looked for in row after row (on PostgreSQL)."""
    monkeypatch.setattr(import_module("portal.similar.queries.finding"), "COMMON", common)
    lamp = a_report(case, title="The lamps are out", category_slug="lantaarnpaal-straatverlichting")
    bin_ = a_report(case, title="The bin is full", category_slug="afvalbakken", neighbourhood_code="TM01")
    browser.language = "en"
    browser.signs_in(case.official)
    for query, found in {
        "q=lamp": {lamp},
        "q=LAMPS+out": {lamp},
        "q=nowhere": set(),
        f"q={bin_.lower()}": {bin_},
        "kind=petition": {case.dossier.ref},
        "kind=issue": {lamp, bin_},
        "category=afvalbakken": {bin_},
        "neighbourhood=K": {lamp, case.dossier.ref},
        "neighbourhood=TM": {bin_},
        "kind=issue&neighbourhood=K&q=lamp": {lamp},
        "whose=nobody": {lamp, bin_, case.dossier.ref},
        "whose=person-0": set(),
        "kind=x&whose=x-y&sort=z": {lamp, bin_, case.dossier.ref},
    }.items():
        browser.get(f"/staff?{query}")
        assert (browser.status, set(refs(browser))) == (200, found), query
    browser.get("/staff?kind=issue&q=lamp")
    assert "Found: 1" in browser.seen.select_one("main [role=status]").text
    assert browser.seen.select_one("#q")["value"] == "lamp"
    browser.submit("form.narrow-queue", q="bin")
    assert refs(browser) == [bin_]
    browser.get(f"/staff/{bin_}?kind=issue")
    assert set(refs(browser)) == {lamp, bin_}, "beside a dossier the same list stands"


def test_what_a_moderator_hid_is_not_found_by_its_words(case: Case, browser: Browser) -> None:
    case.dossier = case.another(title="A title with a name")
    dossiers.hide(a_person("moderator"), case.dossier, reason="It named somebody.")
    browser.signs_in(case.official).get("/staff?q=title+name")
    assert refs(browser) == []


def test_in_three_orders(case: Case, browser: Browser) -> None:
    first = case.dossier.ref
    with clock.at(clock.now() + timedelta(days=2)):
        later = a_report(case, category_slug="afvalbakken")  # due long before a petition
    browser.signs_in(case.official)
    for sort, order in {"": [later, first], "newest": [later, first], "oldest": [first, later]}.items():
        browser.get(f"/staff?sort={sort}")
        assert refs(browser) == order, sort


def test_each_part_and_its_number(case: Case, browser: Browser) -> None:
    """Due this week, overdue, new, waiting for others: each moves its dossier, and no page counts wrong."""
    asked, noted = case.another(), case.another()
    answers.note(case.official, noted, text="For later.")
    case.dossier, first = asked, case.dossier
    case.answer(AnswerKind.QUESTION)
    browser.signs_in(case.official).get("/staff")
    none = {"late": "0", "due": "0", "mine": "0", "answered": "0"}
    assert numbers(browser) == none | {"waiting": "3", "new": "1", "others": "1", "all": "3"}
    dossiers.tell(case.organiser, asked, text="It is the one by the pond.")
    assert case_of(asked, case.authority).asked_on is None
    due = case.addressee().due_on
    assert due is not None
    for days, part in ((-7, ""), (-6, "due"), (0, "due"), (1, "late")):
        with clock.at(clock.now() + (due - clock.today()) + timedelta(days=days)):
            browser.get("/staff")
            found = numbers(browser)
            assert {p: found[p] for p in ("due", "late")} == {
                p: "3" if p == part else "0" for p in ("due", "late")
            }, days
    dossiers.withdraw(case.organiser, first)
    browser.get("/staff")
    assert numbers(browser) == none | {"waiting": "2", "new": "0", "others": "0", "all": "3"}


def test_the_tabs_are_counted_anew_while_colleagues_work(case: Case, app: Flask) -> None:
    browser = Browser(app, js=True).signs_in(case.official)
    seen = browser.get("/staff?kind=petition").select_one("#staff-tabs")
    assert (seen["data-hx-trigger"], seen["data-hx-get"]) == ("every 30s", "/staff?kind=petition")
    case.answer()
    browser.get(str(seen["data-hx-get"]), target="nav#staff-tabs")
    assert [tag.get("id") for tag in browser.seen.find_all(True, recursive=False)] == ["staff-tabs"]
    assert (numbers(browser)["waiting"], numbers(browser)["answered"]) == ("0", "1")


def test_no_number_goes_further_than_it_says_anything(
    case: Case, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("portal.staff.queries.queue"), "BOUND", 2)
    monkeypatch.setattr(import_module("portal.staff.cards"), "BOUND", 2)
    browser.signs_in(case.official)
    case.another()
    browser.get("/staff")
    assert numbers(browser)["waiting"] == "2"
    for _ in range(3):
        case.another()
    browser.get("/staff")
    assert numbers(browser)["waiting"] == "2+"
    assert len(refs(browser)) == 5
    assert BOUND == 1000


def test_a_filter_is_kept_under_a_name_for_oneself(case: Case, browser: Browser, app: Flask) -> None:
    report = a_report(case)
    browser.language = "en"
    browser.signs_in(case.official).get("/staff?kind=issue&show=all&page=3")
    browser.submit("details.saved form", name="  Only   reports ")
    assert browser.seen.select_one("#flash").text.strip() == "The filter is kept, for you alone."
    kept = browser.get("/staff").select_one(".saved a")
    assert (kept.text, kept["href"]) == ("Only reports", "/staff?show=all&kind=issue")
    browser.click(".saved a")
    assert refs(browser) == [report]
    browser.submit("details.saved form[action*='kind=issue']", name=" ")
    assert browser.status == 422
    assert "at most 80 characters" in browser.seen.select_one("#errors").text
    colleague = Browser(app).signs_in(a_person("official", of=case.authority))
    assert not colleague.get("/staff").select(".saved a")
    own = browser.get("/me/data.json", headers={"Accept": "application/json"}) or browser.response
    assert "Only reports" in browser.response.text, own
    browser.get("/staff")
    browser.submit("details.saved li form")
    assert not browser.get("/staff").select(".saved a")


def test_a_dossier_that_was_opened_again_waits_no_more(case: Case, browser: Browser) -> None:
    """Whatever moves a dossier, the queue knows: here its own people, long after the answer."""
    case.answer(AnswerKind.DONE)
    browser.signs_in(case.official).get("/staff")
    assert numbers(browser)["answered"] == "1"
    dossiers.reopen(case.organiser, case.dossier, text="It is back.")
    dossiers.hand_over(case.organiser, case.dossier, to=[case.authority])
    assert case.dossier.state == State.HANDED_OVER
    browser.get("/staff")
    assert (numbers(browser)["waiting"], numbers(browser)["answered"]) == ("1", "0")
    assert set(Show) == set(numbers(browser))


def test_after_an_answer_comes_the_next_of_the_same_queue(case: Case, browser: Browser) -> None:
    """As it was narrowed and ordered; after the last one the first, and when none is left the queue."""
    reports = [a_report(case, title=f"Lamp {number}") for number in range(3)]
    case.another(title="A bin")
    browser.signs_in(case.official).get("/staff?kind=issue&q=lamp&sort=newest")
    order = refs(browser)
    assert sorted(order) == sorted(reports)
    browser.click(f".queue a[href*='{order[1]}']")
    for following in (order[2], order[0]):
        browser.submit("form.compose", press="button[value=kind]", kind="granted")
        browser.submit("form.compose", press="button.preview", level="decision", text="Yes.")
        browser.submit("form.send")
        assert browser.url.partition("?")[0] == f"/staff/{following}"
        assert "sort=newest" in browser.url
        assert set(refs(browser)) <= set(reports), "beside it stands the same queue"
    browser.submit("form.compose", press="button[value=kind]", kind="granted")
    browser.submit("form.compose", press="button.preview", level="decision", text="Yes.")
    browser.submit("form.send")
    assert browser.url.startswith("/staff?")
    assert "kind=issue" in browser.url
    other = Browser(browser.app).signs_in(a_person(Role.OFFICIAL))
    other.get(f"/staff/{order[0]}/next")
    assert other.status == 403
