"""A sheet typed in with the keyboard alone, in a real browser, with and without JavaScript."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.commands import prepare_sign_in
from portal.accounts.models import Person
from portal.dossiers.commands import supporters
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For, ticket
from tests.sheets.making import Table, states

pytestmark = pytest.mark.browser

NAMES = ["Jan Jansen", "Joke Bakker", "Fatima el Amrani", "Kwame Mensah", "Zoë van Dam"]


def signs_in(page: Page, person: Person, to: str) -> None:
    link = prepare_sign_in(SYSTEM, None, email=person.email, locale="nl", next_path=to)
    page.goto(f"/in/{ticket(For.SIGN_IN, link.id)}")
    page.locator("main form button").press("Enter")
    page.wait_for_url(f"**{to}")


def presses_enter(page: Page, selector: str) -> None:
    page.locator(selector).press("Enter")


def test_five_rows_with_enter_alone(app: Flask, phone_page: Page) -> None:
    table = Table(rows=10)
    signs_in(phone_page, table.one, table.url)
    presses_enter(phone_page, "form.begin button")
    lines = phone_page.locator("table.sheet-rows tbody tr")
    for number, name in enumerate(NAMES, 1):
        expect(phone_page.locator("#name")).to_be_focused()
        phone_page.keyboard.type(name)
        phone_page.keyboard.press("Tab")
        phone_page.keyboard.type(str(number))
        phone_page.keyboard.press("Enter")
        expect(lines).to_have_count(number)
        expect(lines.first).to_contain_text(name)
    expect(phone_page.locator("#name")).to_be_focused()
    db.session.rollback()
    assert states(table.sheet) == ["counted"] * 5
    assert supporters(table.petition) == 5


def test_a_question_is_answered_with_the_keyboard(app: Flask, phone_page: Page) -> None:
    table = Table(rows=10)
    signs_in(phone_page, table.one, table.url)
    presses_enter(phone_page, "form.begin button")
    lines = phone_page.locator("table.sheet-rows tbody tr")
    for name in ("J. Jansen", "Johanna Jansen"):
        expect(phone_page.locator("#name")).to_be_focused()
        phone_page.keyboard.type(name)
        phone_page.keyboard.press("Enter")
        expect(phone_page.locator("#name")).to_have_value("" if name == "J. Jansen" else name)
    expect(phone_page.locator("#question")).to_be_focused()
    phone_page.keyboard.press("Tab")
    phone_page.keyboard.press("Tab")
    phone_page.keyboard.press("Enter")
    expect(lines).to_have_count(2)
    expect(phone_page.locator("#name")).to_be_focused()
    db.session.rollback()
    assert states(table.sheet) == ["counted"] * 2
