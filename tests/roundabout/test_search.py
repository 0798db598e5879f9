"""The search page: one box over everything that is public."""

import pytest
from flask import Flask

from portal.dossiers import commands as dossiers
from portal.dossiers.queries import PAGE
from portal.kernel.policy import SYSTEM
from portal.similar import commands
from tests import statements
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_plan, an_issue

FOUND = "section#roundabout-found"


@pytest.fixture
def visitor(either_browser: Browser) -> Browser:
    either_browser.language = "en"
    return either_browser


def refs(visitor: Browser, query: str) -> list[str]:
    page = visitor.get(f"/search?{query}", target=FOUND)
    assert visitor.status == 200
    return [str(a["href"]).rpartition("/")[2] for a in page.select(".card h3 a")]


def said(visitor: Browser) -> str:
    return " ".join(visitor.seen.select_one(FOUND).text.split())


def test_what_fits_best_comes_first_with_its_words_marked(visitor: Browser) -> None:
    filler = "Alles is hier verder in orde, en dat mag ook wel eens gezegd worden. " * 4
    in_text = an_issue(title="Overlast", body=f"{filler}De vuilnisbak <b>is</b> weg. {filler}")
    solved = an_issue(title="Prullenbak weg", body="Dat is niet goed.", state="solved")
    still = an_issue(title="Prullenbakken weg", body="Dat is niet goed.")
    an_issue(title="Losse tegel")
    commands.count(SYSTEM, None)
    assert refs(visitor, "q=prullenbak weg") == [still.ref, solved.ref, in_text.ref]
    cards = visitor.seen.select(".card")
    assert [mark.text for mark in cards[0].select("h3 mark")] == ["Prullenbakken", "weg"]
    assert [mark.text for mark in cards[2].select("mark")] == ["vuilnisbak", "weg"]
    fragment = cards[2].select_one(".last")
    assert fragment.text.startswith("… ")
    assert "<b>is</b>" in fragment.text
    assert len(fragment.text) < 220
    assert refs(visitor, f"q={str(solved.ref).lower()}") == [solved.ref]
    assert refs(visitor, f"q=k {str(solved.ref)[2:]}") == [solved.ref]


def test_it_is_narrowed_and_counted_by_what_occurs(visitor: Browser) -> None:
    bin_ = an_issue(title="Prullenbak weg", category_slug="afvalbakken")
    solved = an_issue(title="Prullenbak vol", state="solved", neighbourhood_code="TM01")
    petition = a_petition(title="Prullenbakken terug")
    a_plan(title="Een tuin")
    commands.count(SYSTEM, None)
    for query, wanted in {
        "": [petition, bin_, solved],
        "&kind=issue": [bin_, solved],
        "&state=solved": [solved],
        "&category=afvalbakken": [bin_],
        f"&category={bin_.category.main}": [bin_],
        "&neighbourhood=K": [petition, bin_],
        "&neighbourhood=TM01": [solved],
        "&kind=plan": [],
        "&kind=x&state=x&category=x&neighbourhood=x&after=x": [petition, bin_, solved],
    }.items():
        assert set(refs(visitor, f"q=prullenbak{query}")) == {d.ref for d in wanted}, query
    page = visitor.get("/search?q=prullenbak&state=solved")
    assert [tab.get_text(" ", strip=True) for tab in page.select(".tabs a")][:3] == [
        "All 1",
        "Reports 1",
        "Petitions 0",
    ]
    offered = {str(o["value"]): o.text for o in page.select("select[name=state] option")}
    assert offered["open"] == "open (1)"
    assert "answered" not in offered


def test_it_says_what_it_took_the_words_for_and_what_to_try(visitor: Browser) -> None:
    one, other = an_issue(title="Prullenbak weg"), an_issue(title="Prullenbak vol")
    commands.count(SYSTEM, None)
    assert refs(visitor, "q=prulenbak") == [other.ref, one.ref]
    assert "Nobody wrote “prulenbak”. This is what there is about “prullenbak”." in said(visitor)
    assert refs(visitor, "q=prullenbak olifant") == [other.ref, one.ref]
    assert "No dossier has all of these words." in said(visitor)
    assert refs(visitor, "q=prupperdepup") == []
    assert "Try fewer words" in said(visitor)
    assert [a.text for a in visitor.seen.select(f"{FOUND} a[href='/search?q=prullenbak']")] == ["prullenbak"]
    assert refs(visitor, "q=prullenbak&state=handed_over") == []
    visitor.click(".empty a")
    assert visitor.url == "/search?q=prullenbak"
    assert refs(visitor, "q=") == []
    assert "Dutch and English both work" in said(visitor)
    assert visitor.get("/").select_one("header a[href='/search']")
    assert visitor.get("/nowhere").select_one("form[action='/search']")


def test_it_goes_on_page_by_page_also_beyond_what_is_ranked(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.language = "en"
    opener = a_person()
    made = {an_issue(title=f"Lamp {n}", opener=opener).ref for n in range(2 * PAGE + 5)}
    commands.count(SYSTEM, None)
    for ranked, total in ((1000, f"{len(made)} dossiers"), (PAGE + 3, f"More than {PAGE + 3} dossiers")):
        monkeypatch.setattr("portal.similar.queries.finding.COUNTED", ranked)
        monkeypatch.setattr("portal.roundabout.cards.COUNTED", ranked)
        seen = refs(browser, "q=lamp")
        assert browser.seen.select_one("#found").text == total
        while browser.seen.select("[rel=next]"):
            browser.click("[rel=next]")
            seen += [a["href"].rpartition("/")[2] for a in browser.seen.select(".card h3 a")]
        assert (len(seen), set(seen)) == (len(made), made)


def test_what_fits_is_fetched_once_and_again_only_for_a_filter(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what is ranked a filter may find older ones, which are not among the newest."""
    older = an_issue(title="Lamp uit")
    newer = [a_plan(title="Lamp erbij").ref for _ in range(3)]
    commands.count(SYSTEM, None)
    monkeypatch.setattr("portal.similar.queries.finding.COUNTED", 2)
    for query, found, often in (("q=lamp", newer[:0:-1], 1), ("q=lamp&kind=issue", [older.ref], 2)):
        with statements.sent() as sent:
            assert refs(visitor, query)[:2] == found
        assert sum("similar_text" in statement for statement in sent) == often, "\n\n".join(sent)


def test_a_page_of_it_asks_little(app: Flask, visitor: Browser) -> None:
    moderator, issue = a_person("moderator"), an_issue(title="Prullenbak weg")
    for _ in range(3):
        an_issue(title="Prullenbak vol bij de halte")
    commands.count(SYSTEM, None)
    for query in ("q=prullenbak", "q=prulenbak+halt&kind=issue&neighbourhood=K&category=afval", "q=onzin"):
        refs(visitor, query)
        with statements.sent() as sent:
            refs(visitor, query)
        assert len([s for s in sent if s.startswith("SELECT")]) <= 12, "\n\n".join(sent)
    dossiers.hide(moderator, issue, reason="A name.")
    assert issue.ref not in refs(visitor, "q=prullenbak")
