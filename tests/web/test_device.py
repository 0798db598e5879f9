"""What a device may keep of us, and what it is told of itself."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from tests.browser import Browser
from tests.factories import a_person, an_issue

TOP = Path(__file__).parent.parent.parent


def kept(browser: Browser, path: str) -> str:
    browser.get(path)
    return str(browser.headers.get("X-Offline", ""))


def test_the_worker_stands_at_the_root_small_and_with_a_version(browser: Browser) -> None:
    browser.get("/sw.js")
    assert browser.response is not None
    assert browser.headers["Cache-Control"] == "no-cache"
    assert browser.headers["Service-Worker-Allowed"] == "/"
    assert browser.response.mimetype == "text/javascript"
    known = json.loads(browser.response.text.partition("\n")[0].removeprefix("const KNOWN = ").rstrip(";"))
    assert re.fullmatch(r"[0-9a-f]{12}", known["version"])
    for path in [*known["first"], *known["assets"], known["icon"]]:
        browser.get(path)
        assert browser.status == 200, path
    assert len((TOP / "static" / "js" / "worker.js").read_text().splitlines()) < 200


@pytest.mark.parametrize(("language", "word"), [("nl", "nl"), ("en", "en"), ("xx", "en")])
def test_the_manifest_is_in_the_language_asked_for(browser: Browser, language: str, word: str) -> None:
    browser.get(f"/manifest.webmanifest?lang={language}")
    assert browser.response is not None
    assert browser.response.mimetype == "application/manifest+json"
    told = json.loads(browser.response.text)
    assert (told["lang"], told["start_url"], told["display"]) == (word, "/", "standalone")
    assert {icon.get("purpose", "any") for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        browser.get(icon["src"])
        assert browser.response.mimetype == icon["type"]


@pytest.mark.parametrize("name", ["192", "512", "maskable-512"])
def test_icons_have_the_size_that_is_told(name: str) -> None:
    with Image.open(TOP / "static" / "icons" / f"{name}.png") as image:
        assert image.size == (int(name[-3:]),) * 2


def test_only_what_everybody_sees_may_be_kept(browser: Browser) -> None:
    issue, draft = an_issue(), an_issue(state="unconfirmed")
    for path in ("/", "/n/K", "/dossiers", f"/d/{issue.ref}", "/outbox", "/report/offline"):
        assert kept(browser, path) == "keep en", path
    for path in ("/sign-in", "/report/photo", f"/d/{draft.ref}", "/nowhere", "/token", "/styleguide"):
        assert not kept(browser, path), path
    person = a_person("organiser")
    browser.signs_in(person)
    for path in ("/", "/dossiers", f"/d/{issue.ref}"):
        assert kept(browser, path) == "ask en", path
    for path in ("/me", "/desk", "/me/erase"):
        assert not kept(browser, path), path


def test_a_page_with_a_message_for_one_person_is_not_kept(browser: Browser) -> None:
    issue = an_issue()
    browser.get(f"/d/{issue.ref}")
    browser.submit("#dossiers-support form", name="Een buur", email="one@homes.example")
    assert browser.seen.select_one("#flash .message")
    assert not str(browser.headers.get("X-Offline", "")).startswith("keep")


def test_a_device_knows_whose_it_is_by_a_name_without_meaning(app: Flask) -> None:
    browser, person = Browser(app), a_person()
    browser.get("/")
    assert browser.client.get_cookie("who") is None
    browser.signs_in(person).get("/")
    cookie = browser.client.get_cookie("who")
    assert cookie is not None
    assert cookie.value not in {None, "", str(person.id)}
    browser.get("/token")
    assert browser.response is not None
    assert browser.response.json == {"token": browser.response.json["token"], "who": cookie.value}
    assert browser.headers["Cache-Control"] == "no-store"
    browser.get("/me")
    browser.post("/sign-out", follow_redirects=False)
    assert browser.headers["Clear-Site-Data"] == '"cache"'
    browser.get("/")
    assert browser.client.get_cookie("who") is None


def test_who_is_forgotten_leaves_nothing_on_the_device(browser: Browser) -> None:
    browser.signs_in(a_person()).post("/me/erase", {"sure": "y", "once": "one"}, follow_redirects=False)
    assert browser.status == 303
    assert browser.headers["Clear-Site-Data"] == '"cache", "storage"'
