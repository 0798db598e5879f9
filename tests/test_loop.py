"""The whole loop in a real browser, on a phone, by five people: once with JavaScript and once without."""

import email
import re
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.accounts.models import OrganisationKind, Role
from portal.dossiers.models import Attachment, Dossier, Kind
from portal.dossiers.timeline import first_broken
from portal.kernel import storage
from portal.kernel.db import db
from tests.conftest import JAVASCRIPT
from tests.factories import a_person, an_organisation
from tests.live import LiveServer, Visit, leads_on, settles
from tests.processes import until

TOP = Path(__file__).parent.parent
CAMERA = TOP.parent / "shared" / "data" / "fuzz" / "images" / "exif_DSCN0010.jpg"
"""A photo of a real camera, with the place where it was taken."""
DRAWING = TOP / "portal" / "demo" / "data" / "photos" / "plaskruis.jpg"
ARROW = re.compile(r"http://\S+")
SUPPORTERS = "#dossiers-support .rail b"


class Neighbourhood:
    """People with a browser each, and the mail that the portal sends them."""

    def __init__(self, app: Flask, chromium: Chromium, server: LiveServer, *, js: bool) -> None:
        self.app, self.chromium, self.server, self.js = app, chromium, server, js
        self.visits: list[Visit] = []

    def person(self) -> Page:
        visit = Visit(self.chromium, self.server.url, js=self.js)
        self.visits.append(visit)
        return visit.page

    def mail(self, to: str, containing: str) -> str:
        """The link in the newest mail to this address that contains this; waits for the worker."""
        found: list[str] = []
        until(lambda: found.extend(self._links(to, containing)) or found, f"a mail to {to} with {containing}")
        return found[-1]

    def _links(self, to: str, containing: str) -> list[str]:
        folder = Path(self.app.config["DATA_DIR"]) / "mail"
        mails = [
            email.message_from_bytes(f.read_bytes(), policy=default) for f in sorted(folder.glob("*.eml"))
        ]
        texts = [mail.get_content() for mail in mails if mail["To"] == to]
        return [link for text in texts for link in ARROW.findall(text) if containing in link]

    def signs_in(self, page: Page, address: str) -> None:
        page.goto("/sign-in")
        page.fill("#email", address)
        page.click("main form button")
        page.wait_for_url("**/sign-in/mail")
        page.goto(self.mail(address, "/in/"))
        page.click("main form button")
        page.wait_for_url(lambda url: "/in/" not in url)


@pytest.fixture(params=JAVASCRIPT)
def neighbourhood(
    request: pytest.FixtureRequest, app: Flask, chromium: Chromium, live_server: LiveServer
) -> Iterator[Neighbourhood]:
    made = Neighbourhood(app, chromium, live_server, js=request.param)
    yield made
    for visit in made.visits:
        visit.end()


def reports(who: Neighbourhood, page: Page, address: str, title: str, photo: Path | None = None) -> str:
    """Report in four steps and confirm by mail; gives the reference."""
    page.goto("/report")
    settles(page)
    if photo:
        page.set_input_files("input[type=file]", photo)
        page.click("main form[action='/report/photo'] button.lamp")
        if not page.locator("[data-theme-switch]").first.is_visible():
            _go_on(page, "photo")  # without JavaScript the photo is shown first
    else:
        page.click("main button[name=skip]")
    page.wait_for_url("**/report/where")
    page.fill("#place", "Kraaiennest")
    with leads_on(page):
        page.click("button[name=search]")
    page.check("#issues-matches input[type=radio] >> nth=0")
    _go_on(page, "where")
    page.wait_for_url("**/report/what")
    page.fill("#title", title)
    page.fill("#body", "Al drie weken is de bak weg, en het afval ligt op het plein.")
    if page.locator("button[name=suggest]").is_visible():
        page.click("button[name=suggest]")
    page.check("input[name=likely][value=afvalbakken]")
    _go_on(page, "what")
    page.wait_for_url("**/report/send")
    page.fill("#name", "Een buur")
    page.fill("#email", address)
    _go_on(page, "send")
    page.goto(who.mail(address, "/r/"))
    page.click("main form button")
    page.wait_for_url("**/d/K-*")
    return page.url.rpartition("/")[2].partition("#")[0]


def _go_on(page: Page, step: str) -> None:
    page.click(f"main form[action='/report/{step}'] button.lamp")
    page.wait_for_url(lambda url: not url.endswith(f"/report/{step}"))


def signs(who: Neighbourhood, page: Page, address: str, ref: str, *, count_me_too: bool) -> None:
    page.goto(f"/d/{ref}")
    page.fill("#dossiers-support #name", "Medestander")
    page.fill("#dossiers-support #email", address)
    if count_me_too:
        page.check("#dossiers-support #joins_bundle")
    page.click("#dossiers-support button.lamp")
    expect(page.locator("#flash .message").first).to_be_visible()
    page.goto(who.mail(address, "/s/"))
    page.click("main form button.lamp")
    expect(page.locator(".message.good").first).to_be_visible()


def supporters(page: Page, ref: str) -> int:
    page.goto(f"/d/{ref}")
    return int(page.locator(SUPPORTERS).inner_text().split()[0])


