"""Passkeys of who works here: added, used in the place of a code, refused when anything is not right."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from portal.accounts.commands import drop_factor
from portal.accounts.models import Passkey as Kept
from portal.accounts.models import Person, Role, Session
from portal.accounts.own_data import export
from portal.accounts.passkeys import WORKS
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from tests.accounts.authenticator import FLAG, Passkey, asked_in
from tests.accounts.working import PASSWORD, is_in, shows, with_app
from tests.browser import Browser
from tests.factories import a_person
from tests.live import LiveServer, Visit


def official() -> Person:
    return with_app(a_person(Role.OFFICIAL))


def adds(browser: Browser, passkey: Passkey, name: str = "my phone") -> None:
    browser.get("/me/passkeys")
    asked = asked_in(browser.seen, "make")
    browser.submit("form.panel", name=name, made=passkey.make(asked))


def at_the_door(browser: Browser, person: Person, passkey: Passkey, password: str = PASSWORD) -> None:
    browser.get("/sign-in/password?next=/staff")
    asked = asked_in(browser.seen, "show")
    given = {"email": person.email, "password": password, "passkey": passkey.show(asked)}
    browser.submit("main form", **given)


def test_one_is_added_used_and_removed(browser: Browser) -> None:
    person, phone, stick = official(), Passkey(counts=False), Passkey()
    browser.signs_in(person, factor_at=clock.now())
    adds(browser, phone)
    adds(browser, stick, "the key on my keyring")
    assert [one.text for one in browser.seen.select("ul.lines h2")] == ["my phone", "the key on my keyring"]
    assert len(asked_in(browser.seen, "make")["excludeCredentials"]) == 2
    mail = browser.mails(person.email)[-1]
    assert "keyring" in mail.get_body(("plain",)).get_content()
    other = Browser(browser.app)
    at_the_door(other, person, stick)
    assert (other.status, other.url) == (200, "/staff")
    third = Browser(browser.app)
    at_the_door(third, person, phone, "another password")
    assert third.status == 422
    assert third.seen.select_one("[name=passkey]")["value"] == ""
    third.get("/sign-in?next=/staff")
    third.submit("main form", email=person.email)
    third.get(third.link(third.mails(person.email)[-1], "/in/"))
    third.submit("main form")
    assert third.url.startswith("/me/prove")
    asked = asked_in(third.seen, "show")
    assert len(asked["allowCredentials"]) == 2
    third.submit("main form", proof_key=phone.show(asked))
    assert third.url == "/staff"
    db.session.execute(db.update(Session).values(proven_at=clock.now() - timedelta(days=1)))
    db.session.commit()
    browser.get("/me/passkeys")
    browser.submit("ul.lines li:last-child form")
    assert browser.status == 403  # asked once more
    browser.submit("main form", proof_key=stick.show(asked_in(browser.seen, "show")))
    assert [one.text for one in browser.seen.select("ul.lines h2")] == ["my phone"]
    fourth = Browser(browser.app)
    at_the_door(fourth, person, stick)
    assert fourth.status == 422
    (kept,) = export(person)["passkeys"]
    assert (kept["name"], kept["used_on"]) == ("my phone", clock.today().isoformat())
    drop_factor(SYSTEM, person)
    assert db.session.scalar(db.select(Kept.id)) is None
    assert not is_in(browser)


class Door:
    """The page with the password, in a browser of its own."""

    def __init__(self, browser: Browser, person: Person) -> None:
        self.visit, self.person = Browser(browser.app), person
        self.visit.get("/sign-in/password?next=/staff")
        self.form, self.asked = self.visit.seen, asked_in(self.visit.seen, "show")

    def opens(self, answer: str) -> bool:
        self.visit.client.post("/sign-out")
        self.visit.seen, self.visit.url = self.form, "/sign-in/password"
        given = {"email": self.person.email, "password": PASSWORD, "passkey": answer}
        self.visit.submit("main form", **given)
        return self.visit.status == 200


def test_an_answer_is_right_once_here_for_one_person_and_for_a_while(browser: Browser) -> None:
    person, colleague, phone = official(), official(), Passkey()
    adds(browser.signs_in(person, factor_at=clock.now()), phone)
    adds(Browser(browser.app).signs_in(colleague, factor_at=clock.now()), Passkey(), "hers")
    door, elsewhere = Door(browser, person), Door(browser, person)
    answer = phone.show(door.asked)
    assert not elsewhere.opens(answer)  # it was asked of another browser
    other = Door(browser, colleague)
    assert not other.opens(phone.show(other.asked))
    assert door.opens(answer)
    assert not door.opens(answer)
    assert not door.opens(phone.show(door.asked))  # it was answered already
    late = Door(browser, person)
    with clock.at(clock.now() + WORKS + timedelta(minutes=1)):
        assert not late.opens(phone.show(late.asked))


@pytest.mark.parametrize(
    "wrong", ["place", "nobody there", "something else", "half", "no", "deep", "long", "copy", "key"]
)
def test_an_answer_with_anything_wrong_opens_nothing(browser: Browser, wrong: str) -> None:
    person, phone, fake = official(), Passkey(), Passkey("https://localhost.example")
    adds(browser.signs_in(person, factor_at=clock.now()), phone)
    assert Door(browser, person).opens("") is False
    door = Door(browser, person)
    fake.name, fake.counter = phone.name, 100
    fake.private = phone.private if wrong != "key" else fake.private
    if wrong in {"copy", "key"}:
        fake.origin, fake.place = phone.origin, phone.place
        phone.counter, fake.counter = 50, 0 if wrong == "copy" else 100
        assert door.opens(phone.show(door.asked))
        door = Door(browser, person)
    answer = {
        "nobody there": lambda: phone.show(door.asked, flags=FLAG(0)),
        "something else": lambda: phone.show(door.asked | {"challenge": "AAAA"}),
        "half": lambda: json.dumps(json.loads(phone.show(door.asked)) | {"response": {}}),
        "no": lambda: "[]",
        "deep": lambda: "[" * 9000,
        "long": lambda: phone.show(door.asked).replace("public-key", "p" * 20_000),
    }.get(wrong, lambda: fake.show(door.asked))()
    assert not door.opens(answer)
    assert door.opens(phone.show(door.asked))


def test_it_needs_an_app_beside_it_and_no_other_persons_key(browser: Browser) -> None:
    without = a_person(Role.OFFICIAL)
    browser.signs_in(without).get("/me/passkeys")
    assert browser.seen.select_one("[data-make]") is None
    assert browser.seen.select_one("main a[href='/me/factor']")
    person, phone = official(), Passkey()
    browser.signs_in(person, factor_at=clock.now())
    adds(browser, phone, "")
    assert browser.status == 422  # it has no name
    adds(browser, phone)
    other = Browser(browser.app).signs_in(official(), factor_at=clock.now())
    adds(other, phone)
    assert other.status == 422
    browser.get("/me/passkeys")
    asked = asked_in(browser.seen, "make")
    other.post("/me/passkeys", {"name": "taken along", "made": Passkey().make(asked)})
    assert other.status == 422  # asked in another session
    number = db.session.scalar(db.select(Kept.id))
    other.post(f"/me/passkeys/{number}/remove")
    assert other.status == 403
    waits = Browser(browser.app).signs_in(person)
    waits.get("/me/passkeys")
    assert waits.url.startswith("/me/prove")  # a mailbox alone adds no passkey


@pytest.mark.browser
def test_a_browser_makes_one_and_shows_it(live_server: LiveServer, chromium: Chromium) -> None:
    """With Chromium's own virtual device."""
    url = live_server.url.replace("127.0.0.1", "localhost")
    live_server.app.config["PUBLIC_URL"] = url
    person = official()
    visit = Visit(chromium, url, js=True)
    device = visit.context.new_cdp_session(visit.page)
    device.send("WebAuthn.enable")
    how = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    how |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": how})
    visit.page.goto("/sign-in/password?next=/me/passkeys")
    visit.page.fill("#email", str(person.email))
    visit.page.fill("#password", PASSWORD)
    visit.page.fill("#code", shows())
    visit.page.locator("main form button.lamp").click()
    visit.page.fill("#name", "mijn telefoon")
    visit.page.locator("button[data-make]").click()
    expect(visit.page.locator("ul.lines h2")).to_have_text("mijn telefoon")
    visit.page.context.clear_cookies()
    visit.page.goto("/sign-in/password?next=/staff")
    visit.page.fill("#email", str(person.email))
    visit.page.fill("#password", PASSWORD)
    visit.page.locator("button[data-show]").click()
    visit.page.wait_for_url(f"{url}/staff")
    db.session.rollback()  # look anew
    assert db.session.scalar(db.select(Kept.counter)) > 0
    db.session.execute(db.update(Session).values(factor_at=None))
    db.session.commit()
    visit.page.goto("/staff")
    visit.page.locator("button[data-show]").click()
    visit.page.wait_for_url(f"{url}/staff")
    visit.end()
