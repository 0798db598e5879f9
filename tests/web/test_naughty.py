"""What nobody types but somebody sends: no address and no form of ours falls over it, on either database."""

import json
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

import pytest
from flask import Flask

from tests.browser import Browser
from tests.factories import a_person, an_issue

BLNS = Path(__file__).parents[3] / "shared" / "data" / "fuzz" / "blns.json"
NAUGHTY = [
    "\0",
    "a\0b",
    "\x1b[0m",
    "\ufeff",
    "%",
    "_",
    "\\",
    "%s{}{{7*7}}",
    "' OR 1=1 --",
    "\u202eabc",
    "9" * 400,
    "-1",
    "é" * 999,
]


def addresses(word: str, ref: str) -> list[str]:
    given = quote(word, safe="")
    paths = [
        f"/d/{given}",
        f"/n/{given}",
        f"/s/{given}",
        f"/in/{given}",
        f"/photos/{given}",
        f"/static/{given}",
    ]
    queries = ["q", "page", "kind", "state", "category", "neighbourhood", "words"]
    return (
        paths
        + [f"/dossiers?{name}={given}" for name in queries]
        + [f"/d/{ref}?{given}={given}", f"/?{given}"]
    )


def try_all(app: Flask, words: list[str]) -> list[tuple[str, int]]:
    ref = str(an_issue().ref)
    browser = Browser(app)
    wrong = []
    for word in words:
        for url in addresses(word, ref):
            browser.get(url)
            if browser.status >= 500:
                wrong.append((url, browser.status))
    return wrong


@pytest.fixture(autouse=True)
def in_use(app: Flask) -> None:
    """A fault is an answer with status 500 here, as it is for people."""
    app.config["PROPAGATE_EXCEPTIONS"] = False


def test_addresses(app: Flask) -> None:
    assert not try_all(app, NAUGHTY)


@pytest.mark.skipif(
    not BLNS.exists(), reason="the list of naughty strings is not in shared/data beside the checkout"
)
def test_addresses_with_the_big_list(app: Flask) -> None:
    assert not try_all(app, json.loads(BLNS.read_text())[::9])


@pytest.mark.parametrize("word", NAUGHTY)
def test_forms(app: Flask, word: str) -> None:
    browser = Browser(app)
    issue = an_issue()
    for url, data in [
        ("/sign-in", {"email": word, "next": word}),
        ("/sign-in", {"email": f"{word}@homes.example", "next": word}),
        ("/language", {"lang": word, "next": word}),
        (
            f"/d/{issue.ref}/signatures",
            {"name": word, "email": "ann@homes.example", "reason": word, "once": word},
        ),
    ]:
        browser.post(url, data)
        assert browser.status < 500, (url, data)
    browser.signs_in(a_person())
    browser.post("/me", {"name": word, "locale": word})
    assert browser.status < 500
    browser.post("/me", {"name": word, "locale": "nl", "once": word})
    assert browser.status < 500


def test_a_file_in_a_field_for_words(app: Flask) -> None:
    browser, ref = Browser(app), an_issue().ref
    browser.get(f"/d/{ref}")
    browser.post(f"/d/{ref}/signatures", {"name": (BytesIO(b"words"), "words.txt")})
    assert browser.status == 400


def test_a_form_with_a_key_longer_than_ours(app: Flask) -> None:
    browser, ref = Browser(app), an_issue().ref
    browser.signs_in(a_person()).get(f"/d/{ref}")
    browser.submit("#dossiers-support form", once=token_hex(100_000))
    assert browser.status == 200
    assert browser.url == f"/d/{ref}"
