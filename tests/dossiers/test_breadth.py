"""How widely support is spread: what is known is shown, in bands, and nobody's home can be told from it."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.accounts import commands as accounts
from portal.accounts.queries import Homes
from portal.dossiers import commands, journal
from portal.dossiers.breadth import BANDS, FEW, NOTHING, Told, band, households, picture, renewed, visible
from portal.dossiers.commands import breadth as looking
from portal.dossiers.models import Dossier, Signature, Way
from portal.dossiers.timeline import Entry
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from portal.petitions import commands as petitions
from portal.petitions.models import Consent
from tests.browser import Browser
from tests.dossiers.spreading import FLATS, cores_with, joined_from, lit, looked
from tests.factories import a_person, a_petition, a_signature, an_issue
from tests.petitions.making import a_bundle, a_platform, says
from tests.statements import sent

MORE = [f"Flat {letter}" for letter in "ABCDEFGHI"]


def test_what_is_known_is_shown(app: Flask) -> None:
    """Nineteen buildings, fourteen of them reached, in one way or another."""
    dossier, there_are = a_petition(), cores_with(*MORE)
    for number, building in enumerate(there_are[:14]):
        joined_from(dossier, building, 10 if number == 0 else 5, Way.PAPER if number < 2 else Way.ASSISTED)
    joined_from(dossier, there_are[14], 4)
    joined_from(dossier, "", 25)
    shown = looked(dossier)
    reached = {name: 10 if number == 0 else 5 for number, name in enumerate(there_are[:14])}
    assert shown["buildings"] == [[name, reached.get(name, 0)] for name in there_are]
    assert (dossier.buildings_reached, dossier.buildings_there) == (14, 19)
    assert (shown["unknown"], shown["paper"], shown["assisted"], shown["much"]) == (25, 10, 50, 0)
    assert (shown["cores"], shown["areas"]) == (
        [["The core of Kleiburg", True], ["The other core", True]],
        ["K-buurt"],
    )
    assert list(journal.wrong([dossier])) == []


def test_fewer_than_five_of_a_building_are_never_shown(app: Flask) -> None:
    dossier = a_petition()
    joined_from(dossier, "", 30)
    for number, building in enumerate(FLATS[:5], 1):
        joined_from(dossier, building, number, Way.PAPER if number == 4 else Way.ONLINE)
    assert lit(dossier) == {FLATS[4]: 5}
    assert looked(dossier)["paper"] == 0


def test_where_nearly_everybody_lives_is_not_shown(app: Flask) -> None:
    """Else one would know it of each of them."""
    dossier = a_petition()
    joined_from(dossier, "Kleiburg", 20)
    assert lit(dossier) == {}
    joined_from(dossier, "", 4)
    assert lit(dossier) == {}
    joined_from(dossier, "", 6)
    assert lit(dossier) == {"Kleiburg": 10}


def test_those_who_support_much_else(app: Flask) -> None:
    dossier, others = a_petition(), [an_issue() for _ in range(10)]
    busy = [a_person() for _ in range(5)]
    with transaction():
        for person in busy:
            for other in [dossier, *others]:
                a_signature(other, person)
    joined_from(dossier, "", 9)
    assert looked(dossier)["much"] == 5
    with clock.at(clock.now() + timedelta(days=370)):
        joined_from(dossier, "", 10)
        assert looked(dossier)["much"] == 0


def test_a_picture_stays_until_five_came_or_went(app: Flask) -> None:
    dossier = a_petition()
    first = joined_from(dossier, "Kleiburg", 5)
    joined_from(dossier, "", 10)
    assert lit(dossier) == {"Kleiburg": 5}
    for signature in first:
        commands.withdraw_signature(signature.person, signature)
        assert lit(dossier)["Kleiburg"] == 5
    joined_from(dossier, "Kruitberg", 10)
    assert lit(dossier) == {"Kruitberg": 10}


def test_where_many_sign_it_is_looked_at_once_an_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "BIG", 20)
    dossier = a_petition()
    joined_from(dossier, "", 20)
    assert lit(dossier) == {}
    joined_from(dossier, "Kleiburg", 10)
    assert lit(dossier) == {}
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert lit(dossier) == {"Kleiburg": 10}


def test_looking_costs_as_much_for_many_as_for_few(app: Flask) -> None:
    dossier, numbers = a_petition(), []
    for more in (5, 10, 40):
        joined_from(dossier, "Kleiburg", more)
        joined_from(dossier, "", more)
        commands.add_up_all()
        with sent() as statements:
            assert commands.renew_all() == 1
        numbers.append(len(statements))
    assert numbers[1] == numbers[2] <= 10


# Two pictures after each other tell nobody's home

PEOPLE, PLACES = 40, ["Kleiburg", "Kruitberg", ""]
View = dict[str, int]
Living = dict[int, str]
"""Who supports it at this moment -> where they live."""


def changed(before: View, after: View) -> set[str]:
    return {name for name in {*before, *after} if before.get(name, 0) != after.get(name, 0)}


class Watcher:
    """Somebody who sees every picture, and knows better than they can who came and went in between."""

    def __init__(self) -> None:
        self.view: View = {}
        self.then: dict[str, Living] = {}
        """Building -> who supported it when its part of the picture changed last."""
        self.last: Living = {}

    def sees(self, view: View, now: Living) -> None:
        for name in changed(self.view, view):
            then = self.then.get(name, {})
            moved = {who for who in {*then, *now} if then.get(who) != now.get(who)}
            homes = {who: {then.get(who), now.get(who)} - {None} for who in moved}
            inside = {who for who in moved if name in homes[who]}
            rest = {who for who in moved if homes[who] - {name}}  # who signed anew from there is in both
            assert len(inside) >= FEW, f"{name}: it can only be one of {len(inside)}"
            assert len(rest) >= FEW, f"{name}: of nearly all who came or went it is certain"
            assert len({who for who in {*self.last, *now} if self.last.get(who) != now.get(who)}) >= FEW
            self.then[name] = dict(now)
        if changed(self.view, view):
            self.last = dict(now)
        self.view = dict(view)


STEPS = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(PLACES)), min_size=20, max_size=90)
MOVED = [
    *((who, "Kleiburg") for who in range(5)),
    *((who, "") for who in range(5, 10)),
    *((who, "") for who in range(5, 10)),
    *((who, "Kleiburg") for who in (5, 10, 11, 12, 13)),
]
"""One of those who stepped out signs again, from another flat."""


def worked_out(told: Told, now: Living) -> Told:
    counted = {place: sum(home == place for home in now.values()) for place in PLACES}
    return renewed(told, {"building": counted})


@given(STEPS)
@example(MOVED)
@settings(max_examples=200, deadline=None)
def test_the_rule_tells_nobodys_home(steps: list[tuple[int, str]]) -> None:
    """Whoever is drawn comes, or goes if they were there. The worker looks when five came or went."""
    told, watcher, now, looked_at = Told(), Watcher(), Living(), 0
    for who, home in steps:
        if now.pop(who, None) is None:
            now[who] = home
        if abs(len(now) - looked_at) >= FEW:
            told, looked_at = worked_out(told, now), len(now)
            view = {name: visible(*pair) for name, pair in told["building"].items()}
            assert all(shown == 0 or shown >= FEW for shown in view.values())
            watcher.sees({name: shown for name, shown in view.items() if name}, now)


@given(STEPS)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_tells_nobodys_home(app: Flask, steps: list[tuple[int, str]]) -> None:
    """The same through the front door: after each who joins or steps out the worker makes its round."""
    dossier, watcher, now = a_petition(), Watcher(), Living()
    people = [a_person() for _ in range(PEOPLE)]
    signed: dict[int, Signature] = {}
    for who, home in steps:
        person = people[who]
        if now.pop(who, None) is None:
            now[who] = home
            signed[who] = commands.sign(person, dossier, building=home)
            with transaction():
                signed[who].building = person.building = home
        else:
            commands.withdraw_signature(person, signed[who])
        watcher.sees(lit(dossier), now)


# Bands


def test_a_band_is_known_by_its_lowest_number() -> None:
    assert [band(n) for n in (0, 4, 5, 9, 10, 24, 25, 49, 50, 99, 100, 5000)] == [
        *(0, 0, 5, 5, 10, 10, 25, 25, 50, 50, 100, 100)
    ]
    assert BANDS[0] == FEW


def test_a_picture_of_nothing(app: Flask) -> None:
    assert picture({}, Homes({}, {}), None) == NOTHING


# What is seen


def a_spread_petition() -> Dossier:
    dossier = a_petition()
    joined_from(dossier, "Kleiburg", 6)
    joined_from(dossier, "Kruitberg", 12, Way.PAPER)
    joined_from(dossier, "Kempering", 2)
    looked(dossier)
    return dossier


def test_the_page_shows_what_is_lit_and_a_table(either_browser: Browser) -> None:
    dossier, browser = a_spread_petition(), either_browser
    page = browser.get(f"/d/{dossier.ref}")
    assert page.select_one("#spread").text == "Breadth: 2 of 10 flats"
    said = {li.b.text: li.select_one(".unseen").text for li in page.select(".homes li")}
    assert sorted(said) == FLATS
    assert {name for name, text in said.items() if text == "reached"} == {"Kleiburg", "Kruitberg"}
    assert {li.b.text for li in page.select(".homes .lit")} == {"Kleiburg", "Kruitberg"}
    rows = {row.th.text: row.td.text for row in page.select(".breadth tbody tr")}
    assert (rows["Kleiburg"], rows["Kruitberg"], rows["Kempering"]) == ("5–9", "10–24", "not yet")
    told = dict(
        zip([d.text for d in page.select(".ways dt")], [d.text for d in page.select(".ways dd")], strict=True)
    )
    assert told["Joined on paper"] == "10–24"
    assert not page.select_one(".breadth details").has_attr("open")


def test_too_little_is_known(either_browser: Browser) -> None:
    dossier = an_issue()
    page = either_browser.get(f"/d/{dossier.ref}")
    assert "Too few neighbours told in which building they live" in page.select_one(".breadth").text
    elsewhere = an_issue(neighbourhood_code="TM01")
    assert "Too few" not in either_browser.get(f"/d/{elsewhere.ref}").select_one(".breadth").text


def test_a_card_says_it_in_a_few_words(browser: Browser) -> None:
    dossier = a_spread_petition()
    cards = {card.h3.text: card.text for card in browser.get("/dossiers").select(".card")}
    assert "2 of 10 flats" in cards[dossier.title]
    assert "flats" not in browser.get("/dossiers?kind=issue").select_one("main").text
    assert an_issue().buildings_reached == 0


def test_what_the_worker_counts_with_is_shown_to_nobody(browser: Browser) -> None:
    """Nor is a building ever beside a name: not on a page, in another's file, or in a mail."""
    dossier, ann = a_petition(), a_person(name="Ann", building="Kouwenoord")
    a_signature(dossier, ann, shown=True, reason="Because.")
    joined_from(dossier, "Kleiburg", 4)
    looked(dossier)
    other = Browser(browser.app).signs_in(a_person(building="Kelbergen"))
    moderator = Browser(browser.app).signs_in(dossier.opener)
    commands.sign(NOBODY, dossier, name="B", email="b@homes.example", building="Kouwenoord")
    for visitor in (browser, other, moderator):
        for url in (f"/d/{dossier.ref}", "/dossiers", "/", f"/d/{dossier.ref}/preview.png"):
            page = visitor.get(url)
            for form in page.select("form"):
                form.decompose()
            assert "Kouwenoord" not in page.text
    other.get("/me/data.json")
    assert other.response is not None
    assert "Kouwenoord" not in other.response.text
    assert all("Kouwenoord" not in mail.as_string() for mail in browser.mails())
    entries = db.session.scalars(db.select(Entry)).all()
    assert all("Kouwenoord" not in f"{entry.data} {entry.text}" for entry in entries)


