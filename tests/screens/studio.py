"""Taking a picture of a screen, and making it light."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from tests.live import DESK, PHONE
from tests.processes import Running

SIZES = {"phone": PHONE, "wide": DESK}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MOST, COLOURS, SHARE = 90_000, 16, (1, 0.7)
"""Bytes of a picture, its colours of either kind, and to what part it is made smaller to be that light."""
TALLEST = 2000
LINK = re.compile(r"^  (\S.*?)\s+(http://\S+/in/\S+)$", re.MULTILINE)
Walk = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    """`path` and what is typed may hold {words} that the scene knows (tests/screens/scene.py)."""

    name: str
    path: str
    role: str = ""
    """As whom, in the words that `make run` prints; empty: a visitor."""
    follow: str = ""
    """Go on to where the first link of this selector leads."""
    typed: dict[str, str] = field(default_factory=dict)
    """What is filled in there, selector by selector."""
    press: str = ""
    """What is pressed then."""
    walk: Walk | None = None
    """What else is done there."""
    whole: bool = False
    """The page from top to bottom instead of what fits on the screen."""
    part: str = ""
    """Only this element of it."""
    of: str = ""
    """The route whose page it is, where that is not the one of the path."""
    own_network: bool = False
    """With the service worker, so that the device can be without network."""


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

    def context(self, screen: Screen, size: str) -> BrowserContext:
        return self.chromium.new_context(
            base_url=self.url,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": SIZES[size]["width"], "height": SIZES[size]["height"]},
            storage_state=self.state(screen.role),
            service_workers="allow" if screen.own_network else "block",
        )

    def take(self, screen: Screen, words: dict[str, str]) -> Iterator[tuple[str, bytes]]:
        """The end of its name, and a picture of it, in each size and theme."""
        for size in SIZES:
            context = self.context(screen, size)
            page = context.new_page()
            come_to(page, screen, words)
            page.mouse.move(0, 0)
            if screen.whole or screen.part:  # so that what sticks to an edge stands at the end
                stretch(page, SIZES[size])
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                seen = page.locator(screen.part).first if screen.part else page
                yield f"{size}-{theme}", seen.screenshot(animations="disabled")
            context.close()


def come_to(page: Page, screen: Screen, words: dict[str, str]) -> None:
    """Open it, and do there what has to be done."""
    page.goto(screen.path.format(**words))
    if screen.follow:
        page.goto(str(page.locator(screen.follow).first.get_attribute("href")))
    for selector, text in screen.typed.items():
        page.fill(selector, text.format(**words))
    if screen.press:
        page.locator(screen.press).first.click()
        page.wait_for_load_state("networkidle")
    if screen.walk:
        screen.walk(page)
    if not screen.own_network:
        page.wait_for_load_state("networkidle")


def stretch(page: Page, size: dict[str, int]) -> None:
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})


def light(picture: bytes) -> bytes:
    """The same picture in few colours, and so large that it is not heavy."""
    whole, packed = Image.open(io.BytesIO(picture)).convert("RGB"), b""
    for share in SHARE:
        file, size = io.BytesIO(), (round(whole.width * share), round(whole.height * share))
        smaller = whole.resize(size, Image.Resampling.LANCZOS) if share < 1 else whole
        few = smaller.quantize(palette=palette(smaller), dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
        packed = file.getvalue()
        if len(packed) <= MOST:
            break
    return packed


def palette(picture: Image.Image) -> Image.Image:
    """The colours that fill the most of it as they are, and as many for what a photo needs."""
    counted: Any = picture.getcolors(picture.width * picture.height)
    usual = [part for _, colour in sorted(counted, reverse=True)[:COLOURS] for part in colour]
    rough = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    found = Image.new("P", (1, 1))
    found.putpalette([*usual, *(rough.getpalette() or [])[: 3 * COLOURS]])
    return found
