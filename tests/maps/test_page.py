"""The page of the map: the list beside it, the drawing without script, and the policy that lets tiles in."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.dossiers.models import Dossier
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.maps.cards import BESIDE
from portal.maps.queries import MOST_BESIDE
from portal.places.loading import merged, neighbourhoods
from tests.browser import Browser
from tests.factories import a_petition, a_plan, an_issue

HERE = {"lat": 52.3145, "lon": 4.9785}


@pytest.fixture
def visitor(either_browser: Browser) -> Browser:
    return either_browser


def listed(visitor: Browser) -> set[str]:
    return {str(a["href"]).rpartition("/")[2] for a in visitor.seen.select("#maps-list .card h3 a")}


def test_the_list_shows_what_the_map_shows(visitor: Browser) -> None:
    issue, plan = an_issue(**HERE), a_plan(lat=52.3160, lon=4.9800)
    an_issue(lat=52.40, lon=4.90)
    an_issue(lat=None, lon=None)
    visitor.get("/map")
    assert listed(visitor) == {issue.ref, plan.ref}
    visitor.get("/map?kind=plan")
    assert listed(visitor) == {plan.ref}
    assert visitor.seen.select_one("#kind option[selected]")["value"] == "plan"
    visitor.get("/map?lat=52.40&lon=4.90&zoom=16", target="section#maps-list")
    assert "1 dossier on this part of the map" in visitor.seen.text
    visitor.get("/map?lat=52.30&lon=4.90&zoom=16")
    assert "Nothing here" in visitor.seen.text
    visitor.click("#maps-list > p a")
    assert visitor.url == "/dossiers"


def test_of_very_many_the_newest_are_listed_and_not_all_are_counted(visitor: Browser) -> None:
    first = now()
    known = {"kind": "issue", "state": "open", "neighbourhood_code": "K", "body": "It is dark."}
    rows = [
        known
        | {"ref": f"K-9{n:04}", "title": f"Number {n}", "opened_at": first + timedelta(seconds=n)}
        | {"lat": 52.3100 + n % 40 / 10_000, "lon": 4.9700 + n // 40 / 10_000}
        for n in range(MOST_BESIDE + 10)
    ]
    with transaction():
        db.session.execute(db.insert(Dossier), rows)
        an_issue(lat=52.40, lon=4.90)
    visitor.get("/map?lat=52.3120&lon=4.9720&zoom=13")
    assert "More than 1,000 dossiers on this part of the map" in visitor.seen.text
    newest = [f"K-9{n:04}" for n in range(MOST_BESIDE + 9, -1, -1)]
    assert listed(visitor) == set(newest[:BESIDE])
    visitor.get("/map?lat=52.3120&lon=4.9720&zoom=13&page=2")
    assert listed(visitor) == set(newest[BESIDE : 2 * BESIDE])
    visitor.get("/map?lat=52.3120&lon=4.9720&zoom=13&page=9999")
    assert listed(visitor) == set(newest[-BESIDE:])
    assert "Next" not in visitor.seen.select_one("#maps-list").text
    visitor.get("/map?lat=52.3120&lon=4.9720&zoom=13&kind=plan")
    assert "0 dossiers on this part of the map" in visitor.seen.text


def test_a_fragment_is_of_the_part_that_a_moving_map_shows(app: Flask) -> None:
    browser = Browser(app, js=True)
    near, _far = an_issue(**HERE), an_issue(lat=52.3160, lon=4.9850)
    browser.get("/map?lat=52.31&lon=4.97&zoom=14&bbox=4.978,52.314,4.979,52.315", target="section#maps-list")
    assert listed(browser) == {near.ref}
    assert not browser.seen.select("form")


def test_the_drawing_has_a_number_and_a_key_for_each_pin(browser: Browser) -> None:
    alone, petition = an_issue(**HERE), a_petition(lat=52.3200, lon=4.9700)
    for _ in range(20):
        an_issue(lat=52.3120, lon=4.9700)
    page = browser.get("/map?lat=52.3150&lon=4.9750&zoom=15")
    assert [text.text for text in page.select("[data-drawing] .pin text")] == ["1", "2", "3"]
    keys = page.select("noscript .keys li")
    assert {str(a["href"]) for li in keys[:2] for a in li.select("a")} == {
        f"/d/{alone.ref}",
        f"/d/{petition.ref}",
    }
    assert "20 dossiers: look nearer" in keys[2].text
    browser.click("noscript .keys li:nth-of-type(3) a")
    assert "zoom=17" in browser.url
    assert len(browser.seen.select("noscript .keys li")) == 1


def test_links_move_the_map_and_keep_the_filter(browser: Browser) -> None:
    issue = an_issue(**HERE)
    browser.get("/map?kind=issue&lat=52.3145&lon=4.9785&zoom=18")
    ways = browser.seen.select(".map-moves a")
    assert len(ways) == 6
    assert all("kind=issue" in str(a["href"]) for a in ways)
    browser.click(".map-moves li:nth-of-type(1) a")
    browser.click(".map-moves li:nth-of-type(1) a")
    browser.click(".map-moves li:nth-of-type(1) a")
    assert not listed(browser)
    for _ in range(2):
        browser.click(".map-moves li:nth-of-type(6) a")
    assert listed(browser) == {issue.ref}


@pytest.mark.parametrize(
    "query",
    [
        "lat=x&lon=4.9&zoom=3",
        "lat=99&lon=999&zoom=1e9",
        "zoom=nan",
        "lat=nan&lon=4&zoom=9",
        "lat=52&lon=4.9&zoom=-5",
        "bbox=1,2,3",
        "page=-1",
        "neighbourhood=x",
        "kind=x",
    ],
)
def test_an_address_that_nobody_can_read_is_the_map_all_the_same(browser: Browser, query: str) -> None:
    browser.get(f"/map?{query}")
    assert browser.status == 200
    browser.get(f"/map/pick?{query}")
    assert browser.status == 200


def test_hidden_words_are_not_on_it(browser: Browser) -> None:
    an_issue(state="unconfirmed", title="Secret", **HERE)
    a_petition(state="draft", title="Secret", **HERE)
    assert "Secret" not in browser.get("/map").text


def test_only_a_page_with_a_map_lets_tiles_in(app: Flask, browser: Browser) -> None:
    app.config["MAP_TILES"] = "https://tiles.example/{z}/{x}/{y}.png"
    for url, lets_in in (("/map", True), ("/map/pick", True), ("/", False), ("/dossiers", False)):
        browser.get(url)
        assert ("https://tiles.example" in browser.headers["Content-Security-Policy"]) is lets_in, url
    browser.get("/map")
    assert "img-src 'self' data: blob: https://tiles.example;" in browser.headers["Content-Security-Policy"]
    assert browser.seen.select_one("[data-stage]")["data-tiles"] == "https://tiles.example/{z}/{x}/{y}.png"
    app.config["MAP_TILES"] = ""
    browser.get("/map")
    assert "https" not in browser.headers["Content-Security-Policy"]


def test_a_link_that_htmx_follows_opens_the_map_as_a_page_of_its_own(app: Flask) -> None:
    app.config["MAP_TILES"] = "https://tiles.example/{z}/{x}/{y}.png"
    browser = Browser(app, js=True)
    browser.get("/map?kind=plan")
    assert browser.headers["HX-Redirect"] == "/map?kind=plan"


def test_only_the_pointing_map_may_stand_in_a_frame_and_only_in_ours(browser: Browser) -> None:
    browser.get("/map/pick")
    assert "frame-ancestors 'self'" in browser.headers["Content-Security-Policy"]
    browser.get("/map")
    assert "frame-ancestors 'none'" in browser.headers["Content-Security-Policy"]


def test_a_dossier_shows_its_place_and_leads_to_the_map(browser: Browser) -> None:
    issue = an_issue(**HERE)
    page = browser.get(f"/d/{issue.ref}")
    assert len(page.select(".map.small .pin")) == 1
    assert page.select_one(".map.small .land")
    browser.click("[aria-labelledby=where] a.button")
    assert listed(browser) == {issue.ref}
    assert not browser.get(f"/d/{an_issue(lat=None, lon=None).ref}").select(".map")


def test_home_list_and_foot_lead_to_it(browser: Browser) -> None:
    an_issue()
    for url in ("/", "/dossiers?kind=issue&q=lamp"):
        links = [str(a["href"]) for a in browser.get(url).select("a[href^='/map']")]
        assert "/map" in links
        assert len(links) > 1
    assert "/map?kind=issue&q=lamp" in links


def test_a_neighbourhood_of_several_parts_has_one_outline() -> None:
    """Where their borders do not share every point, nothing is left of it inside."""
    rows = [row for row in neighbourhoods() if row["code"] == "K"]
    assert [[len(polygon) for polygon in row["outline"]["coordinates"]] for row in rows] == [[1]]
    border = [[1.0, 0.4], [1.0, 0.6]]
    west = [[0.0, 0.0], [1.0, 0.0], *border, [1.0, 1.0], [0.0, 1.0]]
    east = [[2.0, 1.0], [1.0, 1.0], border[1], [1.0 + 1e-9, 0.5], border[0], [1.0, 0.0], [2.0, 0.0]]
    (outline,) = merged([west, east])
    around = {(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (0.0, 1.0)}
    assert {tuple(point) for point in outline} == around
