"""Tab through every page on a phone: it reaches everything, is seen everywhere, and leaves the page again."""

import pytest

from tests.accessibility.conftest import Eye
from tests.accessibility.pages import Page, kept
from tests.accessibility.test_pages import WITH_PAGES
from tests.live import PHONE, settles

FAR = 300
"""So many stops no page has; whoever needs more is in a trap."""
pytestmark = pytest.mark.browser


def fullest(endpoint: str) -> Page:
    """Of the pages of this route the one with the most on it."""
    return max((p for p in kept("nl") if p.endpoint == endpoint), key=lambda page: page.file.stat().st_size)


def walk(eye: Eye) -> list[str]:
    """Press Tab until the focus has left the page, and on to where it began; what is wrong on the way.

    Where a form came back, it begins at what is wrong, and not at the top.
    """
    wrong: list[str] = []
    stops: set[str] = set()
    last = ""
    for _ in range(FAR):
        eye.tab.keyboard.press("Tab")
        stop = eye.measure("focused")
        if not stop["at"] or stop["at"] == last:
            continue  # it has left the page, or is in another part of a date
        last = stop["at"]
        if last in stops:
            return [*wrong, *eye.measure("unreached")]
        stops.add(last)
        wrong += stop["wrong"]
    return [*wrong, f"after {FAR} stops one has not been round"]


@pytest.mark.parametrize("endpoint", WITH_PAGES)
def test_the_tab_key_goes_through_the_whole_page(eye: Eye, endpoint: str) -> None:
    eye.tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    eye.tab.set_viewport_size(PHONE)
    eye.opens(page := fullest(endpoint))
    settles(eye.tab)
    wrong = walk(eye)
    assert not wrong, "\n".join(["", f"{page.name}: {page.url}", *wrong])
