"""The moving map in a real browser: in step with filter, list and address; by keyboard; without tiles."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import a_petition, a_plan, an_issue
from tests.live import DESK, PHONE, LiveServer, Visit, becomes

pytestmark = pytest.mark.browser
HERE = {"lat": 52.3145, "lon": 4.9785}
ADDRESS = "/map?lat=52.31450&lon=4.97850&zoom=16"
PINS, GROUPS = ".map-pin", ".map-group"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    visit = Visit(chromium, live_server.url, js=True, size=request.param)
    yield visit.page
    visit.end()


def cards(page: Page) -> list[str]:
    links = page.locator("#maps-list .card h3 a")
    return sorted(str(link.get_attribute("href")) for link in links.all())


def choose(page: Page, name: str, value: str) -> None:
    if page.locator("[popovertarget=filters]").first.is_visible():
        page.locator("[popovertarget=filters]").first.click()
    page.select_option(f"#{name}", value)
    if page.locator("#filters").evaluate("sheet => sheet.matches(':popover-open')"):
        page.locator("#filters button[popovertarget]").click()


def test_filter_list_address_and_pins_are_in_step(page: Page) -> None:
    issue, plan = an_issue(**HERE), a_plan(lat=52.3150, lon=4.9800)
    page.goto(ADDRESS)
    expect(page.locator(PINS)).to_have_count(2)
    choose(page, "kind", "plan")
    expect(page.locator(PINS)).to_have_count(1)
    expect(page.locator("#maps-list .card")).to_have_count(1)
    assert cards(page) == [f"/d/{plan.ref}"]
    expect(page).to_have_url(re.compile(r"kind=plan&lat=52.31450&lon=4.97850&zoom=16$"))
    page.go_back()
    expect(page.locator(PINS)).to_have_count(2)
    expect(page.locator("#kind")).to_have_value("")
    expect(page.locator("#maps-list .card")).to_have_count(2)
    assert cards(page) == sorted([f"/d/{issue.ref}", f"/d/{plan.ref}"])
    page.go_forward()
    expect(page.locator(PINS)).to_have_count(1)
    page.reload()
    expect(page.locator(PINS)).to_have_count(1)
    expect(page.locator(f"{PINS}.plan.open")).to_have_count(1)


def test_moving_brings_the_address_and_the_list_along(page: Page) -> None:
    an_issue(**HERE)
    page.goto(ADDRESS)
    expect(page.locator(PINS)).to_have_count(1)
    page.locator("[data-stage]").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(350)  # as long as the map glides it takes no other key
    expect(page.locator("#maps-list .card")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("lon=4.97850"))
    assert "lat=52.314" in page.url


def test_a_group_opens_by_looking_nearer_and_back_leads_out_again(page: Page) -> None:
    for number in range(4):
        an_issue(lat=52.3145, lon=4.9785 + number / 3000)
    page.goto("/map?lat=52.31450&lon=4.97850&zoom=13")
    expect(page.locator(GROUPS)).to_have_text("4")
    page.locator(GROUPS).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("zoom=15"))
    expect(page.locator(f"{PINS}, {GROUPS}").first).to_be_visible()
    page.go_back()
    expect(page.locator(GROUPS)).to_have_text("4")
    expect(page).to_have_url(re.compile("zoom=13"))


def test_a_pin_opens_by_keyboard_and_gives_the_focus_back(page: Page) -> None:
    petition = a_petition(title="Light <b>on</b> the square", language="en", **HERE)
    page.goto(ADDRESS)
    pin = page.locator(PINS)
    expect(pin).to_have_attribute("aria-label", re.compile(f"{petition.ref}: Light <b>on</b> the square"))
    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup .title a")
    expect(link).to_be_focused()
    expect(link).to_have_text("Light <b>on</b> the square")
    expect(link).to_have_attribute("lang", "en")
    expect(page.locator(".leaflet-popup")).to_have_attribute("role", "dialog")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(pin).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/d/{petition.ref}$"))


def test_my_place(page: Page) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 52.3170, "longitude": 4.9790})
    page.goto(ADDRESS)
    page.locator("[data-me]").click()
    expect(page.locator(".map-me")).to_have_count(1)
    expect(page).to_have_url(
        re.compile(r"lat=52.3170\d&lon=4.9790\d&zoom=17|lat=52.3169\d&lon=4.9789\d&zoom=17")
    )


def test_nothing_is_asked_of_others_before_a_map_is_opened_and_without_tiles_it_is_a_map(
    chromium: Browser, live_server: LiveServer
) -> None:
    live_server.app.config["MAP_TILES"] = "http://127.0.0.1:9/{z}/{x}/{y}.png"
    an_issue(**HERE)
    visit = Visit(chromium, live_server.url, js=True)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    for url in ("/", "/dossiers", "/report"):
        visit.page.goto(url)
    assert not [url for url in asked if not url.startswith(live_server.url)]
    visit.page.goto("/")
    visit.page.locator(".foot a[href='/map']").click()
    expect(visit.page.locator(".map-area.own")).to_have_count(1)
    visit.page.goto(ADDRESS)
    expect(visit.page.locator(PINS)).to_have_count(1)
    expect(visit.page.locator(".map-name span").first).to_be_visible()
    expect(visit.page.locator(".error:visible, .message.bad:visible")).to_have_count(0)
    assert [url for url in asked if url.startswith("http://127.0.0.1:9/")]
    visit.complaints = [said for said in visit.complaints if "Failed to load resource" not in said]
    visit.end()


def test_pointing_out_a_place(page: Page) -> None:
    page.goto("/map/pick?lat=52.31703&lon=4.97912&zoom=17")
    expect(page.locator("[data-choose]")).to_be_enabled()
    expect(page.locator("[data-said]")).to_contain_text("Kraaiennest")
    page.evaluate("window.addEventListener('message', event => (window.heard = event.data))")
    expect(page.locator("[data-stage]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    becomes(page, "window.heard")
    picked = page.evaluate("window.heard.picked")
    assert 52.3171 < float(picked["lat"]) < 52.3180
    assert abs(float(picked["lon"]) - 4.97912) < 0.0001
    page.keyboard.press("Escape")
    becomes(page, "window.heard.picked === null")


def test_a_place_that_is_pointed_out_stands_in_the_report(page: Page) -> None:
    page.goto("/report")
    page.click("main button.lamp")
    page.wait_for_url("**/report/where*")
    page.locator(".map-picker button").click()
    frame = page.frame_locator(".map-sheet iframe")
    expect(frame.locator("[data-choose]")).to_be_enabled()
    frame.locator("[data-cancel]").click()
    expect(page.locator(".map-sheet")).to_be_hidden()
    expect(page.locator(".map-picker button")).to_be_focused()
    page.locator(".map-picker button").click()
    expect(frame.locator("[data-choose]")).to_be_enabled()
    frame.locator("[data-stage]").click(position={"x": 200, "y": 250})
    frame.locator("[data-choose]").click()
    expect(page.locator("main .message.good strong")).to_be_visible()
    expect(page.locator("#errors")).to_have_count(0)
    page.locator("summary").first.click()
    page.locator(".map-picker button").click()
    expect(frame.locator("[data-choose]")).to_be_enabled()
    assert "zoom=1" in str(page.locator(".map-sheet iframe").get_attribute("src"))
