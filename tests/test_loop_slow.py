"""The whole loop in the rain: a screen of 360 × 640, 40 kB/s and 400 ms before anything answers."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests import test_loop
from tests.live import LiveServer, Visit
from tests.test_loop import DRAWING, Neighbourhood

SMALL = {"width": 360, "height": 640}
RAIN = {"offline": False, "latency": 400, "downloadThroughput": 40_000, "uploadThroughput": 40_000}
PATIENCE = 45_000
"""Milliseconds: on such a line, and on a busy machine, a page takes its time."""

pytestmark = pytest.mark.browser


class OldPhones(Neighbourhood):
    """Everybody has a small screen and a slow line."""

    def person(self) -> Page:
        visit = Visit(self.chromium, self.server.url, js=True, size=SMALL)
        visit.context.set_default_timeout(PATIENCE)
        visit.context.new_cdp_session(visit.page).send("Network.emulateNetworkConditions", RAIN)
        self.visits.append(visit)
        return visit.page


@pytest.fixture
def kind() -> str:
    """One database: here it is the browser that is different."""
    return "sqlite"


@pytest.fixture
def neighbourhood(app: Flask, chromium: Chromium, live_server: LiveServer) -> Iterator[OldPhones]:
    made = OldPhones(app, chromium, live_server, js=True)
    yield made
    for visit in made.visits:
        visit.end()


def test_the_whole_loop_on_an_old_phone_in_the_rain(neighbourhood: OldPhones) -> None:
    test_loop.walks_the_loop(neighbourhood, DRAWING)
