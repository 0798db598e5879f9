"""The list: what it is narrowed to, its pages and its addresses."""

import pytest
from flask import Flask

from portal.dossiers import commands, queries
from portal.dossiers.queries import PAGE
from portal.kernel.commands import transaction
from portal.kernel.db import db
from tests import statements
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_plan, an_issue

LIST = "section#dossiers-list"


@pytest.fixture
def visitor(either_browser: Browser) -> Browser:
    either_browser.language = "en"
    return either_browser


def found(visitor: Browser, query: str = "") -> list[str]:
    visitor.get(f"/dossiers?{query}", target=LIST)
    assert visitor.status == 200
    return refs(visitor)


def refs(visitor: Browser) -> list[str]:
    return [str(a["href"]).rpartition("/")[2] for a in visitor.seen.select(".card h3 a")]


def test_each_filter_narrows(visitor: Browser) -> None:
    lamp = an_issue(title="The lamp is broken", category_slug="lantaarnpaal-straatverlichting")
    solved = an_issue(state="solved", title="A loose tile", neighbourhood_code="TM01")
    plan, petition = a_plan(title="A garden"), a_petition(title="Bring the bins back")
    a_petition(state="draft")
    an_issue(state="unconfirmed")
    every = [petition.ref, plan.ref, solved.ref, lamp.ref]
    assert found(visitor) == every
    assert found(visitor, "kind=plan") == [plan.ref]
    assert found(visitor, "state=solved") == [solved.ref]
    assert found(visitor, "category=lantaarnpaal-straatverlichting") == [lamp.ref]
    assert found(visitor, f"category={lamp.category.main}") == [lamp.ref]
    assert found(visitor, "neighbourhood=TM") == [solved.ref]
    assert found(visitor, "neighbourhood=TM01") == [solved.ref]
    assert found(visitor, "neighbourhood=K") == [petition.ref, plan.ref, lamp.ref]
    assert found(visitor, "q=bins") == [petition.ref]
    assert found(visitor, f"q={plan.ref.lower()}") == [plan.ref]
    assert found(visitor, "kind=issue&state=solved&neighbourhood=K") == []
    for unknown in ("kind=x", "state=draft", "category=x", "neighbourhood=x", "page=abc", "page=-3", "x=y"):
        assert found(visitor, unknown) == every, unknown


def test_counts_per_kind_follow_the_other_filters(visitor: Browser) -> None:
    an_issue(title="The lamp")
    an_issue(title="The lamp", state="solved")
    a_plan()
    page = visitor.get("/dossiers?state=open&kind=plan", target=LIST)
    assert [tab.get_text(" ", strip=True) for tab in page.select(".tabs a")] == [
        "All 2",
        "Reports 1",
        "Petitions 0",
        "Plans 1",
    ]
    assert page.select_one(".tabs [aria-current]").text.startswith("Plans")
    assert page.select_one("#found").text == "1 dossier"
    visitor.click(".tabs a")
    assert visitor.url == "/dossiers?state=open"


def test_pages_are_links_and_the_last_one_ends(visitor: Browser) -> None:
    opener = a_person()
    with transaction():
        issues = [an_issue(opener=opener).ref for _ in range(2 * PAGE + 2)]
    newest = issues[::-1]
    assert found(visitor, "state=open") == newest[:PAGE]
    with statements.sent() as sent:
        visitor.click(".pages [rel=next]")
        assert visitor.url.startswith("/dossiers?state=open&page=2&after=")
        assert refs(visitor) == newest[PAGE : 2 * PAGE]
        second = visitor.url
        visitor.click(".pages [rel=next]")
        assert refs(visitor) == newest[2 * PAGE :]
        assert not visitor.seen.select(".pages [rel=next]")
        visitor.click(".pages [rel=prev]")
        assert visitor.url.startswith("/dossiers?state=open&page=2&before=")
        assert refs(visitor) == newest[PAGE : 2 * PAGE]
        visitor.click(".pages [rel=prev]")
        assert visitor.url == "/dossiers?state=open"
    offset = "OFFSET %" if db.engine.dialect.name == "postgresql" else "no such word"  # SQLite's is always 0
    assert not [s for s in sent if offset in s or "count(*)" in s]
    an_issue()
    visitor.get(second)  # a list that grew meanwhile shows nothing twice
    assert refs(visitor) == newest[PAGE : 2 * PAGE]
    assert found(visitor, "page=999") == issues[2::-1]
    assert found(visitor, f"page={10**30}") == issues[2::-1]


def test_the_form_shows_what_was_chosen(browser: Browser) -> None:
    a_plan()
    query = "q=garden&kind=plan&state=open&neighbourhood=TM01&category=afval"
    page = browser.get(f"/dossiers?{query}")
    chosen = {s["name"]: s.select_one("[selected]")["value"] for s in page.select("#filters select")}
    assert chosen == {"state": "open", "neighbourhood": "TM01", "category": "afval"}
    assert page.select_one("[name=q]")["value"] == "garden"
    assert page.select_one("#filters [name=kind]")["value"] == "plan"


def test_the_portals_own_district_comes_first(browser: Browser) -> None:
    an_issue(neighbourhood_code="AA01")
    an_issue(category_slug=queries.categories()[0].slug)
    page = browser.get("/dossiers")
    assert page.select_one("#neighbourhood optgroup")["label"] == "Zuidoost"
    assert page.select_one("#category optgroup option").text


def test_an_empty_list_says_what_to_do(visitor: Browser) -> None:
    page = visitor.get("/dossiers", target=LIST)
    assert "Be the first to report something." in page.text
    page = visitor.get("/dossiers?q=nothing", target=LIST)
    assert "Clear all filters" in page.select_one(".empty").text


def test_only_the_list_comes_back_where_it_is_asked_for(app: Flask) -> None:
    an_issue()
    page = Browser(app, js=True).get("/dossiers?q=lamp", target=LIST)
    assert not page.select("html, #filters")
    assert page.select_one("section")["id"] == "dossiers-list"


def test_words_of_a_hidden_dossier_find_nothing(visitor: Browser) -> None:
    dossier = an_issue(title="Nasty things")
    commands.hide(a_person("moderator"), dossier, reason="A name.")
    assert found(visitor, "q=nasty") == []
    assert found(visitor) == [dossier.ref]


@pytest.mark.parametrize(
    ("language", "written"), [("en", "999,999 supporters"), ("nl", "999.999 medestanders")]
)
def test_a_large_number_is_written_as_the_language_writes_it(app: Flask, language: str, written: str) -> None:
    petition = a_petition(title="Bring the bins back")
    with transaction():
        petition.counted = 999_999
    visitor = Browser(app, language=language)
    assert visitor.get("/dossiers").select_one(".card .lamps").text == written
    page = " ".join(visitor.get(f"/d/{petition.ref}").select_one("main").text.split())
    assert page.count(written) == 2  # beside the button that stays in sight, and above the form
    assert "999999" not in page


def test_words_that_are_searched_are_no_filter(visitor: Browser) -> None:
    """The button on a phone says how many are on behind it; the words stand above it."""
    an_issue(title="The lamp")
    button = "button[popovertarget=filters]"
    assert visitor.get("/dossiers?q=lamp").select_one(button).text.strip() == "Filter"
    assert visitor.get("/dossiers?q=lamp&state=open").select_one(button).text.strip() == "Filter (1 on)"
    assert "Nothing found" in visitor.get("/dossiers?q=bins").select_one(LIST).text
