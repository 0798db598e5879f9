"""A visit is light: an old phone on a slow line opens every page of the demo within the budget."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from portal.dossiers.models import Dossier
from portal.kernel.db import db
from tests.conftest import close, make_app
from tests.demo.telling import told_on
from tests.live import LiveServer
from tests.traffic import Fetched, Traffic, total, without_photos

pytestmark = pytest.mark.browser

FIRST_BYTES, FIRST_REQUESTS, LATER_BYTES = 50_000, 6, 12_000
PAGES = {
    "home": "/",
    "list": "/dossiers",
    "dossier": "/d/{urinal}",
    "report": "/report",
    "petition": "/d/{bins}",
}


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[str, dict[str, str]]]:
    """The demo on a port, and the references of two of its dossiers. Which database makes no difference."""
    made = make_app(*told_on("sqlite"))
    with made.app_context():
        server = LiveServer(made)
        server.start()
        yield server.url, {"urinal": ref("Plaskruis%"), "bins": ref("Zet de prullenbakken%")}
        server.stop()
        close(made)


def ref(title: str) -> str:
    return str(db.session.scalar(db.select(Dossier.ref).where(Dossier.title.like(title)).limit(1)))


def listed(fetched: list[Fetched]) -> str:
    return "\n".join(f"{one.bytes:>7} {one.url}" for one in fetched)


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_is_light(chromium: Chromium, demo: tuple[str, dict[str, str]], name: str) -> None:
    url, refs = demo
    visitor = Traffic(chromium, url)
    fetched = without_photos(visitor.visit(PAGES[name].format(**refs)))
    visitor.end()
    assert total(fetched) <= FIRST_BYTES, listed(fetched)
    assert len(fetched) <= FIRST_REQUESTS, listed(fetched)
    assert not visitor.strangers


def test_every_later_page_is_lighter_still(chromium: Chromium, demo: tuple[str, dict[str, str]]) -> None:
    """By tapping on. Without the service worker, which would bring it from the device the next time."""
    url, refs = demo
    visitor = Traffic(chromium, url, offline=False)
    visitor.visit("/")
    seen = [visitor.follow(path) for path in ("/dossiers", "/", "/report", "/me", "/dossiers")]
    seen += [visitor.visit(f"/d/{refs[name]}") for name in ("urinal", "bins")]
    visitor.end()
    heavy = [listed(fetched) for fetched in map(without_photos, seen) if total(fetched) > LATER_BYTES]
    assert not heavy, "\n\n".join(heavy)
    assert all(total(fetched) > 0 for fetched in seen)
    assert not visitor.strangers
