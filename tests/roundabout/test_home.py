"""The home page of a neighbourhood."""

from datetime import date, timedelta

import pytest

from portal.dossiers import commands
from portal.dossiers.facets import LATELY, MANY
from portal.dossiers.models import Dossier, Signature
from portal.dossiers.timeline import record
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from tests.browser import Browser
from tests.factories import (
    a_membership,
    a_person,
    a_petition,
    a_plan,
    a_signature,
    an_issue,
    an_organisation,
)


@pytest.fixture
def visitor(browser: Browser) -> Browser:
    browser.language = "en"
    return browser


def numbers(visitor: Browser) -> dict[str, int]:
    facts = visitor.seen.select(".hero .facts div")
    return {fact.dt.text: int(fact.dd.text.replace(",", "")) for fact in facts}


def test_the_front_page_is_the_portals_own_neighbourhood(visitor: Browser) -> None:
    assert "K-buurt" in visitor.get("/").h1.text
    assert "Gein" in visitor.get("/n/tm").h1.text
    assert visitor.get("/n/TM01").h1
    visitor.get("/n/unknown")
    assert visitor.status == 404


def test_the_numbers_are_true(visitor: Browser) -> None:
    one, two = an_issue(), a_petition()
    person = a_person()
    for dossier in (one, two):
        a_signature(dossier, person)
        a_signature(dossier, state="pending")
        a_signature(dossier, state="withdrawn")
    with transaction():
        for forgotten in (a_signature(one), a_signature(two)):
            forgotten.state = "anonymised"
            forgotten.forget_owner()
    for dossier in (one, two):
        on_paper = a_signature(dossier, name="Jan Jansen", building="Kempering")
        with transaction():
            on_paper.way, on_paper.person_id = "paper", None
    an_issue(state="answered")
    an_issue(state="solved")
    an_issue(state="done")
    a_petition(state="draft")
    a_signature(an_issue(neighbourhood_code="TM01"))
    visitor.get("/")
    assert numbers(visitor) == {"supporters": 2, "going on": 2, "answered": 2, "solved": 1}
    assert "All 5 dossiers" in visitor.seen.text
    solved = a_petition()
    a_signature(solved, person)
    commands.solve(solved.opener, solved)
    with clock.at(clock.now() + timedelta(days=200)):
        commands.forget(SYSTEM, solved)
    visitor.get("/")
    assert numbers(visitor)["supporters"] == 2, "nobody becomes another by being forgotten"


def test_very_many_are_not_counted_for_everybody_who_looks(visitor: Browser) -> None:
    petition = a_petition()
    known = {"dossier_id": petition.id, "state": "confirmed", "way": "paper", "building": "Kempering"}
    known |= {"signed_at": clock.now(), "confirmed_at": clock.now(), "joins_bundle": False}
    with transaction():
        db.session.execute(
            db.insert(Signature), [known | {"name_key": f"neighbour {n}"} for n in range(MANY + 1)]
        )
    visitor.get("/")
    assert numbers(visitor)["supporters"] == MANY + 1
    a_signature(petition)
    visitor.get("/")
    assert numbers(visitor)["supporters"] == MANY + 1
    with clock.at(clock.now() + LATELY):
        visitor.get("/")
    assert numbers(visitor)["supporters"] == MANY + 2


def test_what_moved_last_comes_first(visitor: Browser) -> None:
    issues = [an_issue() for _ in range(8)]
    an_issue(state="solved")
    an_issue(neighbourhood_code="TM01")
    commands.tell(issues[0].opener, issues[0], text="News.")
    a_signature(issues[1])
    an_issue(state="withdrawn")
    cards = [str(a["href"]) for a in visitor.get("/").select(".cards h3 a")]
    assert cards == [f"/d/{d.ref}" for d in (issues[0], *issues[:2:-1])]


def test_petitions_wait_with_their_clocks_the_longest_due_first(visitor: Browser) -> None:
    with clock.at(clock.now() - timedelta(days=200)):
        late = a_petition(state="handed_over", addressees=[an_organisation(name="Slow")])
    soon = a_petition(state="handed_over", addressees=[an_organisation(name="A"), an_organisation(name="B")])
    a_petition()
    a_petition(state="answered")
    an_issue(state="handed_over")
    section = visitor.get("/").select_one("[aria-labelledby=waiting]")
    assert [a["href"] for a in section.select("h3 a")] == [f"/d/{late.ref}", f"/d/{soon.ref}"]
    assert [h3.text for h3 in section.select(".clock h3")] == ["Slow", "A", "B"]
    assert "days without an answer" in section.select_one(".clock").text


