"""`make screens`: a picture of each screen with the demo in it, on a phone and wide, light and dark.

They go into docs/screens/, with few colours, so that the repository stays small.
"""

import io
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.live import DESK, PHONE, launch
from tests.processes import Running

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
PHOTO = FOLDER.parent.parent / "portal" / "demo" / "data" / "photos" / "plaskruis.jpg"
SIZES = {"phone": PHONE, "wide": DESK}
THEMES = ("light", "dark")
MOST, COLOURS, SHARE = 60_000, 64, (1, 0.7, 0.5, 0.35)
"""Bytes of a picture, its colours, and to what part it is made smaller until it is that light."""
TALLEST = 2600
LINK = re.compile(r"^  (\S.*?)\s+(http://\S+/in/\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Screen:
    name: str
    path: str
    role: str = ""
    """As whom, in the words that `make run` prints; empty: a visitor."""
    follow: str = ""
    """Go on to where the first link of this selector leads."""
    walk: Callable[[Page], None] | None = None
    """What is done there first."""
    whole: bool = False
    """The page from top to bottom instead of what fits on the screen."""


def where(page: Page) -> None:
    page.set_input_files("main input[type=file]", PHOTO)
    page.locator("main button.lamp").click()
    page.wait_for_url("**/report/where")
    page.fill("#place", "Kraaien")
    page.locator("#issues-matches label").first.wait_for()


def what(page: Page) -> None:
    where(page)
    page.locator("#issues-matches input[type=radio]").first.check()
    page.locator("main button.lamp").click()
    page.wait_for_url("**/report/what")
    page.fill("#title", "De prullenbak bij de metro is weg")
    page.locator("input[name=likely]").first.wait_for()


def send(page: Page) -> None:
    what(page)
    page.locator("input[name=likely]").first.check()
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/report/send")


def refused(page: Page) -> None:
    page.locator("main form button").last.click()
    page.locator("#errors").wait_for()


def filters(page: Page) -> None:
    if page.locator("button[popovertarget=filters]").first.is_visible():
        page.locator("button[popovertarget=filters]").first.click()


def promised(page: Page) -> None:
    page.locator("a[href$='/promises']").first.click()
    page.wait_for_url("**/promises")


FIRST = "#dossiers-list a[href^='/d/']"
SCREENS = [
    Screen("home", "/"),
    Screen("home-whole", "/", whole=True),
    Screen("list", "/dossiers"),
    Screen("list-filters", "/dossiers", walk=filters),
    Screen("list-empty", "/dossiers?q=olifantenpad"),
    Screen("map", "/map"),
    Screen("urinal", "/dossiers?q=plaskruis&kind=issue", follow=FIRST, whole=True),
    Screen("platform-right", "/dossiers?q=buurtplatformrecht", follow=FIRST, whole=True),
    Screen("petition", "/dossiers?q=prullenbakken&kind=petition", follow=FIRST, whole=True),
    Screen("urinal-promise", "/dossiers?q=plaskruis&kind=issue", follow=FIRST, walk=promised, whole=True),
    Screen("motion", "/dossiers?q=buurtplatformrecht", follow=FIRST, walk=promised, whole=True),
    Screen("ledgers", "/ledger", whole=True),
    Screen("ledger", "/ledger/a/demo_stadsdeel", whole=True),
    Screen("ledger-letter", "/ledger/a/stadsdeel", whole=True),
    Screen("report-photo", "/report/photo"),
    Screen("report-where", "/report/photo", walk=where, whole=True),
    Screen("report-what", "/report/photo", walk=what, whole=True),
    Screen("report-send", "/report/photo", walk=send, whole=True),
    Screen("report-offline", "/report/offline", whole=True),
    Screen("outbox", "/outbox"),
    Screen("sign-in", "/sign-in"),
    Screen("sign-in-refused", "/sign-in", walk=refused),
    Screen("not-found", "/nowhere"),
    Screen("styleguide", "/styleguide", whole=True),
    Screen("me", "/me", "neighbour", whole=True),
    Screen("desk", "/desk", "organiser"),
    Screen("new-petition", "/petitions/new", "organiser", whole=True),
    Screen("staff", "/staff", "official"),
    Screen("answer", "/staff", "official", follow="a[href^='/staff/K-']"),
    Screen("committee", "/committee", "member"),
    Screen("moderation", "/moderation", "moderator"),
]


class Studio:
    """A browser that keeps who is signed in from one picture to the next."""

    def __init__(self, chromium: Browser, running: Running) -> None:
        self.chromium, self.url = chromium, running.url
        self.links = dict(LINK.findall(running.said))
        self.states: dict[str, Any] = {}

    def state(self, role: str) -> Any:
        """The cookies of somebody with this role: the link works once."""
        if role and role not in self.states:
            context = self.chromium.new_context(base_url=self.url, locale="nl-NL")
            page = context.new_page()
            page.goto(next(link for who, link in self.links.items() if role in who))
            page.locator("main form button").click()
            page.wait_for_url(lambda address: "/in/" not in address)
            self.states[role] = context.storage_state()
            context.close()
        return self.states.get(role)

    def take(self, screen: Screen, size: str, theme: Any) -> bytes:
        width, height = SIZES[size]["width"], SIZES[size]["height"]
        context = self.chromium.new_context(
            base_url=self.url,
            locale="nl-NL",
            viewport={"width": width, "height": height},
            color_scheme=theme,
            storage_state=self.state(screen.role),
            service_workers="block",
        )
        page = context.new_page()
        page.goto(screen.path)
        if screen.follow:
            page.goto(str(page.locator(screen.follow).first.get_attribute("href")))
        if screen.walk:
            screen.walk(page)
        page.wait_for_load_state("networkidle")
        if screen.whole:  # so that what sticks to an edge stands at the end
            tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            page.set_viewport_size({"width": width, "height": max(height, tall)})
        taken = page.screenshot(animations="disabled")
        context.close()
        return taken


def light(picture: bytes) -> bytes:
    """The same picture in few colours, and so large that it is not heavy."""
    whole, packed = Image.open(io.BytesIO(picture)).convert("RGB"), b""
    for share in SHARE:
        file = io.BytesIO()
        smaller = whole.resize(
            (round(whole.width * share), round(whole.height * share)), Image.Resampling.LANCZOS
        )
        smaller.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            file, "PNG", optimize=True
        )
        packed = file.getvalue()
        if len(packed) <= MOST:
            break
    return packed


def main(wanted: list[str]) -> None:
    """All screens, or those with one of these words in their name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = [s for s in SCREENS if not wanted or any(word in s.name for word in wanted)]
    with (
        tempfile.TemporaryDirectory() as data,
        sync_playwright() as playwright,
        Running("start", data=Path(data)) as running,
    ):
        running.wait_until_it_answers()
        studio = Studio(launch(playwright), running)
        for screen, size, theme in product(chosen, SIZES, THEMES):
            name = f"{screen.name}-{size}-{theme}.png"
            (FOLDER / name).write_bytes(light(studio.take(screen, size, theme)))
            sys.stdout.write(f"{name}\n")
        studio.chromium.close()


if __name__ == "__main__":
    main(sys.argv[1:])
