"""Without network, in a real browser: what was seen opens, what was written goes out once."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.dossiers.models import Attachment, Dossier, Signature
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, a_session, an_issue
from tests.issues.reporting import a_photo
from tests.live import LiveServer, Visit
from tests.processes import until

pytestmark = pytest.mark.browser
LOST = "net::ERR_"
"""What the browser says of a cut line; that is what the test is about."""

READY = """async (seen) => {
  const kept = async (url) => Boolean(await caches.match(url, { ignoreVary: true }));
  while (!navigator.serviceWorker.controller || !(await kept("/report/offline")) || !(await kept(seen)))
    await new Promise((resolve) => setTimeout(resolve, 50));
}"""

WHAT_WAITS = """async (facts) => {
  const device = await import(document.querySelector("[data-offline]").dataset.offline);
  const [item] = await device.ask({ do: "list" });
  await device.ask({ do: "add", item: { ...item, ...facts } });
}"""
FLUSH = """async () => {
  const device = await import(document.querySelector("[data-offline]").dataset.offline);
  device.ask({ do: "flush" });
}"""
UPDATE = "navigator.serviceWorker.getRegistration().then((known) => known.update()).then(() => true)"
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys())
      found[new URL(url).pathname] = await (await cache.match(url, { ignoreVary: true }))?.text();
  }
  return found;
}"""


class Device:
    """Somebody's phone. Its network is the portal's: the line is cut and mended at the server."""

    def __init__(self, app: Flask, chromium: Chromium, server: LiveServer) -> None:
        app.config["WTF_CSRF_ENABLED"] = True
        self.app, self.server, self.visit = app, server, Visit(chromium, server.url, js=True)

    @property
    def page(self) -> Page:
        return self.visit.context.pages[-1]

    def signs_in(self, person: Any) -> None:
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        value = str(signer.dumps({"_user_id": a_session(person), "_fresh": True}))
        cookie = {"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.server.url}
        self.visit.context.add_cookies([cookie])  # type: ignore[list-item]

    def session_ends(self) -> None:
        self.visit.context.clear_cookies(name=self.app.config["SESSION_COOKIE_NAME"])

    def comes_twice(self, first: str = "/", second: str = "/dossiers") -> None:
        """The second page is the one that makes the device ready."""
        self.page.goto(first)
        self.page.goto(second, referer=self.server.url + first)
        self.page.evaluate(READY, second)

    def closes(self) -> None:
        """The tab, not the browser."""
        old = self.page
        self.visit.page = self.visit.context.new_page()
        old.close()

    def reports(self, title: str, photo: Path | None = None, email: str = "") -> None:
        page = self.page
        page.goto("/report")
        if photo:
            page.set_input_files("#photo", photo)
            expect(page.locator("[data-kept] img")).to_have_count(1)
        page.fill("#title", title)
        page.fill("#place", "bij de lift van Kraaiennest")
        if email:
            page.fill("#name", "Een buur")
            page.fill("#email", email)
        page.click("main form button.lamp")
        page.wait_for_url("**/outbox")
        expect(page.locator("[data-list] > li", has_text=title)).to_be_visible()

    def waiting(self) -> int:
        return self.page.locator("[data-list] > li:has([data-state=waiting]:not([hidden]))").count()


@pytest.fixture
def device(app: Flask, whole_chromium: Chromium, live_server: LiveServer) -> Iterator[Device]:
    made = Device(app, whole_chromium, live_server)
    yield made
    made.visit.complaints = [said for said in made.visit.complaints if LOST not in said]
    made.visit.end()


def dossiers(title: str) -> list[Dossier]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Dossier).filter_by(title=title)))


def state(page: Page, title: str, word: str) -> None:
    """Waits until this one in the outbox is so."""
    row = page.locator("[data-list] > li", has_text=title)
    expect(row.locator(f"[data-state={word}]")).to_be_visible(timeout=30_000)


