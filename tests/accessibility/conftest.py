"""The pages, a server that answers with them, and a browser that looks at them."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask, Response
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page as Tab

from tests import databases
from tests.access import World
from tests.accessibility import visits
from tests.accessibility.pages import LANGUAGES, Keeper, Page, folder, opened, write
from tests.live import DESK, LiveServer, becomes

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
INSTRUMENTS = Path(__file__).parent / "instruments.js"
WHICH = "HTTP_X_PAGE"
"""The header by which a browser asks for a page that was kept, at the address where it was met."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules whose outcome depends on the theme."""
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def make() -> None:
    """Fill a portal with everything, another with nothing, and keep their pages in both languages."""
    folder().mkdir()
    keepers: dict[str, Keeper] = {}
    with opened(folder() / "data", databases.fresh("sqlite", folder() / "data")) as app:
        world = World()
        first = Keeper(app, LANGUAGES[0])
        first.keep_table(world)
        first.keep_plain([(who, world.people[who]) for who in ("nobody", "opener", "organiser")])
        found = first.new_calls()
        for language in LANGUAGES:
            keeper = keepers[language] = first if language == first.language else Keeper(app, language)
            if keeper is not first:
                keeper.repeat(found)
            for visit in visits.VISITS:
                visit(keeper, world)
    with opened(folder() / "empty", databases.fresh("sqlite", folder() / "empty")) as app:
        for keeper in keepers.values():
            keeper.moves_to(app)
            visits.empty(keeper)
            write(keeper)


@pytest.fixture(scope="session")
def made() -> None:
    """Whichever process comes first makes the pages; the others find them."""
    with databases.once("pages") as first:
        if first:
            make()


MAPS_ARE_OPEN = """
[...document.querySelectorAll("[data-leaflet]")].every((map) => map.rotonde && !map.hidden) &&
[...document.querySelectorAll("[data-pins]")].every((map) => performance.getEntriesByType("resource")
  .some((one) => one.name.includes(map.dataset.pins)))
"""
"""Until then the drawing of the server stands there as well; what comes later would come behind the focus."""


def answering(app: Flask) -> Application:
    """The application, but who asks for a page that was kept gets that.

    What such a page then asks by itself finds nothing new: it would change while it is looked at.
    """
    ours = app.wsgi_app

    def call(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        wanted = environ.get(WHICH, "")
        if wanted and environ.get("HTTP_SEC_FETCH_DEST") == "document":
            return Response((folder() / wanted).read_bytes(), mimetype="text/html")(environ, start)
        if wanted and environ.get("HTTP_HX_REQUEST"):
            return Response(status=204)(environ, start)
        return ours(environ, start)

    return call


@pytest.fixture(scope="session")
def served(made: None) -> Iterator[str]:
    with opened(folder() / "data", f"sqlite:///{folder() / 'data' / 'portal.db'}") as app:
        app.wsgi_app = answering(app)  # type: ignore[method-assign]
        server = LiveServer(app, works=False)
        server.start()
        yield server.url
        server.stop()


class Eye:
    """A tab that opens kept pages, with axe and the instruments of this folder in each."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def opens(self, page: Page) -> None:
        self.tab.set_extra_http_headers({"X-Page": page.file.name})
        self.tab.goto(page.url or "/", wait_until="load")
        becomes(self.tab, MAPS_ARE_OPEN)

    def unrolls(self) -> None:
        """Make the screen as high as the page: axe takes what lies under a bar now for always covered."""
        height = self.tab.evaluate("document.documentElement.scrollHeight") + 200
        self.tab.set_viewport_size({"width": (self.tab.viewport_size or DESK)["width"], "height": height})

    def measure(self, instrument: str) -> Any:
        return self.tab.evaluate(f"instruments.{instrument}()")

    def axe(self, rules: dict[str, Any]) -> list[str]:
        """The rules that are broken, with the first elements that break them; those of colour apart."""
        off = {rule: {"enabled": False} for rule in OF_COLOUR}
        return self._broken("", runOnly={"type": "tag", "values": TAGS}, rules=rules | off)

    def colours(self, theme: str) -> list[str]:
        """Those of colour, which take twice the time of all others: for words that are new in this theme."""
        found = self._broken(theme, runOnly={"type": "rule", "values": OF_COLOUR})
        return [f"{theme}: {said}" for said in found]

    def _broken(self, theme: str, **options: Any) -> list[str]:
        asked = "([theme, options]) => instruments.broken(theme, options)"
        found: list[str] = self.tab.evaluate(asked, [theme, options])
        return found


@pytest.fixture(scope="session")
def eye(chromium: Chromium, served: str) -> Iterator[Eye]:
    context = chromium.new_context(base_url=served, locale="nl-NL", service_workers="block")
    context.set_default_timeout(20_000)
    for script in (AXE, INSTRUMENTS):
        context.add_init_script(path=script)
    yield Eye(context.new_page())
    context.close()
