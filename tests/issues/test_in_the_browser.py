"""Reporting on a phone, in a real browser: the list follows the typing, the device tells where it is."""

from pathlib import Path

from playwright.sync_api import Page, expect

from portal.dossiers.models import Attachment, Dossier
from portal.kernel.db import db
from tests.issues.reporting import WHAT, a_photo

KRAAIENNEST = {"latitude": 52.31703, "longitude": 4.97912}
UTRECHT = {"latitude": 52.0907, "longitude": 5.1214}


def test_four_steps(phone_page: Page, tmp_path: Path) -> None:
    page = phone_page
    page.context.grant_permissions(["geolocation"])
    file = tmp_path / "photo.jpg"
    file.write_bytes(a_photo(size=(1200, 900)))
    page.goto("/report")
    page.set_input_files("#photo", str(file))
    page.click("main button.lamp")
    page.wait_for_url("**/report/where*")
    if page.locator("[data-locate]").is_visible():
        _by_the_device(page)
    else:
        page.fill("#place", "Kraaienn")
        page.click("button[name=search]")
        page.check("#issues-matches input >> nth=0")
    page.click("main button.lamp")
    page.wait_for_url("**/report/what")
    page.fill("#title", WHAT["title"])
    page.click("main button.lamp")
    expect(page.locator("#category-error")).to_be_visible()
    page.select_option("#category", WHAT["category"])
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
    assert dossier.neighbourhood_code == "TG03"
    assert db.session.scalars(db.select(Attachment)).one().dossier_id == dossier.id


def _by_the_device(page: Page) -> None:
    page.locator("#place").press_sequentially("Kraaienn")
    expect(page.locator("#issues-matches label").first).to_be_visible()
    page.context.set_geolocation(UTRECHT)
    page.click("[data-locate]")
    expect(page.locator("#errors")).to_be_visible()
    page.context.set_geolocation(KRAAIENNEST)
    page.click("[data-locate]")
    expect(page.locator("#issues-matches input[value=here]")).to_be_checked()
