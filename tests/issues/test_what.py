"""What it is: the likely subjects by the words, what is asked more about them, and what belongs elsewhere."""

import json
from datetime import timedelta

import pytest

from portal.dossiers.models import Dossier
from portal.dossiers.queries import categories
from portal.issues import guessing
from portal.issues.guessing import CRIME, DANGER, likely, signpost
from portal.issues.models import Draft
from portal.issues.questions import questions
from portal.kernel.clock import now
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, a_plan
from tests.issues.reporting import WHAT, choose_place, only_dossier, send, tell_what

LIGHT, BIN = "lantaarnpaal-straatverlichting", "afvalbakken"
SPOKEN = [
    ("Straatlamp brandt niet", LIGHT),
    ("Lamp under the metro line is broken", LIGHT),
    ("Verlichting onder de metrobaan is stuk", LIGHT),
    ("Het is hier pikdonker", LIGHT),
    ("De prullenbak op het plein is weg", BIN),
    ("Bin is full", BIN),
    ("Waar is de bak bij de speelplek?", BIN),
    ("Plaskruis bij het plein", "openbaar-toilet"),
    ("Ratten in de berging van de flat", "ratten-in-en-rond-woning"),
    ("Bankstel naast de container", "grofvuil"),
    ("Scooters racen over het fietspad", "verkeersoverlast"),
    ("Er staat een autowrak", "auto-scooter-bromfietswrak"),
    ("De lift van het metrostation is kapot", "openbaar-vervoer"),
    ("The playground swing is broken", "speelplaats"),
    ("Samen koken met buren", "plan-ontmoeten"),
    ("Kuil in de stoep", "onderhoud-stoep-straat-en-fietspad"),
    ("Loud music every night", "geluidsoverlast-muziek"),
]


def shown(browser: Browser) -> list[str]:
    return [str(radio["value"]) for radio in browser.seen.select("input[name=likely]")]


def kept() -> dict[str, object]:
    return dict(db.session.scalars(db.select(Draft)).one().values)


@pytest.mark.parametrize(("title", "slug"), SPOKEN)
def test_the_words_say_what_it_is_about(browser: Browser, title: str, slug: str) -> None:
    found = likely(title, "", categories())
    assert slug in found
    assert len(found) <= 3


def test_words_that_say_nothing_are_about_nothing(browser: Browser) -> None:
    assert likely("", "", categories()) == []
    assert likely("xyzzy 123", "de het een", categories()) == []


def test_the_lists_name_categories_that_are_there(browser: Browser) -> None:
    known = {category.slug for category in categories()}
    words, signposts = (
        json.loads((guessing.FOLDER / name).read_text()) for name in ("words.json", "signposts.json")
    )
    assert set(words) <= known
    assert {slug for question in questions() for slug in question.categories} <= known
    assert {slug for said in signposts.values() for slug in said["categories"]} <= known
    assert len({question.key for question in questions()}) == len(questions())


def test_a_button_asks_for_the_likely_ones_and_keeps_what_is_typed(browser: Browser) -> None:
    choose_place(browser)
    assert shown(browser) == []
    browser.submit("main form", press="button[name=suggest]", title="Lamp is broken", body="Since Monday.")
    assert browser.status == 200
    assert browser.seen.select_one("#errors") is None
    assert shown(browser)[0] == LIGHT
    assert browser.seen.select_one("input[name=title]")["value"] == "Lamp is broken"
    assert kept()["body"] == "Since Monday."
    browser.submit("main form", press="button.lamp", likely=LIGHT)
    assert browser.url == "/report/send"


def test_going_on_asks_as_well(browser: Browser) -> None:
    choose_place(browser)
    browser.submit("main form", press="button.lamp", title="Lamp is broken")
    assert browser.status == 422
    assert shown(browser)[0] == LIGHT
    assert browser.seen.select_one("#likely-error") is not None
    assert browser.seen.select_one("#errors a")["href"] == "#likely-0"


def test_htmx_gets_the_likely_ones_alone_while_typing(browser: Browser) -> None:
    choose_place(browser)
    browser.js = True
    browser.post(
        "/report/what", {"title": "Lamp", "suggest": "1", "kind": "issue"}, target="div#issues-about"
    )
    assert browser.status == 200
    assert browser.seen.select_one("main") is None
    assert shown(browser)[0] == LIGHT
    assert kept()["title"] == "Lamp"  # saved as you go


def test_the_whole_list_wins_over_the_likely_ones(browser: Browser) -> None:
    choose_place(browser)
    browser.submit("main form", press="button[name=suggest]", title="Lamp is broken")
    browser.submit("main form", press="button.lamp", likely=LIGHT, category="boom")
    assert kept()["category"] == "boom"
    browser.get("/report/what")
    assert browser.seen.select_one("input[name=likely][checked]")["value"] == "boom"


def test_a_subject_that_there_is_not_is_none(browser: Browser) -> None:
    choose_place(browser)
    browser.post("/report/what", {"title": "Lamp", "kind": "issue", "likely": "made up"})
    assert browser.status == 422
    assert kept()["category"] == ""


