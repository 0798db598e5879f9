"""An official answers twenty dossiers with the keyboard alone; run with -s it says how many keys it took."""

import sys
from collections.abc import Iterator
from time import monotonic

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect

from portal.answers.models import AnswerKind
from portal.composer.commands import write_template
from portal.dossiers.timeline import Entry
from portal.kernel.db import db
from tests.answers.making import Case
from tests.factories import a_session
from tests.live import DESK, LiveServer, Visit

MANY = 20
MOST_KEYS = 25
"""For one answer, beside its words."""

pytestmark = pytest.mark.browser


class Fingers:
    """A keyboard that counts what is pressed; typing words is counted as words."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def until(self, selector: str, key: str = "Tab", most: int = 30) -> None:
        """Press it until the focus is there."""
        expect(self.page.locator(selector).first).to_be_visible()
        for _ in range(most):
            if self.page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector):
                return
            self.press(key)
        raise AssertionError(f"{selector} is out of reach of {key}")


@pytest.fixture
def kind() -> str:
    """One database: here it is the browser that is different."""
    return "sqlite"


@pytest.fixture
def visit(app: Flask, chromium: Chromium, live_server: LiveServer) -> Iterator[Visit]:
    made = Visit(chromium, live_server.url, js=True, size=DESK)
    yield made
    made.end()


def signed_in(app: Flask, visit: Visit, case: Case) -> None:
    signer = app.session_interface.get_signing_serializer(app)
    assert signer is not None
    session = signer.dumps({"_user_id": a_session(case.official), "_fresh": True})
    cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": str(session)}
    visit.context.add_cookies([{**cookie, "url": app.config["PUBLIC_URL"]}])


def answers_one(page: Page, fingers: Fingers, number: int) -> None:
    """From an open dossier to the next one that is due: kind, words, level, preview, send."""
    fingers.press("a")
    fingers.until("input[name=kind][value=granted]", "ArrowDown")
    fingers.press("Space")
    fingers.until("textarea[name=text]")
    page.keyboard.type(f"We do it, number {number}.")
    fingers.until("input[name=level]")
    fingers.press("Space")
    fingers.until("button.preview")
    fingers.press("Enter")
    expect(page.locator("#preview")).to_be_focused()
    fingers.until("form.send button")
    before = page.url
    fingers.press("Enter")
    page.wait_for_url(lambda url: url != before)


def test_twenty_dossiers_by_keyboard_alone(app: Flask, visit: Visit) -> None:
    case = Case()
    for _ in range(MANY - 1):
        case.another()
    signed_in(app, visit, case)
    page, keys, seconds = visit.page, [], []
    page.goto("/staff")
    fingers = Fingers(page)
    expect(page.locator(".keyboard")).to_be_visible()
    fingers.press("j", "Enter")
    page.wait_for_url("**/staff/K-*")
    for number in range(1, MANY + 1):
        expect(page.locator("#answers-composer input[name=kind]").first).to_be_visible()
        before, started = fingers.pressed, monotonic()
        answers_one(page, fingers, number)
        keys.append(fingers.pressed - before)
        seconds.append(monotonic() - started)
    expect(page.locator(".empty").first).to_be_visible()
    db.session.commit()  # ends the test's own reading: the server wrote meanwhile
    given = db.session.scalars(db.select(Entry).filter_by(verb="answered").order_by(Entry.id)).all()
    assert [(e.data["kind"], e.text) for e in given] == [
        (AnswerKind.GRANTED, f"We do it, number {number}.") for number in range(1, MANY + 1)
    ]
    assert max(keys) <= MOST_KEYS
    sys.stdout.write(
        f"\n{MANY} answers: {sum(keys) / MANY:.1f} keys each beside the words (at most {max(keys)}), "
        f"{sum(seconds) / MANY:.2f} s each on this machine\n"
    )


def test_the_letters_of_the_desk(app: Flask, visit: Visit) -> None:
    """Each part by its number; ticked with x, taken with i; w, p and t lead to the choices; n to the note."""
    case = Case()
    write_template(case.official, case.authority, name="Received", text="We look at it.")
    signed_in(app, visit, case)
    page = visit.page
    page.goto("/staff")
    expect(page.locator(".keyboard")).to_be_visible()
    fingers = Fingers(page)
    fingers.press("6")
    page.wait_for_url("**show=mine")
    fingers.press("1")
    expect(page.locator("#tab-waiting[aria-current]")).to_be_visible()
    fingers.press("j", "x")
    expect(page.locator(".queue input[type=checkbox]")).to_be_checked()
    fingers.press("w")
    expect(page.locator("#give_to")).to_be_focused()
    page.locator(".queue a").focus()
    fingers.press("i")
    expect(page.locator("#tab-mine .num")).to_have_text("1")
    fingers.press("j", "Enter")
    expect(page.locator("#staff-case h1")).to_be_focused()
    fingers.press("p")
    expect(page.locator("#case-pass_to")).to_be_focused()
    page.locator("#staff-case h1").focus()
    fingers.press("n")
    expect(page.locator("form.note textarea")).to_be_focused()
    page.locator("#staff-case h1").focus()
    fingers.press("t")
    expect(page.locator("#template")).to_be_focused()
    assert "Received" in page.locator("#template").inner_text()
    page.locator("#staff-case h1").focus()
    fingers.press("?")
    expect(page.locator("#keys dt", has_text="t").first).to_be_visible()
    expect(page.locator("#keys")).to_contain_text("Kies een sjabloon")


def test_what_is_typed_while_the_fields_are_on_their_way_stays(app: Flask, visit: Visit) -> None:
    """On a slow line the fields of another kind come when one is writing already."""
    case = Case()
    signed_in(app, visit, case)
    page = visit.page
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        asks = "answers-composer" in route.request.headers.get("hx-target", "")
        on_their_way.append(route) if asks else route.continue_()

    page.goto(f"/staff/{case.dossier.ref}")
    page.locator("[name=kind][value=granted]").check()
    words = page.locator("#answers-composer textarea[name=text]")
    words.fill("We it.")
    page.route("**/*", hold)
    page.locator("[name=kind][value=refused]").check()
    while not on_their_way:
        page.wait_for_timeout(20)
    words.focus()
    for key in ("Control+End", "ArrowLeft", "ArrowLeft", "ArrowLeft", *"saw "):
        page.keyboard.press(key)
    on_their_way.pop().continue_()
    expect(page.locator("textarea[name=reason]")).to_be_visible()
    expect(words).to_have_value("We saw it.")
    page.keyboard.press("!")
    expect(words).to_have_value("We saw !it.")


def test_what_is_chosen_while_the_fields_are_on_their_way_stays(app: Flask, visit: Visit) -> None:
    """Who goes through the kinds with the arrows stops at one; the fields of another come late."""
    case = Case()
    signed_in(app, visit, case)
    page = visit.page
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        asks = "answers-composer" in route.request.headers.get("hx-target", "") and not on_their_way
        on_their_way.append(route) if asks else route.continue_()

    page.goto(f"/staff/{case.dossier.ref}")
    kind = page.locator("[name=kind][value=granted]")
    kind.check()
    expect(page.locator("#answers-composer textarea[name=text]")).to_be_visible()
    page.route("**/*", hold)
    page.locator("[name=kind][value=trial]").check()
    while not on_their_way:
        page.wait_for_timeout(20)
    page.locator("[name=level][value=advice]").check()
    page.locator("[name=kind][value=refused]").check()
    on_their_way[0].continue_()
    expect(page.locator("textarea[name=reason]")).to_be_visible()
    expect(page.locator("[name=kind][value=refused]")).to_be_checked()
    expect(page.locator("[name=level][value=advice]")).to_be_checked()
    expect(page.locator("[name=kind][value=refused]")).to_be_focused()
