"""Every page in every state, in both languages and both themes, in a real browser.

WCAG 2.2 AA as far as it can be measured: axe looks for what is broken, the instruments
beside this file for what axe does not measure.
"""

from collections.abc import Iterator

import pytest

from portal.access import ROUTES
from tests.accessibility.conftest import Eye
from tests.accessibility.pages import LANGUAGES, PAGELESS, Page, kept
from tests.accessibility.visits import ERRORS
from tests.live import DESK, PHONE

REPEATS = {"web.styleguide": {"landmark-unique": {"enabled": False}}}
"""The style guide shows a part several times, each under the name that it has on a page."""
SMALL = {"width": 320, "height": 640}
"""A screen of 1280 pixels at 400 %, and the smallest phone."""
WIDTHS = {"nl": PHONE, "en": DESK}
"""On what axe sees each language, so that both widths are seen; Dutch, with the longer words, also small."""
WITH_PAGES = [endpoint for endpoint in ROUTES if endpoint not in PAGELESS] + [
    f"error {status}" for status in ERRORS
]
EVERY = [pytest.param(e, language, id=f"{e}-{language}") for e in WITH_PAGES for language in LANGUAGES]

pytestmark = pytest.mark.browser


def of(endpoint: str, language: str) -> list[Page]:
    return [page for page in kept(language) if page.endpoint == endpoint and page.looked_at]


def report(wrong: list[tuple[Page, str]]) -> str:
    """What is wrong, each sentence once, with the first page on which it was found."""
    first: dict[str, list[Page]] = {}
    for page, said in wrong:
        first.setdefault(said, []).append(page)
    return "\n".join(
        ["", *(f"{said}   [{len(on)} × {on[0].name}: {on[0].url}]" for said, on in first.items())]
    )


def look(eye: Eye, page: Page) -> Iterator[str]:
    """All that can be measured of one page."""
    eye.tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    eye.tab.set_viewport_size(WIDTHS[page.language])
    eye.opens(page)
    eye.unrolls()
    yield from eye.axe(REPEATS.get(page.endpoint, {}))
    yield from eye.colours("light")
    yield from eye.measure("skeleton")
    yield from eye.measure("moving")
    eye.tab.emulate_media(color_scheme="dark")
    yield from eye.colours("dark")
    if WIDTHS[page.language] != PHONE:
        return
    yield from eye.measure("small")
    eye.tab.set_viewport_size(SMALL)
    yield from (f"320 px: {said}" for said in [*eye.measure("wide"), *eye.measure("cut")])
    eye.measure("spacing")
    yield from (f"spaced: {said}" for said in [*eye.measure("wide"), *eye.measure("cut")])


@pytest.mark.parametrize(("endpoint", "language"), EVERY)
def test_every_page_is_for_everybody(eye: Eye, endpoint: str, language: str) -> None:
    pages = of(endpoint, language)
    if language == LANGUAGES[0]:
        assert pages, f"no page of {endpoint} is looked at: add it to tests/accessibility/visits.py"
    wrong = [(page, said) for page in pages for said in look(eye, page)]
    assert not wrong, report(wrong)