def test_among_very_many_the_same_come_first(visitor: Browser) -> None:
    elsewhere = a_petition(state="handed_over", neighbourhood_code="TM01")
    with clock.at(clock.now() - timedelta(days=200)):
        late = a_petition(state="handed_over", addressees=[an_organisation(), an_organisation()])
    soon, issue = a_petition(state="handed_over"), an_issue()
    long_ago = clock.now() - timedelta(days=1000)
    known = {"kind": "issue", "state": "open", "neighbourhood_code": "K", "title": "Dark"}
    known |= {"opened_at": long_ago, "changed_at": long_ago}
    with transaction():
        db.session.execute(db.insert(Dossier), [known | {"ref": f"K-{90000 + n}"} for n in range(MANY)])
    page = visitor.get("/")
    waiting = [str(a["href"]) for a in page.select("[aria-labelledby=waiting] h3 a")]
    assert waiting == [f"/d/{late.ref}", f"/d/{soon.ref}"]
    moved = [str(a["href"]) for a in page.select(".card h3 a")]
    assert set(moved[:3]) == {f"/d/{one.ref}" for one in (late, soon, issue)}
    assert f"/d/{elsewhere.ref}" not in str(page)


def test_the_last_news_leaves_out_signatures_and_internal_notes(visitor: Browser) -> None:
    petition = a_petition(state="handed_over")
    a_signature(petition)
    internal = an_issue()
    with transaction():
        record(internal, "noted", text="Secret", audience=an_organisation(name="Authority"))
    said = [h3.text for h3 in visitor.get("/").select("[aria-labelledby=recent] h3")]
    assert len(said) == 4
    assert said[0] == "Reported"
    assert said[1].startswith("Handed over to ")
    assert "Secret" not in visitor.seen.text
    links = [str(a["href"]) for a in visitor.seen.select("[aria-labelledby=recent] a")]
    assert links[1] == f"/d/{petition.ref}#e3"


def test_platforms_and_cores_of_here_with_their_recognition(visitor: Browser) -> None:
    until = clock.today() + timedelta(days=100)
    platform = an_organisation(
        "platform", name="Heart of K", recognised_on=date(2022, 3, 24), recognised_until=until
    )
    an_organisation("platform", name="Recognised for good", recognised_on=date(2022, 3, 24))
    an_organisation(
        "platform", name="Long ago", recognised_on=date(2012, 3, 24), recognised_until=date(2014, 1, 1)
    )
    an_organisation("core", name="A core", neighbourhood_code="TH05")
    an_organisation("platform", name="Elsewhere", neighbourhood_code="TM")
    a_membership(organisation=platform)
    section = visitor.get("/").select_one("[aria-labelledby=who]").text
    assert "recognised until" in section
    assert str(until.year) in section
    assert "recognised since" in section
    assert "was recognised until" in section
    assert section.index("Heart of K") < section.index("A core")
    assert "Elsewhere" not in section
    assert "Heart of K" in visitor.get("/n/TH05").text, "the part belongs to the whole"
    assert "Heart of K" not in visitor.get("/n/TM").text


def test_a_neighbourhood_with_nothing_invites(visitor: Browser) -> None:
    page = visitor.get("/n/TM")
    assert "Who turns on the light in Gein?" in page.text
    assert "Be the first to report it." in page.select_one(".empty").text
    assert "Nothing has happened here yet." in page.text
    assert "There is no platform or core here yet." in page.text
    assert not page.select("[aria-labelledby=waiting]")
    assert page.select_one(".map .land")


def test_what_lies_outside_the_map_has_no_pin(visitor: Browser) -> None:
    a_plan(lat=None, lon=None)
    an_issue(lat=52.9, lon=4.9)
    page = visitor.get("/")
    assert not page.select(".pin")
    an_issue(lat=52.3136, lon=4.9707)
    an_issue(lat=52.3136, lon=4.9707)
    assert len(visitor.get("/").select(".pin")) == 1
    assert len(visitor.seen.select(".keys li a")) == 2
