"""From a motion to its execution, and words that can be heard again."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.kernel.clock import today
from portal.promises import commands
from portal.promises.queries import track
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import an_organisation
from tests.promises.making import a_promise, days


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def test_missing_steps_stand_open_with_the_days_since_the_last(browser: Browser, case: Case) -> None:
    council = an_organisation("committee", name="The council")
    browser.signs_in(case.organiser)
    browser.get(f"/d/{case.dossier.ref}/decisions/new")
    given = {"step": "motion", "title": "Motion 1254", "body": council.key, "text": "Work it out together."}
    browser.submit(**given, on=days(-400).isoformat(), url="no address")
    assert browser.status == 422
    browser.submit(**given, on=days(-400).isoformat(), url="https://council.example/1254")
    assert browser.status == 200
    commands.document(
        case.organiser, case.dossier, step="committee", title="Advice", body=council, on=days(-100)
    )
    steps = {place.step: place for place in track(case.dossier).chain}
    assert [bool(place.taken) for place in steps.values()] == [True, False, False, True, False, False]
    assert [place.waits for place in steps.values()] == [None, 100, None, None, None, None]
    browser.get(f"/d/{case.dossier.ref}/promises")
    shown = browser.seen.select(".chain > li")
    assert len(shown) == 6
    assert "400 days ago" in shown[0].text
    assert "The council" in shown[0].text
    assert shown[0].select_one('a[href="https://council.example/1254"]')
    assert "100 days since the last step" in " ".join(shown[1].text.split())


def test_a_citation_leads_to_its_second_and_to_the_whole_and_loads_nothing(
    browser: Browser, case: Case
) -> None:
    promise = a_promise(case)
    browser.signs_in(case.organiser)
    browser.get(f"/d/{case.dossier.ref}/citations/new")
    given = {"quote": "Why does it take so long?", "role": "councillor", "recording": "Council meeting"}
    given |= {"url": "https://youtu.be/example", "on": (today() - timedelta(days=3)).isoformat()}
    given |= {"comment": "We asked this, too.", "promise": str(promise.id), "level": "council"}
    browser.submit(**given, at="halfway")
    assert browser.status == 422
    browser.submit(**given, at="8:18")
    page = browser.get(f"/d/{case.dossier.ref}/promises")
    cited = page.select_one("article[id^=c]")
    assert cited is not None
    links = {str(a["href"]): str(a["rel"]) for a in cited.select("a")}
    assert list(links) == ["https://youtu.be/example?t=498", "https://youtu.be/example"]
    assert all("noreferrer" in rel for rel in links.values())
    assert "We asked this, too." not in cited.select_one("blockquote").text  # type: ignore[union-attr]
    assert "Comment of who cites this: We asked this, too." in " ".join(cited.text.split())
    loads = page.select("iframe, video, audio, embed, object") + page.select(
        "[src^='http'], link[href*='youtu']"
    )
    assert loads == []
    assert page.select_one(f"#p{promise.id} a[href='#{cited['id']}']")
