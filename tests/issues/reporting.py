"""A report, step by step, as a visitor fills it in."""

import io
from typing import Any

from bs4 import BeautifulSoup
from PIL import Image

from portal.dossiers.models import Dossier
from portal.kernel.db import db
from tests.browser import Browser

WHAT = {
    "title": "Lamp under the metro line is broken",
    "body": "Since Monday.",
    "category": "lantaarnpaal-straatverlichting",
}


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(file, kind, **more)
    return file.getvalue()


def upload(content: bytes | None = None, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(a_photo() if content is None else content), name


def add_photo(browser: Browser, photo: Any = None) -> BeautifulSoup:
    browser.get("/report/photo")
    return browser.submit("main form", press="button.lamp", photo=photo or upload())


def tell_what(browser: Browser, **values: Any) -> BeautifulSoup:
    browser.get("/report/what")
    return browser.submit("main form", press="button.lamp", **WHAT | values)


def find_place(browser: Browser, words: str = "Kraaiennest") -> BeautifulSoup:
    browser.get("/report/where")
    return browser.submit("main form", press="button[name=search]", place=words)


def choose_place(browser: Browser, name: str = "Kraaiennest") -> BeautifulSoup:
    """Search for it and choose the first of the list."""
    find_place(browser, name)
    first = browser.seen.select_one("#issues-matches input[name=choice]:not([value=here])")
    assert first is not None, browser.seen.select_one("main")
    return browser.submit("main form", press="button.lamp", choice=first["value"])


def to_the_last_step(browser: Browser, **values: Any) -> BeautifulSoup:
    """`photo`: what is uploaded first; the others are what is told in the third step."""
    if "photo" in values:
        add_photo(browser, values.pop("photo"))
    choose_place(browser)
    return tell_what(browser, **values)


def send(browser: Browser, email: str = "reporter@homes.example", **more: Any) -> BeautifulSoup:
    return browser.submit("main form.end", press="button.lamp", email=email, **{"name": "Sam Example"} | more)


def confirm(browser: Browser, email: str = "reporter@homes.example") -> BeautifulSoup:
    mail = browser.mails(email)[-1]
    browser.get(browser.link(mail, "/r/"))
    return browser.submit("main form")


def only_dossier() -> Dossier:
    (dossier,) = db.session.scalars(db.select(Dossier)).all()
    return dossier
