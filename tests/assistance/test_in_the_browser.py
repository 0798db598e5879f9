"""On a phone, in a real browser, with and without JavaScript: one helps, the other goes on with the code."""

from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts import commands as accounts
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For, ticket
from tests.assistance.making import a_mandate
from tests.factories import an_issue


def test_one_helps_and_the_other_goes_on_with_the_code(app: Flask, phone_page: Page) -> None:
    mandate, dossier, page = a_mandate(), an_issue(title="The lamp is out"), phone_page
    an_issue(title="The bin is gone")
    link = accounts.prepare_sign_in(SYSTEM, None, email=mandate.person.email, locale="en", next_path="/me")
    page.goto(f"/in/{ticket(For.SIGN_IN, link.id)}")
    page.click("main form button")
    page.click('main a[href^="/help"]')
    page.fill("input[name=q]", dossier.ref or "")
    expect(page.locator("#assistance-choices li")).to_have_count(2)
    page.click("form[role=search] button")
    expect(page.locator("#assistance-choices li")).to_have_count(1)
    page.click("#assistance-choices a.go")
    page.fill("#name", "Old Neighbour")
    dutch, english = (page.get_by_text(words) for words in ("Ik wil namens jou", "I want to sign for you"))
    expect(english).to_be_hidden()
    expect(dutch).to_be_visible()
    page.check("input[name=language][value=en]")
    expect(english).to_be_visible()
    expect(dutch).to_be_hidden()
    page.click("main form.panel button.lamp")
    expect(page.locator("#heard-error")).to_be_visible()
    page.check("#heard")
    page.click("main form.panel button.lamp")
    code = page.locator(".slip .code").inner_text()
    page.emulate_media(media="print")
    expect(page.locator(".slip")).to_be_visible()
    expect(page.locator("h1")).to_be_hidden()
    page.emulate_media(media="screen")
    page.context.clear_cookies()
    page.goto("/receipt")
    page.fill("#code", code.lower().replace("-", " "))
    page.click("main form button")
    expect(page.locator("#assistance-receipt")).to_contain_text("The lamp is out")
    page.click('form[action="/receipt/withdraw"] button')
    expect(page.locator('form[action="/receipt/withdraw"]')).to_have_count(0)
    assert code not in page.url