# By how many households


def an_opener(unit: str = "", building: str = "") -> Dossier:
    """A report, by a neighbour who may have written the number of their home."""
    dossier = an_issue()
    with transaction():
        signature = a_signature(dossier, dossier.opener)
        signature.building, signature.unit = building, unit
    return dossier


def told(dossiers: list[Dossier]) -> tuple[int, int, int]:
    found = households([dossier.id for dossier in dossiers])
    return found.dossiers, found.homes, found.unknown


def test_many_reports_may_come_from_few_households(app: Flask) -> None:
    one, other = a_person(), a_person()
    reports = [an_issue(opener=one) for _ in range(20)] + [an_issue(opener=other) for _ in range(9)]
    assert told(reports) == (29, 0, 0)
    reports += [an_opener("12", "Kleiburg"), an_opener("12", "Kleiburg")]
    assert told(reports) == (31, 0, 0)
    reports += [an_opener("14", "Kleiburg"), an_opener("12", "Kruitberg")]
    assert told(reports) == (33, 5, 0)
    assert told(reports + [an_opener() for _ in range(20)]) == (53, 25, 0)


def test_who_shares_a_mail_address_shares_a_home(app: Flask) -> None:
    first = a_person()
    with transaction():
        second = accounts.second_of_household(first, name="Second", locale="nl")
    others = [an_issue() for _ in range(3)]
    assert told([an_issue(opener=first), an_issue(opener=second), *others]) == (5, 0, 0)
    assert told([an_issue(opener=first), an_issue(opener=a_person()), *others]) == (5, 5, 0)


def test_of_what_was_imported_it_is_not_known(app: Flask) -> None:
    imported = [an_issue(), an_issue()]
    with transaction():
        for dossier in imported:
            dossier.opener_id = None
    assert told([*imported, an_issue()]) == (3, 0, 2)


@pytest.mark.parametrize(
    ("openers", "said"), [(1, "5 reports, by fewer than 5"), (5, "5 reports, by 5 or more")]
)
def test_a_petition_says_from_how_many_doors_it_comes(browser: Browser, openers: int, said: str) -> None:
    platform, organiser = a_platform()
    people = [a_person() for _ in range(openers)]
    reports = [an_issue(opener=people[n % openers]) for n in range(5)]
    petition = a_bundle(organiser, platform, reports)
    petitions.publish(organiser, petition)
    for report in reports[:4]:
        says(report, petition, Consent.JOINED)
    assert "household" not in browser.get(f"/d/{petition.ref}").text
    says(reports[4], petition, Consent.JOINED)
    assert said in browser.get(f"/d/{petition.ref}").select_one("#petitions-lineage").text
