"""The whole loop with the keyboard alone: Tab, Enter, the space bar, arrows and letters; no mouse.

Every stop of the Tab key on the way must be seen and must not hide behind a bar (WCAG 2.4.7 and 2.4.11).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.accounts.models import OrganisationKind, Role
from portal.dossiers.models import Dossier, Kind
from portal.kernel.db import db
from tests.factories import a_person, an_organisation
from tests.live import LiveServer, Visit
from tests.test_loop import DRAWING, Neighbourhood, newest, supporters

INSTRUMENTS = Path(__file__).parent / "accessibility" / "instruments.js"
FAR = 150
"""So many times the Tab key is pressed before something counts as out of reach."""

pytestmark = pytest.mark.browser


class Keys:
    """Somebody at a page, with a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, address: str) -> "Keys":
        """Type an address, or follow a link from a mail."""
        self.page.goto(address)
        return self

    def at(self, selector: str) -> bool:
        return bool(self.page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector))

    def goes_to(self, selector: str) -> "Keys":
        """Press Tab until the focus is there."""
        expect(self.page.locator(selector).first).to_be_attached()
        for _ in range(FAR):
            if self.at(selector):
                return self
            self.page.keyboard.press("Tab")
            self.is_seen()
        raise AssertionError(f"{selector} is out of reach of the Tab key on {self.page.url}")

    def is_seen(self) -> None:
        """Where the focus is can be seen, as soon as the page stands still."""
        for pause in (0, 100, 500, 1500):
            self.page.wait_for_timeout(pause)
            if not (wrong := self.page.evaluate("instruments.focused()")["wrong"]):
                return
        raise AssertionError(f"{wrong} on {self.page.url}")

    def writes(self, selector: str, words: str) -> "Keys":
        self.goes_to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)
        return self

    def presses(self, selector: str, leads_to: str = "") -> "Keys":
        """Enter on a link or a button; waits for the page that it leads to."""
        self.goes_to(selector)
        self.page.evaluate("document.getElementById('main').dataset.left = 'yes'")
        self.page.keyboard.press("Enter")
        if leads_to:
            self.page.wait_for_url(leads_to)
            expect(self.page.locator("#main[data-left]")).to_have_count(0)
        return self

    def ticks(self, selector: str) -> "Keys":
        self.goes_to(selector)
        self.page.keyboard.press("Space")
        expect(self.page.locator(selector).first).to_be_checked()
        return self

    def chooses(self, name: str, value: str) -> "Keys":
        """One of a group of radio buttons: Tab to the group, arrows to the one."""
        wanted = f"input[name={name}][value='{value}']"
        self.goes_to(f"input[type=radio][name={name}]")
        for _ in range(FAR):
            if self.at(wanted):
                self.page.keyboard.press("Space")
                expect(self.page.locator(wanted)).to_be_checked()
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} is out of reach of the arrow keys")


@pytest.fixture
def kind() -> str:
    """One database: here it is the browser that is different."""
    return "sqlite"


@pytest.fixture
def neighbourhood(app: Flask, chromium: Chromium, live_server: LiveServer) -> Iterator[Neighbourhood]:
    made = Neighbourhood(app, chromium, live_server, js=True)
    yield made
    for visit in made.visits:
        visit.end()


def somebody(who: Neighbourhood) -> Keys:
    """On a wide screen, as most who have only a keyboard."""
    visit = Visit(who.chromium, who.server.url, js=True, size={"width": 1280, "height": 800})
    visit.context.add_init_script(path=INSTRUMENTS)
    visit.page.on("filechooser", lambda chooser: None)  # so that it is ready for one at any moment
    who.visits.append(visit)
    return Keys(visit.page)


def signs_in(who: Neighbourhood, keys: Keys, address: str) -> None:
    keys.opens("/").presses("header a[href^='/sign-in']", "**/sign-in*")
    keys.writes("#email", address).presses("main form button", "**/sign-in/mail")
    keys.opens(who.mail(address, "/in/")).presses("main form button")
    keys.page.wait_for_url(lambda url: "/in/" not in url)


