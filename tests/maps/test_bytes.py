"""What opening a map costs, beside the page it stands on: 60 kB at most, before tiles."""

import re
from pathlib import Path

from tests.browser import Browser
from tests.factories import a_person, an_issue

MOST = 60_000
TOP = Path(__file__).parent.parent.parent
DATA = ("/map.json?bbox=4.95,52.30,5.00,52.33&zoom=15", "/map/land.json?bbox=4.95,52.30,5.00,52.33&zoom=15")


def size(browser: Browser, url: str) -> int:
    browser.get(url, headers={"Accept-Encoding": "br"})
    assert browser.status == 200, url
    return len(browser.response.data)  # type: ignore[union-attr]


def test_a_map_costs_little(browser: Browser) -> None:
    opener = a_person()
    for number in range(40):
        an_issue(lat=52.3050 + number / 2000, lon=4.9600 + number / 2000, opener=opener)
    stage = browser.get("/map").select_one("[data-stage]")
    page = browser.seen.select_one(".mapped")
    scripts = [page["data-part"], page["data-map"], page["data-pinning"], stage["data-leaflet"]]
    files = [str(file) for file in (*scripts, *str(stage["data-styles"]).split())]
    sizes = {url: size(browser, url) for url in (*files, *DATA)}
    assert sum(sizes.values()) <= MOST, sizes
    assert len(files) == 6


def test_no_other_page_asks_for_it(browser: Browser) -> None:
    an_issue(lat=52.3145, lon=4.9785)
    for url in ("/", "/dossiers", "/d/K-1001"):
        assert not re.search("leaflet|moving", browser.get(url).decode())