def test_answers_go_along_and_stand_on_the_page(either_browser: Browser) -> None:
    browser = either_browser.signs_in(a_person())
    choose_place(browser)
    browser.submit("main form", press="button[name=suggest]", title="Lamp is broken")
    pole, lamps = f"q:{LIGHT}:pole", f"q:{LIGHT}:lamps"
    browser.submit("main form", press="button.lamp", likely=LIGHT, **{pole: "  12 \n 34 ", lamps: "several"})
    assert "12 34" in browser.seen.select_one("dl").text
    browser.submit("main form", press="button.lamp")
    dossier = only_dossier()
    assert dossier.answers == {"pole": "12 34", "lamps": "several"}
    browser.get(f"/d/{dossier.ref}")
    pairs = [(dt.text, dt.find_next("dd").text) for dt in browser.seen.select("article dl.pairs dt")]
    assert ("Number on the pole", "12 34") in pairs
    assert ("How many lamps are out?", "A few") in pairs


def test_answers_about_another_subject_stay_behind(browser: Browser) -> None:
    choose_place(browser)
    browser.submit("main form", press="button[name=suggest]", title="Lamp and bin are broken")
    browser.submit("main form", press="button.lamp", likely=BIN, **{f"q:{LIGHT}:pole": "12"})
    send(browser)
    assert only_dossier().answers == {}


@pytest.mark.parametrize("answer", ["<b>", "made up", "x" * 5000])
def test_an_answer_that_cannot_be_chosen_is_none(browser: Browser, answer: str) -> None:
    choose_place(browser)
    given = {"title": "Lamp", "kind": "issue", "category": LIGHT, f"q:{LIGHT}:lamps": answer}
    browser.post("/report/what", given | {f"q:{LIGHT}:pole": "x" * 5000, "q:made:up": "x"})
    send(browser)
    assert only_dossier().answers == {"pole": "x" * 200}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Brand!", DANGER),
        ("Er is brand in de kelder", DANGER),
        ("I smell gas in the hall", DANGER),
        ("Er is ingebroken bij de buren", CRIME),
        ("My bike was stolen", CRIME),
        ("Dealers bij de lift", CRIME),
        ("De lamp brandt niet", ""),
        ("Lampen branden overdag", ""),
        ("Onveilig en donker", ""),
        ("Gasfornuis op straat", ""),
        ("The urinal was removed", ""),
    ],
)
def test_danger_and_crime_are_known_by_their_words(text: str, kind: str) -> None:
    assert signpost(text) == kind


def test_a_crime_is_led_elsewhere_and_back_again(either_browser: Browser) -> None:
    browser = either_browser
    choose_place(browser)
    tell_what(browser, title="Dealers by the lift", category="overig-iets-anders")
    assert browser.url == "/report/signpost"
    links = {str(link["href"]) for link in browser.seen.select("main a[href^='tel:']")}
    assert links == {"tel:112", "tel:09008844", "tel:08007000"}
    browser.get("/report/send")
    assert browser.url == "/report/signpost"
    browser.post("/report/send", {"name": "x", "email": "x@homes.example"})
    assert db.session.scalars(db.select(Dossier)).all() == []
    browser.get("/report/what")
    assert browser.seen.select_one("input[name=title]")["value"] == "Dealers by the lift"
    browser.get("/report/signpost")
    browser.submit("main form")
    assert browser.url == "/report/send"
    send(browser)
    assert only_dossier().title == "Dealers by the lift"


def test_misread_once_is_asked_anew_for_something_worse(browser: Browser) -> None:
    choose_place(browser)
    tell_what(browser, title="Dealers by the lift", category="overig-iets-anders")
    browser.submit("main form")
    tell_what(browser, title="There is a fire", category="overig-iets-anders")
    assert browser.url == "/report/signpost"


def test_nobody_is_led_away_without_a_reason(browser: Browser) -> None:
    browser.get("/report/signpost")
    assert browser.url == "/report/where"
    choose_place(browser)
    tell_what(browser, **WHAT)
    browser.get("/report/signpost")
    assert browser.url == "/report/send"


def test_what_else_is_planned_is_told_while_the_day_is_chosen(browser: Browser) -> None:
    """With script as soon as it is chosen, without it with the button; and a wrong day is refused."""
    later = now() + timedelta(days=9, hours=1)
    near = a_plan(title="A party for all", lat=52.317, lon=4.9791, begins_at=later)
    choose_place(browser)
    browser.get("/report/what")
    day = (now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    planned = {**WHAT, "title": "A party", "kind": "plan", "begins_at": day, "suggest": "1"}
    seen = browser.post("/report/what", planned)
    assert seen.select_one(f"#issues-clashes a[href='/d/{near.ref}']")
    assert seen.select_one("input[name=begins_at]")["value"] == day
    browser.js = True
    part = browser.post("/report/what", planned, target="div#issues-clashes")
    assert (part.select_one("h1"), len(part.select("#issues-clashes li"))) == (None, 1)
    browser.js = False
    tell_what(browser, title="A party", kind="plan", begins_at=day, ends_at="2001-01-01T10:00")
    assert (browser.status, "It ends after it begins." in browser.seen.text) == (422, True)
    tell_what(browser, title="A party", kind="issue", begins_at=day, ends_at="")
    send(browser)
    made = db.session.scalars(db.select(Dossier).where(Dossier.id != near.id)).one()
    assert made.begins_at is None, "what is broken has no day"
