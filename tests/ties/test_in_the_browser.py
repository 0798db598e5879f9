"""A petition on a phone, in a real browser: what is alike is shown as one types, and as a step without it."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.dossiers.models import Dossier, State
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.similar import commands as index
from tests.browser import Browser
from tests.factories import a_petition, an_organisation
from tests.petitions.making import a_platform

SIMILAR = "#ties-similar li"


@pytest.mark.browser
def test_nothing_that_was_typed_in_a_petition_is_lost_by_me_too(phone_page: Page, app: Flask) -> None:
    other = a_petition(title="Geef het plein zijn prullenbakken terug", body="Alle bakken zijn weg.")
    index.count(SYSTEM, None)
    _, organiser = a_platform()
    an_organisation()
    page = phone_page
    _signed_in(page, app, organiser)
    page.goto("/petitions/new")
    page.fill("#title", "Prullenbakken terug op het plein")
    page.fill("#body", "Er is geen prullenbak meer.")
    page.fill("#demands", "Zet ze terug.")
    page.check("input[name=to] >> nth=0")
    script = page.locator("[data-theme-switch]").first.is_visible()
    if not script:
        page.click("main form button.lamp")
    expect(page.locator(SIMILAR)).to_contain_text(str(other.ref))
    expect(page.locator(f"{SIMILAR} .soft")).to_contain_text("prullenbakken")
    with page.context.expect_page() as opened:
        page.click(f"{SIMILAR} button[name=me_too]")
    expect(opened.value.locator("#dossiers-support form")).to_be_visible()
    assert opened.value.url.endswith(f"/d/{other.ref}#dossiers-support")
    expect(page.locator("#demands")).to_have_value("Zet ze terug.")
    page.click(f"{SIMILAR} button[name=different]")
    expect(page.locator(SIMILAR)).to_have_count(0)
    expect(page.locator("#body")).to_have_value("Er is geen prullenbak meer.")
    page.locator("#title").press("Enter")
    page.wait_for_url("**/d/K-*")
    db.session.rollback()
    assert db.session.scalars(db.select(Dossier.title).filter_by(state=State.DRAFT)).all() == [
        "Prullenbakken terug op het plein"
    ]


def _signed_in(page: Page, app: Flask, person: object) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = Browser(app).signs_in(person).client.get_cookie(name)
    assert cookie is not None
    page.goto("/dossiers")
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": page.url}])
