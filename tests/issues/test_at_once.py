"""A report in one form, as a device sends it that had no network: the same checks, and once is once."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.dossiers.models import Attachment, Dossier
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person
from tests.issues.reporting import a_photo

DATA = {"Accept": "application/json"}


def given(**other: Any) -> dict[str, Any]:
    known = {"title": "De bank is stuk", "body": "Een plank is los.", "place": "bij de lift", "kind": "issue"}
    known |= {"neighbourhood": "K", "name": "Een buur", "email": "bank@homes.example", "once": "key-1"}
    return known | other


def photos(number: int = 1) -> list[FileStorage]:
    return [FileStorage(io.BytesIO(a_photo(size=(400 + n, 300))), filename=f"{n}.jpg") for n in range(number)]


def reports() -> list[Dossier]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Dossier)))


def said(browser: Browser) -> dict[str, Any]:
    assert browser.response is not None
    return dict(browser.response.json or {})


def test_a_page_without_script_sends_it_like_any_form(browser: Browser) -> None:
    browser.get("/report/offline")
    browser.submit(**{name: value for name, value in given().items() if name != "once"})
    assert browser.url == "/report/thanks"
    assert [made.title for made in reports()] == ["De bank is stuk"]


def test_a_device_hears_where_it_led_and_a_second_time_the_same(browser: Browser) -> None:
    for _ in range(2):
        browser.post("/report/at-once", given(photo=photos(2)), headers=DATA)
        assert browser.status == 200
        assert said(browser)["url"] == "/report/thanks"
    [made] = reports()
    assert made.category_slug
    assert made.place_name == "bij de lift"
    assert len(db.session.scalars(db.select(Attachment).filter_by(dossier_id=made.id)).all()) == 2
    assert len(browser.mails("bank@homes.example")) == 1


def test_signed_in_it_is_there_at_once_and_needs_no_address(browser: Browser) -> None:
    browser.signs_in(a_person()).post("/report/at-once", given(lat="52.31703", lon="4.97912"), headers=DATA)
    [made] = reports()
    assert said(browser)["url"] == f"/d/{made.ref}"
    assert (made.neighbourhood_code, made.state) == ("TG03", "open")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"title": " "}, "title"),
    ({"email": "no address"}, "email"),
    ({"name": ""}, "name"),
    ({"place": ""}, "place"),
    ({"lat": "0", "lon": "0"}, "place"),
    ({"title": "x" * 101}, "title"),
    ({"kind": "petition"}, "kind"),
    ({"title": "Er is brand", "body": "Het huis staat in brand, help."}, "misread"),
]


@pytest.mark.parametrize(("wrong", "field"), REFUSED)
def test_what_the_steps_refuse_is_refused_and_says_where(
    browser: Browser, wrong: dict[str, Any], field: str
) -> None:
    browser.post("/report/at-once", given(**wrong), headers=DATA)
    assert browser.status == 422
    assert [error["field"] for error in said(browser)["errors"]] == [field]
    assert all(error["said"] for error in said(browser)["errors"])
    assert not reports()


def test_a_file_that_is_no_photo_is_refused_and_what_is_mended_goes_through_once(browser: Browser) -> None:
    bad = FileStorage(io.BytesIO(b"no photo"), filename="a.jpg")
    browser.post("/report/at-once", given(photo=[*photos(), bad]), headers=DATA)
    assert browser.status == 422
    browser.post("/report/at-once", given(photo=photos(), email="no address"), headers=DATA)
    assert browser.status == 422
    browser.post("/report/at-once", given(photo=photos()), headers=DATA)
    assert browser.status == 200
    [made] = reports()
    assert len(made.attachments) == 1


def test_words_that_were_misread_go_through(browser: Browser) -> None:
    browser.post("/report/at-once", given(title="Er is brand", misread="y"), headers=DATA)
    assert [made.title for made in reports()] == ["Er is brand"]


def test_without_a_proof_that_it_comes_from_us_it_is_refused_in_words(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = Browser(app)
    browser.post("/report/at-once", given(), headers=DATA)
    assert browser.status == 400
    assert said(browser)["errors"][0]["said"]
    browser.get("/token")
    browser.post("/report/at-once", given(csrf_token=said(browser)["token"]), headers=DATA)
    assert browser.status == 200
