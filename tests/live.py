"""The portal as people meet it: a server on a port, a worker beside it, and a real Chromium."""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from portal.kernel import jobs
from tests.processes import until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"
"""The same Chromium, for half the time of the processor."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds after which something that does not happen is a failure, and not a slow machine."""
IDLE = 0.5
"""Seconds after which the worker looks again, for what a test itself queued."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
NONE_FOUND = (
    "There is no Chromium for the tests in a real browser: `make test` installs one, "
    'PORTAL_TEST_BROWSER=/path/to/chromium names one, and -m "not browser" leaves these tests out.'
)


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """The tests say what went wrong; a line for every file is noise."""


class LiveServer:
    """This application on a free port of 127.0.0.1, and its worker, each in threads of their own.

    `works`: whether there is a worker; who only shows pages needs none.
    """

    def __init__(self, app: Flask, *, works: bool = True) -> None:
        self.app = app
        self.answering, self.turn = 0, threading.Condition()
        self.asked, self.ended = threading.Event(), threading.Event()
        self.server = self._listen(0)
        self.url = app.config["PUBLIC_URL"] = f"http://127.0.0.1:{self.server.server_port}"
        does = [self.server.serve_forever, *([self._work] if works else [])]
        self.threads = [threading.Thread(target=deed) for deed in does]

    def _listen(self, port: int) -> BaseWSGIServer:
        return make_server("127.0.0.1", port, self._answer, threaded=True, request_handler=Quiet)

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """What the application says; after the end nothing, for it may be another test's by then.

        Closed here: Werkzeug leaves the answer open, and its file, when the browser is gone.
        """
        with self.turn:
            if self.ended.is_set():
                start("503 Service Unavailable", [])
                return []
            self.answering += 1
        try:
            with closing(ClosingIterator(self.app(environ, start))) as said:
                return list(said)
        finally:
            with self.turn:
                self.answering -= 1
                self.turn.notify_all()
            if environ["REQUEST_METHOD"] == "POST":
                self.asked.set()

    def _work(self) -> None:
        """Look when a form was sent, of which there may be work; else now and then: looking costs."""
        while not self.ended.is_set():
            self.asked.clear()
            with self.app.app_context():
                while jobs.work() and not self.ended.is_set():
                    pass
            self.asked.wait(IDLE)

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def cut(self) -> None:
        """Nobody is there at this address any more; the worker goes on."""
        self.server.shutdown()
        self.threads[0].join()
        self.server.server_close()

    def mend(self) -> None:
        """There again, at the same address."""
        self.server = self._listen(self.server.server_port)
        self.threads[0] = threading.Thread(target=self.server.serve_forever)
        self.threads[0].start()

    def stop(self) -> None:
        """End, when what was asked is answered: a browser that is gone may have asked for more."""
        with self.turn:
            self.ended.set()
            self.asked.set()
            self.turn.wait_for(lambda: not self.answering)
        self.cut()
        for thread in self.threads:
            thread.join()


expect.set_options(timeout=PATIENCE)


def executable(playwright: Playwright) -> str:
    """The Chromium to use: the one that is named, an installed one, or Playwright's own."""
    named = os.environ.get("PORTAL_TEST_BROWSER", "")
    found = [shutil.which(name) for name in (named, *NAMES) if name]
    own = playwright.chromium.executable_path
    chosen = next((path for path in found if path), own if Path(own).exists() else None)
    if chosen is None:
        raise RuntimeError(NONE_FOUND)
    return chosen


def launch(playwright: Playwright, *, whole: bool = False) -> Browser:
    """A Chromium without windows; `whole`: not its headless shell, which lacks what a device has around."""
    path = Path(executable(playwright))
    if not whole and (shell := path.with_name(SHELL)).exists():
        path = shell
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def becomes(page: Page, expression: str) -> None:
    """Wait until this is true in the page. (The content policy forbids `wait_for_function`: it uses eval.)"""
    until(lambda: page.evaluate(expression) or page.wait_for_timeout(50), expression)


NOTHING_CAME = """document.readyState === "complete" &&
performance.now() - Math.max(0, ...performance.getEntries().map((one) => one.responseEnd ?? 0)) > 500"""


@contextmanager
def leads_on(page: Page) -> Iterator[None]:
    """What is done inside brings another page, or this one anew: it is there afterwards."""
    page.locator("#main").evaluate("main => { main.dataset.left = 'yes' }")
    yield
    expect(page.locator("#main[data-left]")).to_have_count(0)


def settles(page: Page) -> None:
    """Wait until nothing has come for half a second. A busy machine now and then misses a "networkidle"."""
    becomes(page, NOTHING_CAME)


class Visit:
    """One page in a browser of its own, which remembers what the browser complained of."""

    def __init__(self, chromium: Browser, url: str, *, js: bool, size: dict[str, int] = PHONE) -> None:
        self.context = chromium.new_context(
            base_url=url,
            java_script_enabled=js,
            viewport={"width": size["width"], "height": size["height"]},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            is_mobile=size["width"] <= PHONE["width"],
            has_touch=size["width"] <= PHONE["width"],
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        """A refused form (422) is an answer, not a fault; all else that is red is one."""
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def end(self) -> None:
        self.context.close()
        assert not self.complaints, self.complaints