def test_what_was_seen_opens_without_network(device: Device) -> None:
    seen, other = an_issue(), an_issue()
    device.comes_twice("/", f"/d/{seen.ref}")
    device.page.reload()
    device.server.cut()
    device.page.goto(f"/d/{seen.ref}")
    expect(device.page.locator("h1")).to_have_text(seen.title)
    expect(device.page.locator("[data-device=kept]")).to_be_visible()
    device.page.goto(f"/d/{other.ref}")
    expect(device.page.locator("[data-missing]")).to_be_visible()
    expect(device.page.locator("[data-pages] a", has_text=seen.title)).to_be_visible()
    device.server.mend()


def test_a_report_with_a_photo_goes_out_once(device: Device, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(a_photo(size=(1200, 900)))
    device.comes_twice()
    device.server.cut()
    device.reports("De lift is stuk", file, "lift@homes.example")
    assert device.waiting() == 1
    device.closes()
    device.server.mend()
    device.page.goto("/")
    device.page.goto("/outbox")
    state(device.page, "De lift is stuk", "sent")
    made = dossiers("De lift is stuk")
    assert len(made) == 1
    assert db.session.scalars(db.select(Attachment)).one().dossier_id == made[0].id
    device.page.goto("/")
    device.page.reload()
    assert len(browser.mails("lift@homes.example")) == 1
    assert len(dossiers("De lift is stuk")) == 1


def test_two_reports_and_a_session_that_ended(device: Device, browser: Browser) -> None:
    person = a_person(email="me@homes.example")
    device.signs_in(person)
    device.comes_twice()
    device.server.cut()
    device.reports("De eerste lamp is stuk")
    device.reports("De tweede lamp is stuk")
    assert device.waiting() == 2
    device.closes()
    device.session_ends()
    device.server.mend()
    device.page.goto("/outbox")
    for title in ("De eerste lamp is stuk", "De tweede lamp is stuk"):
        state(device.page, title, "asks")
        assert not dossiers(title)
    device.signs_in(person)
    device.page.goto("/outbox")
    for title in ("De eerste lamp is stuk", "De tweede lamp is stuk"):
        state(device.page, title, "sent")
        assert [made.opener_id for made in dossiers(title)] == [person.id]
    assert not browser.mails("me@homes.example")


def test_a_signature_waits_as_well(device: Device, browser: Browser) -> None:
    issue = an_issue()
    device.comes_twice("/", f"/d/{issue.ref}")
    device.server.cut()
    page = device.page
    page.fill("#dossiers-support #name", "Een buur")
    page.fill("#dossiers-support #email", "sign@homes.example")
    page.click("#dossiers-support button.lamp")
    page.wait_for_url("**/outbox")
    state(page, str(issue.ref), "waiting")
    device.server.mend()
    page.evaluate(FLUSH)  # its button goes away when it went out by itself meanwhile
    state(page, str(issue.ref), "sent")
    db.session.rollback()
    assert len(db.session.scalars(db.select(Signature).filter_by(dossier_id=issue.id)).all()) == 1
    assert len(browser.mails("sign@homes.example")) == 1


def test_what_was_refused_is_mended_and_sent(device: Device) -> None:
    device.comes_twice()
    device.server.cut()
    device.reports("De brievenbus is stuk", email="geen adres")
    device.server.mend()
    device.page.goto("/outbox")
    state(device.page, "De brievenbus is stuk", "asks")
    expect(device.page.locator("[data-errors] li")).to_have_count(1)
    device.page.click("a[data-if=mend]")
    expect(device.page.locator("#title")).to_have_value("De brievenbus is stuk")
    device.page.fill("#email", "bus@homes.example")
    device.page.click("main form button.lamp")
    device.page.wait_for_url("**/outbox")
    state(device.page, "De brievenbus is stuk", "sent")
    assert len(dossiers("De brievenbus is stuk")) == 1


def test_it_is_sent_after_the_tab_was_closed(device: Device) -> None:
    """As the browser does it when there is network again: no page of the portal is open."""
    device.comes_twice()
    device.server.cut()
    device.reports("De heg is te hoog", email="heg@homes.example")
    device.closes()
    device.server.mend()
    session = device.visit.context.new_cdp_session(device.page)
    registrations: list[dict[str, Any]] = []
    told = "ServiceWorker.workerRegistrationUpdated"
    session.on(told, lambda said: registrations.extend(said["registrations"]))
    session.send("ServiceWorker.enable")
    until(lambda: registrations or device.page.wait_for_timeout(50), "the worker is known")
    known = {"origin": device.server.url, "registrationId": registrations[0]["registrationId"]}
    session.send("ServiceWorker.dispatchSyncEvent", known | {"tag": "outbox", "lastChance": False})
    until(lambda: dossiers("De heg is te hoog") or device.page.wait_for_timeout(50), "it is sent")
    assert device.page.url == "about:blank"
    assert len(dossiers("De heg is te hoog")) == 1


def test_two_tabs_and_a_lost_answer_are_one_report(device: Device) -> None:
    """The portal got it and the answer was lost: it is sent again, from two tabs at once."""
    device.comes_twice()
    device.server.cut()
    device.reports("Het hek hangt los", email="hek@homes.example")
    device.server.mend()
    first = device.page
    second = device.visit.context.new_page()
    for page in (first, second):
        page.goto("/outbox")
    state(second, "Het hek hangt los", "sent")
    fields = {"title": "Het hek hangt los", "place": "hier", "neighbourhood": "K", "kind": "issue"}
    fields |= {"name": "Een buur", "email": "hek@homes.example"}
    facts = {"url": "/report/at-once", "fields": list(fields.items())}
    for page in (first, second):
        page.evaluate(WHAT_WAITS, facts)
        page.evaluate(FLUSH)
    state(second, "Het hek hangt los", "sent")
    assert len(dossiers("Het hek hangt los")) == 1


def test_who_signs_out_is_asked_about_what_waits_and_leaves_nothing(device: Device) -> None:
    device.signs_in(a_person())
    device.comes_twice("/", "/dossiers")
    device.server.cut()
    device.reports("De klok staat stil")
    page = device.page
    page.evaluate(WHAT_WAITS, {"who": "somebody else"})
    device.server.mend()
    page.goto("/outbox")
    state(page, "…", "asks")
    expect(page.locator("[data-list]")).not_to_contain_text("De klok staat stil")
    assert "/dossiers" in page.evaluate(KEPT)
    page.click("form[action='/sign-out'] button >> visible=true")
    expect(page.locator("dialog")).to_be_visible()
    page.click("dialog button[value='']")
    page.click("form[action='/sign-out'] button >> visible=true")
    page.click("dialog button[value=drop]")
    page.wait_for_url("**/")
    assert "/dossiers" not in page.evaluate(KEPT)
    page.goto("/outbox")
    expect(page.locator("[data-none]")).to_be_visible()
    assert "who=" not in page.evaluate("document.cookie")


def test_nothing_personal_is_kept(device: Device) -> None:
    issue = an_issue()
    device.signs_in(a_person(name="Geheime Buur"))
    device.comes_twice("/", f"/d/{issue.ref}")
    for path in ("/me", f"/d/{issue.ref}", "/", "/me/erase"):
        device.page.goto(path)
    kept = device.page.evaluate(KEPT)
    assert {f"/d/{issue.ref}", "/outbox", "/report/offline"} <= set(kept)
    assert not {"/me", "/me/erase", "/token"} & set(kept)
    pages = {path: text for path, text in kept.items() if "<html" in text}
    assert not [path for path, text in pages.items() if "Geheime" in text or "/sign-out" in text]


def test_a_new_version_is_asked_for_and_comes_whole(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.comes_twice()
    page = device.page
    before = str(page.locator("link[rel=stylesheet]").first.get_attribute("href"))
    newer = shutil.copytree(str(device.app.static_folder), tmp_path / "static")
    sheet = newer / "css" / "utilities.css"
    sheet.write_text(f"{sheet.read_text()}/* newer */")
    monkeypatch.setattr(device.app, "static_folder", str(newer))
    page.click("a[href='/dossiers'] >> visible=true")
    expect(page.locator("link[rel=stylesheet]").first).not_to_have_attribute("href", before)
    page.evaluate(UPDATE)
    expect(page.locator("[data-device=new]")).to_be_visible(timeout=15_000)
    with page.expect_navigation():
        page.click("[data-device-update]")
    expect(page.locator("[data-device=new]")).to_be_hidden()
    assert len([name for name in page.evaluate("caches.keys()") if name.startswith("pages-")]) == 2
