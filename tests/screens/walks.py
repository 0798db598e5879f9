"""What is done on a screen before its picture is taken, as a person would do it."""

from pathlib import Path

import pyotp
from playwright.sync_api import Page

from tests.live import becomes

PHOTO = Path(__file__).parent.parent.parent / "portal" / "demo" / "data" / "photos" / "plaskruis.jpg"


def photo(page: Page) -> None:
    page.set_input_files("main input[type=file]", PHOTO)
    page.locator("main button.lamp").click()
    page.wait_for_url("**/report/where")


def photos(page: Page) -> None:
    photo(page)
    page.goto("/report/photo")


def cover(page: Page) -> None:
    photos(page)
    page.locator("main form button[value^=cover]").first.click()
    page.wait_for_url("**/report/photos/*")


def where(page: Page) -> None:
    photo(page)
    page.fill("#place", "Kraaien")
    page.locator("#issues-matches label").first.wait_for()


def tell(page: Page, title: str) -> None:
    where(page)
    page.locator("#issues-matches input[type=radio]").first.check()
    page.locator("main button.lamp").click()
    page.wait_for_url("**/report/what")
    page.fill("#title", title)


def what(page: Page) -> None:
    tell(page, "De prullenbak bij de metro is weg")
    page.locator("input[name=likely]").first.wait_for()


def signpost(page: Page) -> None:
    tell(page, "Er is brand in de kelder")
    page.locator("details.more summary").last.click()
    page.select_option("#category", index=1)
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/report/signpost")


def send(page: Page) -> None:
    what(page)
    page.get_by_label("Afvalbak weg of vol").check()
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/report/send")


def thanks(page: Page) -> None:
    send(page)
    page.fill("#name", "Buurvrouw van de zesde")
    page.fill("#email", "zesde@kbuurt.example")
    page.locator("main form button.lamp").last.click()
    page.wait_for_url("**/report/thanks")


def waiting(page: Page) -> None:
    """A report that waits on the device for the network."""
    page.goto("/report/offline", referer=page.url)  # the second page is the one that makes the device ready
    becomes(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.fill("#title", "De lamp bij de ingang van Kempering is uit")
    page.fill("#place", "Bij de achterdeur van Kempering")
    page.fill("#name", "Buurvrouw van de zesde")
    page.fill("#email", "zesde@kbuurt.example")
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/outbox")
    page.locator("main .outbox li").first.wait_for()


def nothing_waits(page: Page) -> None:
    page.goto("/outbox", referer=page.url)
    page.locator("[data-none]").wait_for()


def filters(page: Page) -> None:
    if page.locator("button[popovertarget=filters]").first.is_visible():
        page.locator("button[popovertarget=filters]").first.click()


def table(page: Page) -> None:
    page.locator(".breadth summary").first.click()


def helped(page: Page) -> None:
    """Somebody else on each size of screen: who signed once is asked about."""
    size = page.viewport_size
    page.fill("#name", "Mevrouw van de derde" if size and size["width"] > 1000 else "Mevrouw van de vierde")
    page.check("#heard")
    page.locator("main form button.lamp").click()
    page.locator(".slip").wait_for()


def reported_for(page: Page) -> None:
    """What is open already and may be the same, as it is written down for a neighbour."""
    page.select_option("#where", "building:Klieverink")
    page.select_option("#category", "afvalbakken")
    page.fill("#title", "De prullenbak bij de ingang is verdwenen")
    page.locator("#ties-similar li").first.wait_for()


def promised(page: Page) -> None:
    page.locator("a[href$='/promises']").first.click()
    page.wait_for_url("**/promises")


def several(page: Page) -> None:
    """What is said to all of them, filled in."""
    page.locator("main input[name=kind][value=granted]").check()
    page.locator("#text").wait_for()
    page.fill("#text", "Wij doen het: binnen zes weken staat alles er.")
    page.locator("input[name=level][value=decision]").check()


def several_seen(page: Page) -> None:
    several(page)
    page.locator("button.preview").click()
    page.locator("#preview").wait_for()


def several_sent(page: Page) -> None:
    """Each size of screen answers dossiers of its own: an answer is given once."""
    wide = (page.viewport_size or {"width": 0})["width"] > 1000
    boxes = page.locator("input[name=ref]")
    for number in (-1, -2) if wide else (-3, -4):
        boxes.nth(boxes.count() + number).check()
    page.locator(".choose button.lamp").click()
    several_seen(page)
    page.locator(".send button").click()
    page.wait_for_url("**/staff/several?who=demo_stadsdeel")


def kept_by_another(page: Page) -> None:
    """The form begun before the colleague kept their draft: both are shown."""
    page.evaluate("document.querySelector('#composer-saved [name=version]').value = ''")
    page.fill("#text", "De monteur komt morgen al.")  # it is kept by itself a second later
    page.locator("#composer-saved .wrong").wait_for()


def filters_kept(page: Page) -> None:
    page.locator("details.saved summary").click()


def tried_out(page: Page) -> None:
    page.locator("#trial button[value=try]").click()
    page.locator("#trial table").wait_for()


def taken_over(page: Page) -> None:
    """Asked with an address that is none, so that nothing changes."""
    page.fill("#email", "geen adres")
    page.locator("form[action$='take-over'] button").click()
    page.locator(".wrong").wait_for()


def with_an_app(page: Page) -> None:
    """Choose a password and an app, unless that was done, and come back."""
    if page.locator("[data-make]").count():
        return
    page.goto("/me/factor")
    page.fill("#code", pyotp.TOTP(page.locator("[name=secret]").input_value()).now())
    page.fill("#password", "stapel wolken boven Bijlmer")
    page.locator("form.panel button.lamp").click()
    page.wait_for_selector("main li code")
    page.goto("/me/passkeys")
