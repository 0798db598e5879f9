"""Following with the button on the page, in a real browser, up to the notice that the device shows.

The browser's own service is out on the internet: in its place stands one on this machine.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.kernel.db import db
from portal.notices.models import Follow
from tests.answers.making import Case
from tests.live import LiveServer, Visit
from tests.notices.devices import Service
from tests.processes import until

pytestmark = pytest.mark.browser
BROWSERS_OWN = """(device) => {
  const { endpoint, p256dh, auth } = device;
  let key = null;
  const made = () => ({ endpoint, options: { applicationServerKey: key }, unsubscribe: async () => true,
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }) });
  PushManager.prototype.getSubscription = async () => (localStorage.getItem("device") ? made() : null);
  PushManager.prototype.subscribe = async (how) => {
    localStorage.setItem("device", "yes");
    key = how.applicationServerKey;
    return made();
  };
}"""


@pytest.fixture
def service(app: Flask) -> Iterator[Service]:
    app.config["PUSH_LOCAL"] = True
    made = Service()
    yield made
    made.end()


@pytest.fixture
def visit(app: Flask, whole_chromium: Chromium, live_server: LiveServer, service: Service) -> Iterator[Visit]:
    app.config["WTF_CSRF_ENABLED"] = True
    made = Visit(whole_chromium, live_server.url, js=True)
    made.context.grant_permissions(["notifications"], origin=live_server.url)
    made.context.add_init_script(f"({BROWSERS_OWN})({json.dumps(service.device())})")
    yield made
    made.end()


def follows() -> int:
    db.session.rollback()
    return len(db.session.scalars(db.select(Follow)).all())


def arrives(page: Page, url: str, message: dict[str, str]) -> None:
    """The browser gives the worker what its service brought."""
    session = page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda said: known.extend(said["registrations"]))
    session.send("ServiceWorker.enable")
    until(lambda: known or page.wait_for_timeout(50), "the worker is known")
    facts = {"origin": url, "registrationId": known[0]["registrationId"], "data": json.dumps(message)}
    session.send("ServiceWorker.deliverPushMessage", facts)


def test_a_tap_follows_an_answer_comes_and_a_tap_ends_it(visit: Visit, service: Service) -> None:
    case, page = Case(), visit.page
    page.goto(f"/d/{case.dossier.ref}")
    page.click("[data-follow]")
    expect(page.locator("[data-say=yes]")).to_be_visible()
    assert follows() == 1
    case.answer()
    until(lambda: service.got or page.wait_for_timeout(50), "the message")
    arrives(page, str(visit.page.evaluate("location.origin")), service.read(service.got[0]))
    shown = """async () => {
      const known = await navigator.serviceWorker.getRegistration();
      for (;;) {
        const [notice] = await known.getNotifications();
        if (notice) return [notice.title, notice.body, notice.data];
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }"""
    title, body, url = page.evaluate(shown)
    assert title == case.dossier.title
    assert case.authority.name in body
    assert f"/d/{case.dossier.ref}#e" in url
    page.goto("/dossiers")
    page.goto(f"/d/{case.dossier.ref}")
    expect(page.locator("[data-unfollow]")).to_be_visible()
    page.click("[data-unfollow]")
    expect(page.locator("[data-follow]")).to_be_visible()
    assert follows() == 0


def test_without_script_or_where_it_cannot_be_done_nothing_is_offered(
    chromium: Chromium, live_server: LiveServer
) -> None:
    case = Case()
    for js in (True, False):
        visit = Visit(chromium, live_server.url, js=js)
        visit.context.add_init_script("delete window.PushManager")
        visit.page.goto(f"/d/{case.dossier.ref}")
        expect(visit.page.locator("[data-follow]")).to_be_hidden()
        visit.end()
