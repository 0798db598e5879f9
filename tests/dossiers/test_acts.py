"""What those whose dossier it is do with it, and what moderators do."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.dossiers import commands, queries
from portal.dossiers.models import Dossier, State
from portal.dossiers.timeline import Entry
from portal.dossiers.views.acts import ACTS
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_issue, an_organisation

NOVEMBER = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def visitor(either_browser: Browser) -> Browser:
    either_browser.language = "en"
    return either_browser


@pytest.fixture
def issue(visitor: Browser) -> Dossier:
    """One's own: the visitor is who opened it."""
    person = a_person()
    visitor.signs_in(person)
    return an_issue(opener=person)


def last(dossier: Dossier) -> Entry:
    db.session.expire_all()
    return queries.timeline(SYSTEM, dossier)[-1]


def links(visitor: Browser, dossier: Dossier) -> list[str]:
    page = visitor.get(f"/d/{dossier.ref}")
    return [str(a["href"]).rpartition("/")[2] for a in page.select("[aria-labelledby=acts] a.full")]


def test_each_deed_is_offered_to_those_who_may(visitor: Browser, issue: Dossier) -> None:
    assert links(visitor, issue) == ["tell", "hand_over", "solve", "withdraw"]
    visitor.signs_in(a_person())
    assert links(visitor, issue) == []
    visitor.signs_in(a_person(Role.MODERATOR))
    assert links(visitor, issue) == ["integrity", "held", "hide"]


@pytest.mark.parametrize("name", ACTS)
def test_a_deed_is_for_those_who_may(visitor: Browser, app: Flask, name: str) -> None:
    dossier = an_issue()
    visitor.get(f"/d/{dossier.ref}/{name}")
    assert visitor.url.startswith("/sign-in?next=")
    visitor.signs_in(a_person()).get(f"/d/{dossier.ref}/{name}")
    assert visitor.status == 403
    visitor.post(f"/d/{dossier.ref}/{name}", {"once": "a", "text": "t", "reason": "r", "what": "news"})
    assert visitor.status == 403
    db.session.expire_all()
    assert (dossier.state, dossier.hidden_at) == (State.OPEN, None)


def test_telling_news(visitor: Browser, issue: Dossier) -> None:
    visitor.get(f"/d/{issue.ref}/tell")
    page = visitor.submit(text="They came by.", what="meeting")
    assert visitor.url == f"/d/{issue.ref}"
    assert "It is on the timeline." in page.select_one("#flash").text
    assert page.select(".timeline h3")[-1].text == "Meeting"
    assert (last(issue).text, last(issue).precision) == ("They came by.", "day")


@pytest.mark.parametrize("link", ["https://[a.b", "https://:80.x", "javascript:alert.x"])
def test_a_link_that_leads_nowhere_is_refused(visitor: Browser, issue: Dossier, link: str) -> None:
    visitor.get(f"/d/{issue.ref}/tell")
    page = visitor.submit(text="Read it.", what="news", link=link)
    assert visitor.status == 422
    assert "begins with https://" in page.select_one("#link-error").text
    assert last(issue).verb == "opened"


def test_telling_of_a_letter_and_of_its_answer(visitor: Browser, issue: Dossier) -> None:
    council = an_organisation("committee", name="The council")
    with clock.at(NOVEMBER):
        visitor.get(f"/d/{issue.ref}/tell")
        assert not visitor.seen.select("#answers")
        visitor.submit(
            text="Come and see.",
            what="invitation",
            told_on="2026-10-14",
            month_only="y",
            to=council.key,
            awaits_answer="y",
            link="https://letters.example.org/1",
        )
        asked = last(issue)
        assert asked.data["to"] == {"key": council.key, "name": "The council"}
        assert (asked.on.isoformat(), asked.precision) == ("2026-10-14", "month")
        assert asked.data["links"] == [
            {"url": "https://letters.example.org/1", "label": "letters.example.org"}
        ]
        assert "no answer: 40 days" in visitor.seen.text
        visitor.get(f"/d/{issue.ref}/tell")
        visitor.submit(text="No time.", what="news", about=council.key, answers=str(asked.seq))
    assert last(issue).data["answers"] == asked.seq
    assert "no answer" not in visitor.seen.select_one(".timeline").text
    assert "The council, written down by a neighbour" in visitor.seen.text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"text": " "}, "Write what happened."),
        ({"text": "t", "told_on": "2126-01-01"}, "Choose a day that has been."),
        ({"text": "t", "told_on": "1026-01-01"}, "Choose a day that has been."),
        ({"text": "t", "link": "javascript:alert(1)"}, "Write an address that begins with https://"),
        ({"text": "x" * 3001}, "too long: 3000"),
    ],
)
def test_what_is_wrong_with_news_is_said_and_kept(
    visitor: Browser, issue: Dossier, given: dict[str, str], expected: str
) -> None:
    visitor.get(f"/d/{issue.ref}/tell")
    page = visitor.submit(**given, to="", what="call")
    assert visitor.status == 422
    assert expected in page.select_one(".field .error").text
    assert page.select_one("[name=what][checked]")["value"] == "call"
    assert last(issue).verb == "opened"


