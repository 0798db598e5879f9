"""Reporting on a phone, in a real browser: the list follows the typing, the device tells where it is."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.dossiers.models import Attachment, Dossier
from portal.kernel.db import db
from tests.factories import an_issue
from tests.issues.reporting import WHAT, a_photo
from tests.live import LiveServer, Visit, leads_on
from tests.processes import until

KRAAIENNEST = {"latitude": 52.31703, "longitude": 4.97912}
KEPT = "localStorage.getItem('rotonde-report')"
UTRECHT = {"latitude": 52.0907, "longitude": 5.1214}


def test_four_steps(phone_page: Page, tmp_path: Path) -> None:
    page = phone_page
    page.context.grant_permissions(["geolocation"])
    file = tmp_path / "photo.jpg"
    file.write_bytes(a_photo(size=(1200, 900)))
    page.goto("/report")
    page.set_input_files("#photo", str(file))
    page.click("main button.lamp")
    if not page.locator("[data-theme-switch]").first.is_visible():
        page.click("main button.lamp")  # without JavaScript the photo is shown first
    page.wait_for_url("**/report/where*")
    if page.locator("[data-locate]").is_visible():
        _by_the_device(page)
    else:
        page.fill("#place", "Kraaienn")
        with leads_on(page):
            page.click("button[name=search]")
        page.check("#issues-matches input >> nth=0")
    page.click("main button.lamp")
    page.wait_for_url("**/report/what")
    page.fill("#title", WHAT["title"])
    if page.locator("button[name=suggest]").is_visible():
        page.click("main button.lamp")
        expect(page.locator("#likely-error")).to_be_visible()
    page.check(f"input[name=likely][value={WHAT['category']}]")
    page.fill(f"#q-{WHAT['category']}-pole", "12")
    page.click("main button.lamp")
    page.wait_for_url("**/report/send")
    page.go_back()
    expect(page.locator("#title")).to_be_visible()
    page.go_forward()
    page.fill("#name", "Sam Example")
    page.fill("#email", "sam@homes.example")
    page.click("main button.lamp")
    page.wait_for_url("**/report/thanks")
    dossier = db.session.scalars(db.select(Dossier)).one()
    assert (dossier.neighbourhood_code, dossier.answers) == ("TG03", {"pole": "12"})
    assert db.session.scalars(db.select(Attachment)).one().dossier_id == dossier.id


def test_the_bin_that_was_reported_already_is_shown_with_its_reason(phone_page: Page) -> None:
    """With JavaScript as one types, without it as a step; and before it is sent."""
    page = phone_page
    bins = an_issue(
        title="Prullenbakken verdwenen rond de metro",
        body="Sinds de zomer ligt er overal zwerfvuil.",
        lat=KRAAIENNEST["latitude"] + 0.0005,
        lon=KRAAIENNEST["longitude"],
        category_slug="prullenbakkapot",
    )
    an_issue(title="Lantaarn kapot", lat=KRAAIENNEST["latitude"], lon=KRAAIENNEST["longitude"])
    page.goto("/report/where")
    page.fill("#place", "Kraaiennest")
    with leads_on(page):
        page.click("button[name=search]")
    page.check("#issues-matches input >> nth=0")
    page.click("main button.lamp")
    page.wait_for_url("**/report/what")
    page.locator("#title").press_sequentially("vuilnisbak weg bij Kraaiennest")
    if page.locator("button[name=suggest]").is_visible():
        page.click("button[name=suggest]")
    shown = page.locator("#ties-similar li")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(str(bins.ref))
    expect(shown.locator(".soft")).to_contain_text(re.compile(r"\d+ m .*0 "))
    page.check("input[name=likely] >> nth=0")
    page.click("main button.lamp")
    page.wait_for_url("**/report/send")
    expect(page.locator("#ties-similar li")).to_contain_text(str(bins.ref))
    page.click("#ties-similar button[name=different]")
    expect(page.locator("#ties-similar li")).to_have_count(0)


@pytest.mark.browser
def test_what_was_typed_is_there_in_another_session(chromium: Chromium, live_server: LiveServer) -> None:
    visit = Visit(chromium, live_server.url, js=True)
    page = visit.page
    _to_what(page)
    page.fill("#title", "Lamp is broken")
    expect(page.locator("input[name=likely]").first).to_be_visible()
    page.fill("#body", "Typed, and not sent")
    expect(page.locator("[data-count-of] output")).to_have_text(str(3000 - len("Typed, and not sent")))
    until(lambda: "not sent" in (page.evaluate(KEPT) or ""), "what was typed is kept")
    page.context.clear_cookies()  # another day, another session: the server knows nothing any more
    _to_what(page)
    expect(page.locator("#body")).to_have_value("Typed, and not sent")
    expect(page.locator("[data-kept]")).to_be_visible()
    page.click("[data-kept] button")
    expect(page.locator("#body")).to_have_value("")
    assert page.evaluate(KEPT) is None
    visit.end()


@pytest.mark.browser
def test_nothing_stays_on_the_device_after_sending(chromium: Chromium, live_server: LiveServer) -> None:
    visit = Visit(chromium, live_server.url, js=True)
    page = visit.page
    _to_what(page)
    page.fill("#title", WHAT["title"])
    page.check(f"input[name=likely][value={WHAT['category']}]")
    page.click("main button.lamp")
    page.wait_for_url("**/report/send")
    page.fill("#name", "Sam Example")
    page.fill("#email", "sam@homes.example")
    page.click("main button.lamp")
    page.wait_for_url("**/report/thanks")
    until(lambda: page.evaluate(KEPT) is None, "nothing is kept any more")
    visit.end()


def _to_what(page: Page) -> None:
    page.goto("/report/where")
    page.click("details:has(#building) > summary >> nth=-1")
    page.select_option("#building", "Klieverink")
    page.click("main button.lamp")
    page.wait_for_url("**/report/what")


def _by_the_device(page: Page) -> None:
    page.locator("#place").press_sequentially("Kraaienn")
    expect(page.locator("#issues-matches label").first).to_be_visible()
    page.context.set_geolocation(UTRECHT)
    page.click("[data-locate]")
    expect(page.locator("#errors")).to_be_visible()
    page.context.set_geolocation(KRAAIENNEST)
    page.click("[data-locate]")
    expect(page.locator("#issues-matches input[value=here]")).to_be_checked()
