"""The filter of the list offers what occurs, with how much of it there is."""

import pytest

from tests.browser import Browser
from tests.factories import a_petition, a_plan, an_issue


@pytest.fixture
def visitor(browser: Browser) -> Browser:
    browser.language = "en"
    return browser


def offered(visitor: Browser, name: str) -> dict[str, str]:
    return {str(o["value"]): o.text for o in visitor.seen.select(f"select[name={name}] option")}


def test_only_what_occurs_is_offered_with_its_number(visitor: Browser) -> None:
    an_issue()
    an_issue(state="solved")
    a_petition()
    visitor.get("/dossiers")
    assert offered(visitor, "state") == {
        "": "Any",
        "open": "open (1)",
        "gathering": "gathering support (1)",
        "solved": "solved (1)",
    }
    assert len(offered(visitor, "neighbourhood")) <= 3
    assert len(offered(visitor, "category")) <= 3


def test_a_filter_counts_within_the_others_and_keeps_what_was_chosen(visitor: Browser) -> None:
    an_issue()
    an_issue(state="solved")
    a_plan(state="open")
    visitor.get("/dossiers?kind=issue&state=solved")
    assert offered(visitor, "state")["open"] == "open (1)"
    assert [tab.text.split() for tab in visitor.seen.select(".tabs a")] == [
        ["All", "1"],
        ["Reports", "1"],
        ["Petitions", "0"],
        ["Plans", "0"],
    ]
    visitor.get("/dossiers?state=withdrawn")
    assert offered(visitor, "state")["withdrawn"] == "withdrawn"
    assert visitor.seen.select_one("option[value=withdrawn][selected]")


def test_an_empty_portal_offers_everything_and_nothing_more(visitor: Browser) -> None:
    visitor.get("/dossiers")
    assert offered(visitor, "category") == {"": "Anything"}