def test_handing_over_starts_a_clock_for_each(visitor: Browser, issue: Dossier) -> None:
    one, two = an_organisation(name="One"), an_organisation("committee", name="Two")
    an_organisation("support", name="Nobody to ask")
    visitor.get(f"/d/{issue.ref}/hand_over")
    assert "Nobody to ask" not in visitor.seen.text
    page = visitor.submit(to=[one.key, two.key], text="Please.")
    assert [h3.text for h3 in page.select(".clock h3")] == ["One", "Two"]
    assert issue.state == State.HANDED_OVER


def test_handing_over_twice_leaves_the_clock_that_runs(visitor: Browser, issue: Dossier) -> None:
    first, second = an_organisation(), an_organisation()
    with clock.at(NOVEMBER):
        visitor.get(f"/d/{issue.ref}/hand_over")
        visitor.submit(to=[first.key])
    due = issue.addressees[0].due_on
    visitor.get(f"/d/{issue.ref}/hand_over")
    visitor.submit(to=[first.key])
    assert visitor.status == 409
    visitor.get(f"/d/{issue.ref}/hand_over")
    visitor.submit(to=[first.key, second.key])
    assert [told["key"] for told in last(issue).data["to"]] == [second.key]
    assert issue.addressees[0].due_on == due


def test_handing_over_to_nobody_is_refused(visitor: Browser, issue: Dossier) -> None:
    an_organisation(name="One")
    visitor.get(f"/d/{issue.ref}/hand_over")
    page = visitor.submit(text="Please.")
    assert (visitor.status, "Choose at least one." in page.text) == (422, True)


def test_a_petition_proposes_those_it_names(visitor: Browser) -> None:
    named = an_organisation(name="Named")
    an_organisation(name="Another")
    petition = a_petition(addressees=[named])
    page = visitor.signs_in(petition.opener).get(f"/d/{petition.ref}/hand_over")
    assert [box["value"] for box in page.select("[name=to][checked]")] == [named.key]


def test_solved_reopened_withdrawn(visitor: Browser, issue: Dossier) -> None:
    visitor.get(f"/d/{issue.ref}/solve")
    visitor.submit(text="It burns.")
    assert (last(issue).verb, last(issue).text, issue.state) == ("solved", "It burns.", State.SOLVED)
    visitor.get(f"/d/{issue.ref}/reopen")
    visitor.submit(text="")
    assert (visitor.status, issue.state) == (422, State.SOLVED)
    visitor.submit(text="It does not.")
    assert (last(issue).verb, issue.state) == ("reopened", State.OPEN)
    visitor.get(f"/d/{issue.ref}/withdraw")
    visitor.submit()
    assert (last(issue).verb, issue.state) == ("withdrawn", State.WITHDRAWN)


def test_hidden_and_shown_again(visitor: Browser, issue: Dossier) -> None:
    visitor.signs_in(a_person(Role.MODERATOR)).get(f"/d/{issue.ref}/hide")
    visitor.submit(reason="")
    assert visitor.status == 422
    visitor.submit(reason="A name.")
    assert (last(issue).verb, issue.hidden_reason) == ("hidden", "A name.")
    visitor.get(f"/d/{issue.ref}/unhide")
    visitor.submit(reason="The name is gone.")
    assert (last(issue).verb, issue.hidden_at) == ("unhidden", None)
    assert "The name is gone." in visitor.seen.text


def test_the_form_of_a_hidden_dossier_does_not_name_it(visitor: Browser, issue: Dossier) -> None:
    commands.hide(a_person(Role.MODERATOR), issue, reason="A name.")
    page = visitor.get(f"/d/{issue.ref}/withdraw")
    assert visitor.status == 200
    assert issue.title not in page.text


def test_a_repeated_submit_is_the_same_submit(visitor: Browser, issue: Dossier) -> None:
    for _ in range(2):
        visitor.post(f"/d/{issue.ref}/solve", {"once": "same", "text": "Done."})
        assert (visitor.status, visitor.url) == (200, f"/d/{issue.ref}")
    assert [e.verb for e in queries.timeline(SYSTEM, issue)] == ["opened", "solved"]


def test_what_is_no_longer_possible_is_refused(visitor: Browser, issue: Dossier) -> None:
    visitor.get(f"/d/{issue.ref}/solve")
    commands.withdraw(issue.opener, issue)
    visitor.submit(text="Done.")
    assert (visitor.status, last(issue).verb) == (403, "withdrawn")


def test_what_is_withdrawn_before_anybody_saw_it_stays_unseen(visitor: Browser) -> None:
    person = a_person()
    issue = an_issue(opener=person, state=State.UNCONFIRMED, title="Seen by nobody")
    visitor.signs_in(person).get(f"/d/{issue.ref}/withdraw")
    visitor.submit()
    assert last(issue).verb == "withdrawn"
    assert (issue.state, links(visitor, issue)) == (State.WITHDRAWN, [])
    other = Browser(visitor.app).signs_in(a_person())
    other.get(f"/d/{issue.ref}")
    assert other.status == 403
    for page in ("/", "/dossiers", "/dossiers?state=withdrawn", f"/dossiers?q={issue.ref}"):
        assert "Seen by nobody" not in other.get(page).text


def test_what_was_seen_before_it_is_withdrawn_stays_seen(visitor: Browser, issue: Dossier) -> None:
    visitor.get(f"/d/{issue.ref}/withdraw")
    visitor.submit()
    assert issue.title in Browser(visitor.app).get("/dossiers?state=withdrawn").text
