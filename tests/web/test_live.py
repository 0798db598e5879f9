"""The server and the browser of the tests work, with and without JavaScript."""

from playwright.sync_api import Page


def test_the_style_guide_opens_on_a_phone(phone_page: Page) -> None:
    answer = phone_page.goto("/styleguide")
    assert answer is not None
    assert answer.status == 200
    assert phone_page.locator("main").is_visible()
