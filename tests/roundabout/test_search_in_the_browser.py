"""What is found while one types, and without a script after Enter."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.kernel.policy import SYSTEM
from portal.similar import commands
from tests.factories import an_issue
from tests.live import LiveServer

pytestmark = pytest.mark.browser


def test_results_come_as_one_types_and_the_address_says_the_same(
    phone_page: Page, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    for title in ("Prullenbak weg bij Kraaiennest", "Prullenbak vol", "Losse tegel"):
        an_issue(title=title, body="Dat is niet goed.")
    commands.count(SYSTEM, None)
    phone_page.goto(f"{live_server.url}/search")
    box = phone_page.get_by_role("searchbox")
    box.press_sequentially("afvalbak")
    if "nojs" in request.node.callspec.id:
        box.press("Enter")
    cards = phone_page.locator("#roundabout-found .card")
    expect(cards).to_have_count(2)
    expect(phone_page).to_have_url(re.compile(r"/search\?q=afvalbak(&|$)"))
    expect(cards.first.locator("mark")).to_have_text("Prullenbak")
    expect(phone_page.get_by_role("searchbox")).to_have_value("afvalbak")
    phone_page.reload()
    expect(cards).to_have_count(2)
