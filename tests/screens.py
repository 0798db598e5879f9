"""`make screens`: a picture of each screen with the demo in it, into docs/screens/."""

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.live import DESK, PHONE, launch
from tests.processes import Running

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
SIZES = {"phone": PHONE, "wide": DESK}
LINK = re.compile(r"^  (\S.*?)\s+(http://\S+/in/\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Screen:
    name: str
    path: str
    role: str = ""
    """As whom, in the words that `make run` prints; empty: a visitor."""
    follow: str = ""
    """Go on to where the first link of this selector leads."""
    whole: bool = False
    """The page from top to bottom instead of what fits on the screen."""


FIRST = "#dossiers-list a[href^='/d/']"
SCREENS = [
    Screen("home", "/"),
    Screen("home-whole", "/", whole=True),
    Screen("list", "/dossiers"),
    Screen("list-empty", "/dossiers?q=olifantenpad"),
    Screen("urinal", "/dossiers?q=plaskruis&kind=issue", follow=FIRST, whole=True),
    Screen("platform-right", "/dossiers?q=buurtplatformrecht", follow=FIRST, whole=True),
    Screen("petition", "/dossiers?q=prullenbakken&kind=petition", follow=FIRST, whole=True),
    Screen("report", "/report/photo"),
    Screen("sign-in", "/sign-in"),
    Screen("not-found", "/nowhere"),
    Screen("me", "/me", "neighbour"),
    Screen("desk", "/desk", "organiser"),
    Screen("new-petition", "/petitions/new", "organiser", whole=True),
    Screen("staff", "/staff", "official"),
    Screen("answer", "/staff", "official", follow="a[href^='/staff/K-']"),
    Screen("committee", "/committee", "member"),
    Screen("moderation", "/moderation", "moderator"),
]


def signed_in(chromium: Browser, size: dict[str, int], url: str, link: str) -> Page:
    """A page in a browser of its own, signed in with this link if there is one."""
    width, height = size["width"], size["height"]
    context = chromium.new_context(base_url=url, locale="nl-NL", viewport={"width": width, "height": height})
    page = context.new_page()
    if link:
        page.goto(link)
        page.locator("main form button").click()
        page.wait_for_url(lambda address: "/in/" not in address)
    return page


def take(page: Page, screen: Screen, size: str) -> None:
    page.goto(screen.path)
    if screen.follow:
        page.goto(str(page.locator(screen.follow).first.get_attribute("href")))
    page.screenshot(path=FOLDER / f"{screen.name}-{size}.png", full_page=screen.whole, animations="disabled")
    sys.stdout.write(f"{screen.name}-{size}.png\n")


def links(running: Running) -> dict[str, str]:
    """Role -> sign-in link, as the start prints them."""
    return dict(LINK.findall(running.said))


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        for size, measures in SIZES.items():
            with Running("start", data=Path(data)) as running:
                running.wait_until_it_answers()
                chromium = launch(playwright)
                pages: dict[str, Page] = {}
                for screen in SCREENS:
                    role = next((r for r in links(running) if screen.role and screen.role in r), "")
                    if role not in pages:
                        pages[role] = signed_in(chromium, measures, running.url, links(running).get(role, ""))
                    take(pages[role], screen, size)
                chromium.close()


if __name__ == "__main__":
    main()
