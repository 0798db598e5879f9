"""What is opened stands beside its list: as a page of its own, as a fragment, and by keyboard."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.accounts.commands import prepare_sign_in
from portal.accounts.models import Person, Role
from portal.dossiers import commands as dossiers
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For
from portal.notices.writing import ticket_link
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_issue
from tests.live import DESK, PHONE, LiveServer, Visit, settles
from tests.petitions.making import a_platform

PANE = "div#desk-detail"
Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Chromium, live_server: LiveServer) -> Iterator[Enter]:
    """Somebody signs in at a computer (or another size) and goes to a page; nothing red may be said there."""
    visits: list[Visit] = []

    def go(person: Person, path: str, size: dict[str, int] = DESK) -> Page:
        link = prepare_sign_in(SYSTEM, None, email=str(person.email), locale="en")
        visit = Visit(chromium, live_server.url, js=True, size=size)
        visits.append(visit)
        visit.page.goto(ticket_link("accounts.enter", For.SIGN_IN, link.id))
        visit.page.locator("main form button").click()
        visit.page.wait_for_url(lambda url: "/in/" not in url)
        visit.page.goto(path)
        settles(visit.page)
        return visit.page

    yield go
    for visit in visits:
        visit.end()


def test_a_dossier_opens_beside_the_list_or_alone(either_browser: Browser) -> None:
    browser = either_browser
    _, organiser = a_platform()
    bin_, lamp = an_issue(title="The bins are gone"), an_issue(title="The lamp is out")
    browser.signs_in(organiser).get("/desk?q=bin")
    link = browser.seen.select_one("#desk-dossiers a[data-pane]")
    assert "q=bin" in link["href"]
    assert f"dossier={bin_.ref}" in link["href"]
    browser.get(link["href"], target=PANE)
    assert browser.seen.select_one("#desk-detail h2").text == bin_.title
    assert browser.seen.select_one("#desk-detail .floors")
    assert (browser.seen.select_one("#desk-dossiers") is None) == browser.js
    if not browser.js:
        assert browser.seen.select_one("a[aria-current=true]").text == bin_.title
    browser.get(browser.seen.select_one("#desk-detail a[data-key=u]")["href"], target=PANE)
    assert browser.seen.select_one("#petitions")
    assert lamp.title not in browser.seen.text


def test_only_what_one_may_read_opens(browser: Browser) -> None:
    _, organiser = a_platform()
    draft = an_issue(state="unconfirmed")
    browser.signs_in(organiser).get(f"/desk?dossier={draft.ref}")
    assert browser.status == 403
    browser.get("/desk?dossier=K-999999")
    assert browser.status == 404


def test_a_moderator_reads_and_hides_beside_the_list(browser: Browser) -> None:
    seen, hidden = an_issue(title="Seen"), an_issue(title="An unkind word")
    dossiers.hide(a_person(Role.MODERATOR), hidden, reason="It names a person.")
    browser.signs_in(a_person(Role.MODERATOR)).get(f"/moderation?dossier={seen.ref}")
    assert browser.seen.select_one(f"#desk-detail a[href='/d/{seen.ref}/hide']")
    browser.get(f"/moderation?dossier={hidden.ref}", target=PANE)
    assert "An unkind word" not in browser.seen.text
    assert browser.seen.select_one(f"#desk-detail a[href='/d/{hidden.ref}/unhide']")


def test_the_queue_opens_a_case_beside_it(either_browser: Browser) -> None:
    browser, case = either_browser, Case()
    browser.signs_in(case.official).get("/staff")
    assert browser.seen.select_one("#staff-case .empty")
    browser.get(browser.seen.select_one(".queue a")["href"], target="div#staff-case")
    assert browser.seen.select_one("#staff-case #read h1").text == case.dossier.title
    assert browser.seen.select_one("#staff-case form.compose")
    assert (browser.seen.select_one(".queue") is None) == browser.js


@pytest.mark.browser
def test_the_desk_by_keyboard(enter: Enter) -> None:
    _, organiser = a_platform()
    old, new = an_issue(title="The bins are gone"), an_issue(title="The lamp is out")
    page = enter(organiser, "/desk")
    pane, address = page.locator("#desk-detail h2[tabindex]"), page.url
    expect(page.locator(".keyboard button").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#desk-dossiers a:focus")).to_have_text(new.title)
    page.keyboard.press("x")
    expect(page.locator(f"input[value={new.ref}]")).to_be_checked()
    page.locator("#desk-dossiers a", has_text=new.title).focus()
    page.keyboard.press("Enter")
    expect(pane).to_have_text(new.title)
    expect(pane).to_be_focused()
    expect(page.locator("#desk-dossiers a[aria-current=true]")).to_have_text(new.title)
    assert f"dossier={new.ref}" in page.url
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(pane).to_have_text(old.title)
    expect(page.locator(f"input[value={new.ref}]")).to_be_checked()
    page.go_back()
    expect(pane).to_have_text(new.title)
    page.keyboard.press("u")
    expect(page.locator("#desk-detail #petitions")).to_be_visible()
    assert "dossier=" not in page.url.replace(address, "")


@pytest.mark.browser
def test_shortcuts_leave_those_alone_who_type_or_switched_them_off(enter: Enter) -> None:
    _, organiser = a_platform()
    an_issue()
    page = enter(organiser, "/desk")
    sheet, search = page.locator("#keys"), page.locator("#bundle input[type=search]")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("jk?")
    expect(search).to_have_value("jk?")
    expect(sheet).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    sheet.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.reload()
    settles(page)
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(sheet).to_be_hidden()
    expect(page.locator("#desk-dossiers a:focus")).to_have_count(0)


@pytest.mark.browser
def test_two_keys_in_a_row_go_elsewhere(enter: Enter) -> None:
    page = enter(Case().official, "/staff")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#read-title")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#write :focus")).to_have_count(1)
    page.locator("#read-title").focus()
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/dossiers")


@pytest.mark.browser
def test_on_a_phone_what_is_opened_is_a_page(enter: Enter) -> None:
    _, organiser = a_platform()
    report = an_issue()
    page = enter(organiser, "/desk", PHONE)
    page.locator("#desk-dossiers a", has_text=report.title).click()
    page.wait_for_url(f"**dossier={report.ref}**")
    expect(page.locator("#opened")).to_be_visible()
    expect(page.locator("#desk-dossiers")).to_be_hidden()
    page.locator("[data-key=u]").click()
    expect(page.locator("#desk-dossiers")).to_be_visible()