def newest(kind: Kind) -> Dossier:
    db.session.rollback()
    found = db.session.scalar(db.select(Dossier).filter_by(kind=kind).order_by(Dossier.id.desc()))
    assert found is not None
    return found


def bundles(who: Neighbourhood, page: Page, first: str, second: str) -> str:
    """The organiser picks both reports at the desk and starts a petition with them; gives its reference."""
    page.goto("/desk")
    page.check(f"#with-{first}")
    page.check(f"#with-{second}")
    page.click("#desk-dossiers button.lamp")
    page.wait_for_url("**/petitions/new**")
    page.fill("#title", "Zet de prullenbakken terug")
    page.fill("#body", "De bakken zijn weggehaald zonder overleg. Het plein ligt vol.")
    page.fill("#demands", "Zet de bakken terug op het plein.\nOverleg voor je er een weghaalt.")
    page.check("input[name=to] >> nth=0")
    page.click("main form button.lamp")
    page.wait_for_url("**/d/K-*")
    return newest(Kind.PETITION).ref or ""


def consents(who: Neighbourhood, page: Page, address: str, answer: str) -> None:
    page.goto(who.mail(address, "/c/"))
    page.click(f"button[name=answer][value={answer}]")
    expect(page.locator(f"button[value={answer}][aria-pressed=true]")).to_be_visible()


def answers(who: Neighbourhood, page: Page, ref: str) -> None:
    """The official promises it, having seen how neighbours will read it."""
    page.goto("/staff")
    page.click(f"a[href^='/staff/{ref}']")
    page.check("input[name=kind][value=promise]")
    if not who.js:
        page.click(".compose button[name=step][value=kind]")
    page.fill("textarea[name=text]", "Wij zetten elf bakken terug. De plekken kiezen wij met de bewoners.")
    page.fill("input[name=promise_on]", "2030-09-01")
    page.check("input[name=level][value=decision]")
    page.click("button.preview")
    expect(page.locator("#answers-composer .timeline .entry")).to_contain_text("elf bakken")
    page.click("form.send button")
    page.wait_for_url("**/staff?who=*")


def opens_and_hands_over(page: Page, ref: str) -> None:
    page.goto(f"/d/{ref}")
    page.click("#petitions-work form button.lamp")
    expect(page.locator("#petitions-work form button.lamp")).to_have_count(0)
    page.goto(f"/d/{ref}/hand_over")
    boxes = page.locator("main form input[type=checkbox]")
    if not boxes.first.is_checked():
        boxes.first.check()
    page.click("main form button.lamp")
    page.wait_for_url(lambda url: not url.endswith("/hand_over"))


@pytest.mark.both
def test_the_whole_loop(neighbourhood: Neighbourhood) -> None:
    walks_the_loop(neighbourhood, CAMERA if CAMERA.exists() else DRAWING)


def walks_the_loop(who: Neighbourhood, photo: Path) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM, name="Buurtplatform van de test")
    authority = an_organisation(OrganisationKind.AUTHORITY, name="Instantie van de test")
    organiser, official = a_person(Role.ORGANISER, of=platform), a_person(Role.OFFICIAL, of=authority)
    addresses = organiser.email, official.email
    db.session.commit()

    reporter, other, third = who.person(), who.person(), who.person()
    first = reports(who, reporter, "first@homes.example", "De prullenbak op het plein is weg", photo)
    second = reports(who, other, "second@homes.example", "Waar is de bak bij de speelplek?")
    signs(who, third, "third@homes.example", first, count_me_too=True)
    assert supporters(third, first) == 2

    at_desk = who.person()
    who.signs_in(at_desk, addresses[0] or "")
    petition = bundles(who, at_desk, first, second)
    consents(who, reporter, "first@homes.example", "joined")
    consents(who, other, "second@homes.example", "apart")
    opens_and_hands_over(at_desk, petition)
    assert supporters(third, petition) == 2, "the opener and the one who ticked 'count me too'"
    expect(third.locator("body")).to_contain_text("Zet de bakken terug op het plein.")

    at_work = who.person()
    who.signs_in(at_work, addresses[1] or "")
    answers(who, at_work, petition)
    for ref in (petition, first):
        third.goto(f"/d/{ref}")
        expect(third.locator(".timeline")).to_contain_text("elf bakken")
        expect(third.locator(".timeline")).to_contain_text("Instantie van de test")
    third.goto(f"/d/{second}")
    expect(third.locator("main")).not_to_contain_text("elf bakken")
    assert f"/d/{petition}" in who.mail("third@homes.example", "/d/")
    _the_photo_says_nothing_of_its_maker(third, first)
    for dossier in db.session.scalars(db.select(Dossier)):
        assert first_broken(dossier) is None


def _the_photo_says_nothing_of_its_maker(page: Page, ref: str) -> None:
    page.goto(f"/d/{ref}")
    expect(page.locator("main .photo img").first).to_have_js_property("complete", True)
    (kept,) = db.session.scalars(db.select(Attachment))
    for key in (kept.large, kept.small):
        content = storage.get(key)
        assert b"Exif" not in content
        assert b"GPS" not in content
