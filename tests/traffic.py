"""What travels between a real browser and the portal: each request of a page, its bytes as they were sent."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests.live import PHONE, settles

HEADERS = 400
"""What the head of an answer weighs, for the files that are fetched beside the browser."""
PHOTOS = ("/photos/", "/tiles/")


@dataclass(frozen=True)
class Fetched:
    url: str
    """From the first slash on."""
    bytes: int
    """Head and body, compressed as they travelled."""


class Traffic:
    """A visitor with an empty cache, counted from the first page on; `since()` tells what came meanwhile."""

    def __init__(self, chromium: Browser, url: str, *, offline: bool = True) -> None:
        """`offline=False`: without the service worker, whose requests a page does not see."""
        self.context = chromium.new_context(
            base_url=url,
            locale="nl-NL",
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            is_mobile=True,
            service_workers="allow" if offline else "block",
        )
        self.page: Page = self.context.new_page()
        self.home = url
        self.fetched: list[Fetched] = []
        self.strangers: list[str] = []
        self._asked: dict[str, str] = {}
        session = self.context.new_cdp_session(self.page)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if not url.startswith((self.home, "data:", "blob:")):
            self.strangers.append(url)
        if "redirectResponse" in event:
            before = event["redirectResponse"]
            self._add(before["url"], int(before["encodedDataLength"]))

    def _answered(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        kept = answer.get("fromDiskCache") or answer.get("fromServiceWorker")
        if answer["url"].startswith(self.home) and not kept:
            self._asked[event["requestId"]] = answer["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._asked:
            self._add(self._asked.pop(event["requestId"]), int(event["encodedDataLength"]))

    def _add(self, url: str, size: int) -> None:
        self.fetched.append(Fetched(url.removeprefix(self.home), size))

    def visit(self, path: str) -> list[Fetched]:
        """What opening this page fetches, with the icon and the manifest that headless browsers leave out."""
        before = len(self.fetched)
        self.page.goto(path)
        settles(self.page)
        for link in self.page.locator("link[rel~=icon], link[rel=manifest]").all():
            self._beside(str(link.get_attribute("href")))
        return self.fetched[before:]

    def _beside(self, path: str) -> None:
        if not path.startswith("data:") and all(known.url != path for known in self.fetched):
            answer = self.page.request.get(path)
            self._add(path, int(answer.headers["content-length"]) + HEADERS)

    def follow(self, path: str) -> list[Fetched]:
        """What a tap on a link to this page fetches."""
        before, here = len(self.fetched), self.page.url
        self.page.locator(f"a[href='{path}']:visible").first.click()
        self.page.wait_for_url(lambda url: url != here)
        settles(self.page)
        return self.fetched[before:]

    def end(self) -> None:
        self.context.close()


def without_photos(fetched: list[Fetched]) -> list[Fetched]:
    return [one for one in fetched if not one.url.startswith(PHOTOS)]


def total(fetched: list[Fetched]) -> int:
    return sum(one.bytes for one in fetched)
