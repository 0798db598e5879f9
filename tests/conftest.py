"""What every test can ask for: the application on both databases, a visitor, a browser."""

import gc
import io
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright, sync_playwright

from portal import create_app
from portal.accounts.queries import forget_homes
from portal.dossiers.facets import forget_counted
from portal.kernel import logs, security
from portal.kernel.db import db
from portal.roundabout.queries import forget_numbers
from tests import databases, pooler, shelves
from tests.browser import Browser
from tests.live import LiveServer, Visit, launch

hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("new", print_blob=True)
hypothesis.settings.load_profile("new" if "PORTAL_TEST_NEW" in os.environ else "same")
"""The same cases each time, so that nothing fails by chance; PORTAL_TEST_NEW=1 looks for some never tried."""
RUN = pytest.StashKey[databases.Run]()
LONG = (
    "tests/test_start",
    "tests/test_crash",
    "tests/test_loop",
    "tests/demo",
    "tests/accessibility/test_html",
)
"""Half a minute and more each."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, in the process that leads it: the others (pytest -n) are given its folder.

    What tests write goes there too, unless --basetemp says where it is to be kept.
    """
    if not hasattr(config, "workerinput"):
        run = config.stash[RUN] = databases.Run()
        config.option.basetemp = config.option.basetemp or f"{run.folder}/written"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a person does in a browser is looked at on one database, the loop as a whole on both.

    What the server does for it is tested on both, in a tenth of the time; what never comes near a database
    (`once`) on one of them. What takes longest begins first, so that no process is left with it when the
    others have ended.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    marks = {item: {mark.name for mark in item.iter_markers()} for item in items}
    alike = {"once", "browser"}
    once = [
        one for one in items if "postgres" in marks[one] and alike & marks[one] and "both" not in marks[one]
    ]
    if once and "sqlite" in databases.KINDS:
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in set(once)]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded now stays to the end; looking for garbage in it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        config.stash[RUN].end()


def make_app(url: str, data: Path, **settings: object) -> Flask:
    """The application as the tests want it, on this database."""
    known = {"TESTING": True, "SECRET_KEY": "for the tests", "WTF_CSRF_ENABLED": False}
    known |= {"DATA_DIR": str(data), "DATABASE_URL": url, "PUBLIC_URL": "http://localhost"}
    known |= {"MAP_TILES": ""}  # they ask nothing of anybody else
    known |= {"HELD_BYTES": 0}  # a page is made anew, so that what it asks can be counted
    known |= {"LOCALES": ["en", "nl"]}  # they read the sentences as the code has them, untranslated
    known |= {"DATABASE_POOLER": pooler.WANTED}
    made = create_app(**known | settings)
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(databases.folder()))
    return made


def close(app: Flask) -> None:
    """Give back every connection of this application, and what it remembers of its database."""
    leave()
    for engine in db.engines.values():
        engine.dispose()


def leave() -> None:
    """Forget what was read of the database."""
    db.session.remove()
    forget()


def forget() -> None:
    """The same of what the process remembers for all who ask."""
    forget_homes()
    forget_counted()
    forget_numbers()


@pytest.fixture(params=databases.params())
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: each test that uses it, or the app, runs once on each."""
    return str(request.param)


class Ground:
    """The application of this process on one kind of database. Every test finds it as if it were new.

    Making it anew for each of thousands of tests would take most of their time: its routes, its templates,
    and every statement that SQLAlchemy has compiled.
    """

    def __init__(self, kind: str, data: Path) -> None:
        self.data, self.url = data, databases.fresh(kind, data)
        self.app = make_app(self.url, data)
        self.config = dict(self.app.config)
        self.used = False

    def swept(self) -> Flask:
        """With the database and the settings of the first time, and an empty folder."""
        if self.used and not databases.renew(self.url, self.data):
            with self.app.app_context():
                close(self.app)
        self.used = True
        self.app.config.clear()
        self.app.config.update(self.config)
        return self.app


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ground]]:
    """The ground of each kind, made when it is asked for."""
    made: dict[str, Ground] = {}

    def of(kind: str) -> Ground:
        if kind not in made:
            made[kind] = Ground(kind, tmp_path_factory.mktemp(kind) / "data")
        return made[kind]

    yield of
    for ground in made.values():
        with ground.app.app_context():
            close(ground.app)
        databases.drop(ground.url)


@pytest.fixture
def app(kind: str, grounds: Callable[[str], Ground]) -> Iterator[Flask]:
    """The application on a migrated and filled database, in an application context. Real commits."""
    found = grounds(kind).swept()
    with found.app_context():
        yield found
        leave()


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What this process writes into its log, down to the smallest matter, as JSON."""
    security.forget()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(logs.JSON))
    ours = logging.getLogger("portal")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield stream
    ours.removeHandler(handler)
    ours.setLevel(before)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a storage that speaks S3."""
    with shelves.server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def kept_in(request: pytest.FixtureRequest, app: Flask) -> str:
    """Where the application keeps files: each test that uses it runs once with each."""
    if request.param == "bucket":
        app.config |= shelves.bucket(request.getfixturevalue("s3"))
    return str(request.param)


@pytest.fixture
def own_app(kind: str, tmp_path: Path) -> Iterator[Flask]:
    """An application that no other test sees, for what changes more than its data and settings."""
    url = databases.fresh(kind, tmp_path / "data")
    made = make_app(url, tmp_path / "data")
    with made.app_context():
        yield made
        close(made)
    databases.drop(url)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor without JavaScript; `browser.js = True` gives it some."""
    return Browser(app)


@pytest.fixture(params=[False, True], ids=["plain", "js"])
def either_browser(request: pytest.FixtureRequest, app: Flask) -> Browser:
    """A visitor, once without and once with JavaScript: what works for one must work for the other."""
    return Browser(app, js=request.param)


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """The application on a port, with a worker beside it. What the test commits, it sees."""
    server = LiveServer(app)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_chromium(playwright: Playwright) -> Iterator[Chromium]:
    """For what a device does outside of its pages: its icon, its notices. The headless shell has none."""
    browser = launch(playwright, whole=True)
    yield browser
    browser.close()


JAVASCRIPT = [
    pytest.param(js, id=name, marks=pytest.mark.browser) for js, name in ((True, "js"), (False, "nojs"))
]


@pytest.fixture(params=JAVASCRIPT)
def phone_page(request: pytest.FixtureRequest, chromium: Chromium, live_server: LiveServer) -> Iterator[Page]:
    """A page on a phone, with and without JavaScript. Red words in its console fail the test."""
    visit = Visit(chromium, live_server.url, js=request.param)
    yield visit.page
    visit.end()