def reports(who: Neighbourhood, keys: Keys, address: str, title: str) -> str:
    keys.opens("/").presses(".main-nav a[href='/report']", "**/report")
    keys.presses("a.skip")
    assert keys.at("main")
    keys.goes_to("main input[type=file]")
    with keys.page.expect_file_chooser() as opened:
        keys.page.keyboard.press("Enter")
    opened.value.set_files(DRAWING)
    keys.presses("main form[action='/report/photo'] button.lamp", "**/report/where")
    keys.writes("#place", "Kraaiennest").presses("button[name=search]", "**/report/where")
    keys.goes_to("#issues-matches input[type=radio]").page.keyboard.press("Space")
    keys.presses("main form[action='/report/where'] button.lamp", "**/report/what")
    keys.writes("#title", title).writes("#body", "Al drie weken is de bak weg.")
    keys.chooses("likely", "afvalbakken")
    keys.presses("main form[action='/report/what'] button.lamp", "**/report/send")
    keys.writes("#name", "Een buur").writes("#email", address)
    keys.presses("main form[action='/report/send'] button.lamp", "**/report/thanks")
    keys.opens(who.mail(address, "/r/")).presses("main form button", "**/d/K-*")
    return keys.page.url.rpartition("/")[2].partition("#")[0]


def signs(who: Neighbourhood, keys: Keys, address: str, ref: str) -> None:
    keys.opens(f"/d/{ref}").writes("#dossiers-support #name", "Medestander")
    keys.writes("#dossiers-support #email", address).ticks("#dossiers-support #joins_bundle")
    keys.presses("#dossiers-support button.lamp")
    expect(keys.page.locator("#flash .message").first).to_be_visible()
    keys.opens(who.mail(address, "/s/")).presses("main form button.lamp")
    expect(keys.page.locator(".message.good").first).to_be_visible()


def bundles(keys: Keys, first: str, second: str) -> str:
    keys.presses(".role-nav a[href='/desk']", "**/desk")
    keys.ticks(f"#with-{first}").ticks(f"#with-{second}")
    keys.presses("#desk-dossiers button.lamp", "**/petitions/new**")
    keys.writes("#title", "Zet de prullenbakken terug").writes("#body", "De bakken zijn weggehaald.")
    keys.writes("#demands", "Zet de bakken terug op het plein.").ticks("input[name=to]")
    keys.presses("main form button.lamp", "**/d/K-*")
    return newest(Kind.PETITION).ref or ""


def opens_and_hands_over(keys: Keys, ref: str) -> None:
    keys.opens(f"/d/{ref}").presses("#petitions-work form button.lamp")
    expect(keys.page.locator("#petitions-work form button.lamp")).to_have_count(0)
    keys.presses(f"main a[href='/d/{ref}/hand_over']", "**/hand_over")
    if not keys.page.locator("main form input[type=checkbox]").first.is_checked():
        keys.ticks("main form input[type=checkbox]")
    keys.presses("main form button.lamp")
    keys.page.wait_for_url(lambda url: not url.endswith("/hand_over"))


def answers(keys: Keys, ref: str) -> None:
    keys.presses(".role-nav a[href='/staff']", "**/staff").presses(f"main a[href^='/staff/{ref}']")
    keys.page.wait_for_url("**/staff/K-*")  # beside the queue, which stays
    expect(keys.page.locator("#answers-composer")).to_be_visible()
    keys.chooses("kind", "granted")
    expect(keys.page.locator("input[name=level]").first).to_be_visible()
    keys.writes("textarea[name=text]", "Wij zetten elf bakken terug.").chooses("level", "decision")
    keys.presses("button.preview")
    expect(keys.page.locator("#answers-composer .timeline .entry")).to_contain_text("elf bakken")
    keys.presses("form.send button", "**/staff?who=*")


def test_the_whole_loop_with_the_keyboard_alone(neighbourhood: Neighbourhood) -> None:
    who = neighbourhood
    platform = an_organisation(OrganisationKind.PLATFORM, name="Buurtplatform van de test")
    authority = an_organisation(OrganisationKind.AUTHORITY, name="Instantie van de test")
    organiser, official = a_person(Role.ORGANISER, of=platform), a_person(Role.OFFICIAL, of=authority)
    addresses = organiser.email or "", official.email or ""
    db.session.commit()

    reporter, third, at_desk, at_work = (somebody(who) for _ in range(4))
    first = reports(who, reporter, "first@homes.example", "De prullenbak op het plein is weg")
    second = reports(who, reporter, "second@homes.example", "Waar is de bak bij de speelplek?")
    signs(who, third, "third@homes.example", first)
    signs_in(who, at_desk, addresses[0])
    petition = bundles(at_desk, first, second)
    for address, answer in (("first@homes.example", "joined"), ("second@homes.example", "apart")):
        reporter.opens(who.mail(address, "/c/")).presses(f"button[name=answer][value={answer}]")
        expect(reporter.page.locator(f"button[value={answer}][aria-pressed=true]")).to_be_visible()
    opens_and_hands_over(at_desk, petition)
    assert supporters(third.page, petition) == 2
    signs_in(who, at_work, addresses[1])
    answers(at_work, petition)
    third.opens(f"/d/{petition}")
    expect(third.page.locator(".timeline")).to_contain_text("elf bakken")
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 3
