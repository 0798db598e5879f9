"""Reporting, through the front door: with and without an account, forwards, backwards and twice."""

import pytest
from flask import Flask

from portal.dossiers.models import Attachment, Dossier, Kind, Movement, Signature, SignatureState, State
from portal.dossiers.queries import supporters_of
from portal.dossiers.timeline import Entry, first_broken
from portal.issues.models import Draft
from portal.kernel import storage
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.similar import commands as index
from portal.similar.models import Label
from tests.browser import Browser
from tests.factories import a_person, an_issue
from tests.issues.reporting import (
    WHAT,
    add_photo,
    choose_place,
    confirm,
    find_place,
    only_dossier,
    send,
    tell_what,
    to_the_last_step,
    upload,
)


def verbs(dossier: Dossier) -> list[str]:
    wanted = db.select(Entry.verb).filter_by(dossier_id=dossier.id).order_by(Entry.seq)
    return list(db.session.scalars(wanted))


def moves(dossier: Dossier) -> list[tuple[str, int]]:
    wanted = db.select(Movement.verb, Movement.delta).filter_by(dossier_id=dossier.id)
    return [(verb, delta) for verb, delta in db.session.execute(wanted.order_by(Movement.id))]


def test_a_stranger_reports_and_confirms_by_mail(either_browser: Browser) -> None:
    browser = either_browser
    to_the_last_step(browser)
    assert (
        "Metrostation" in browser.seen.select_one("dl").text or "Metro" in browser.seen.select_one("dl").text
    )
    send(browser)
    assert browser.url == "/report/thanks"
    dossier = only_dossier()
    assert (dossier.state, dossier.kind, dossier.title) == (State.UNCONFIRMED, Kind.ISSUE, WHAT["title"])
    assert dossier.neighbourhood_code == "TG03"
    assert dossier.lat is not None
    assert WHAT["title"] not in browser.get(f"/d/{dossier.ref}").text  # nobody sees it yet
    assert WHAT["title"] not in browser.get("/dossiers").text
    (mail,) = browser.mails("reporter@homes.example")
    browser.get(browser.link(mail, "/r/"))
    assert only_dossier().state == State.UNCONFIRMED  # a mail scanner opens the page, too
    browser.submit("main form")
    assert (browser.status, browser.url) == (200, f"/d/{dossier.ref}")
    assert dossier.state == State.OPEN
    (signature,) = db.session.scalars(db.select(Signature))
    assert signature.state == SignatureState.CONFIRMED
    assert (signature.name, signature.shown, signature.joins_bundle) == ("Sam Example", False, False)
    assert supporters_of([dossier.id]) == {dossier.id: 1}
    assert verbs(dossier) == ["opened", "confirmed_report"]
    assert moves(dossier) == [("confirmed", 1)]
    assert first_broken(dossier) is None
    assert "Sam Example" not in browser.seen.text


def test_a_neighbour_who_is_signed_in_needs_no_mail(either_browser: Browser) -> None:
    person = a_person(name="Jo Example")
    browser = either_browser.signs_in(person)
    to_the_last_step(browser, kind="plan", title="A garden by the station", category="overig-iets-anders")
    assert browser.seen.select_one("input[name=email]") is None
    browser.submit("main form", press="button.lamp", joins_bundle="y")
    dossier = only_dossier()
    assert (dossier.state, dossier.kind, dossier.opener_id) == (State.OPEN, Kind.PLAN, person.id)
    (signature,) = db.session.scalars(db.select(Signature))
    assert (signature.state, signature.joins_bundle, signature.shown) == ("confirmed", True, False)
    assert browser.mails() == []
    browser.click("main a.button.lamp")
    assert browser.url == f"/d/{dossier.ref}"


def test_the_photo_goes_along_and_the_draft_goes(browser: Browser, app: Flask) -> None:
    to_the_last_step(browser, photo=upload())
    send(browser)
    picture = db.session.scalars(db.select(Attachment)).one()
    assert picture.dossier_id == only_dossier().id
    assert picture.alt == WHAT["title"]
    assert storage.get(picture.large)[8:12] == b"WEBP"
    assert db.session.scalars(db.select(Draft)).all() == []


def test_a_second_tap_confirms_nothing_twice(browser: Browser) -> None:
    to_the_last_step(browser)
    send(browser)
    link = browser.link(browser.mails("reporter@homes.example")[0], "/r/")
    browser.get(link)
    once = browser.seen.select_one("main input[name=once]")["value"]
    for _ in range(2):
        browser.post(link, {"once": once})
    browser.post(link, {"once": "another tab"})
    assert verbs(only_dossier()).count("confirmed_report") == 1
    assert "lamp" in str(browser.get(link).select_one("main a.button"))


def test_a_double_submit_gives_one_dossier(browser: Browser) -> None:
    to_the_last_step(browser)
    form = {"name": "Sam Example", "email": "twice@homes.example"}
    form["once"] = str(browser.seen.select_one("main input[name=once]")["value"])
    cookie = browser.client.get_cookie("rotonde").value
    for _ in range(2):
        browser.client.set_cookie("rotonde", cookie)  # the browser sent both before the first was answered
        browser.post("/report/send", form)
        assert browser.url == "/report/thanks"
    assert only_dossier().title == WHAT["title"]
    assert len(browser.mails("twice@homes.example")) == 1


def test_a_first_step_sent_twice_writes_one_draft(browser: Browser) -> None:
    browser.get("/report/photo")
    cookie = browser.client.get_cookie("rotonde").value
    for _ in range(2):
        browser.client.set_cookie("rotonde", cookie)
        browser.post("/report/photo", {"photo": upload()})
    assert len(db.session.scalars(db.select(Draft)).all()) == 1
    assert len(db.session.scalars(db.select(Attachment)).all()) == 1


@pytest.mark.parametrize("step", ["what", "send"])
def test_a_later_step_leads_to_the_first_that_is_missing(browser: Browser, step: str) -> None:
    browser.get(f"/report/{step}")
    assert browser.url == "/report/where"
    browser.post(f"/report/{step}", {"name": "x", "email": "x@homes.example", "once": "unknown"})
    assert browser.url == "/report/where"
    choose_place(browser)
    browser.get("/report/send")
    assert browser.url == "/report/what"


def test_without_a_photo_one_button_goes_on(either_browser: Browser) -> None:
    browser = either_browser
    browser.get("/report")
    assert browser.status == 200
    browser.submit("main form", press="button[name=skip]")
    assert browser.url == "/report/where"


def test_going_back_shows_what_was_filled_in(browser: Browser) -> None:
    to_the_last_step(browser, photo=upload())
    browser.get("/report/photo")
    assert browser.seen.select_one(".photos img") is not None
    browser.submit("main form", press="button.lamp")
    assert browser.seen.select_one("input[value=here]").has_attr("checked")
    browser.submit("main form", press="button.lamp")
    assert browser.seen.select_one("input[name=title]")["value"] == WHAT["title"]
    assert browser.seen.select_one("textarea").text.strip() == WHAT["body"]
    assert browser.seen.select_one("input[name=likely][checked]")["value"] == WHAT["category"]
    browser.submit("main form", press="button.lamp", title="Another title")
    assert browser.url == "/report/send"
    assert "Another title" in browser.seen.text


def test_nothing_typed_is_lost_on_an_error(either_browser: Browser) -> None:
    browser = either_browser
    choose_place(browser)
    tell_what(browser, title="", body="x" * 3001)
    assert browser.status == 422
    assert len(browser.seen.select("#errors li")) == 2
    assert len(browser.seen.select_one("textarea").text.strip()) == 3001
    browser.get("/report/send")
    assert browser.url == "/report/what"  # what is kept is not right yet
    assert len(browser.seen.select_one("textarea").text.strip()) == 3001
    browser.submit("main form", press="button.lamp", title="Now it has one", body="shorter")
    assert browser.url == "/report/send"


def test_3000_characters_and_all_of_them_arrive(browser: Browser) -> None:
    body = "é😀\r\n" * 750
    to_the_last_step(browser, body=body)
    send(browser)
    assert only_dossier().body == body.replace("\r\n", "\n").strip()


def test_a_bad_photo_keeps_the_earlier_photo(browser: Browser) -> None:
    add_photo(browser)
    add_photo(browser, upload(b"<svg onload=alert(1)>", "photo.jpg"))
    assert browser.status == 422
    assert "JPEG" in browser.seen.select_one("#photo-error").text
    assert browser.seen.select_one(".photos img") is not None


def test_a_photo_can_be_left_out_again(browser: Browser) -> None:
    add_photo(browser)
    browser.get("/report/photo")
    browser.submit("main form", press="button[value^=remove]")
    assert db.session.scalars(db.select(Attachment)).all() == []
    browser.get("/report/photo")
    assert browser.seen.select_one(".photos img") is None


def test_a_file_over_the_limit_is_told_in_a_sentence(browser: Browser, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    add_photo(browser, upload(b"\xff\xd8\xff" + bytes(200_000)))
    assert browser.status == 413
    assert "15 MB" in browser.seen.select_one("main").text


@pytest.mark.parametrize("email", ["nobody", "a b@homes.example", "x@", "@homes.example"])
def test_an_impossible_address_is_told_beside_its_field(browser: Browser, email: str) -> None:
    to_the_last_step(browser)
    send(browser, email=email)
    assert browser.status == 422
    assert browser.seen.select_one("#email-error") is not None
    assert browser.seen.select_one("input[name=name]")["value"] == "Sam Example"
    assert db.session.scalars(db.select(Dossier)).all() == []


def test_a_strangers_mailbox_is_not_filled(browser: Browser) -> None:
    for number in range(6):
        to_the_last_step(browser, title=f"Report {number}")
        send(browser, email="victim@homes.example")
    assert browser.status == 422
    assert browser.seen.select_one("#email-error") is not None
    assert len(browser.mails("victim@homes.example")) == 5


def test_a_draft_is_not_shown_to_who_signs_in_after_its_writer(browser: Browser, app: Flask) -> None:
    browser.signs_in(a_person())
    find_place(browser, "Private until it is sent")
    browser.signs_in(a_person())
    assert "Private" not in browser.get("/report/where").text
    find_place(browser, "Mine")
    places = {draft.values["place"] for draft in db.session.scalars(db.select(Draft))}
    assert places == {"Private until it is sent", "Mine"}


def test_a_draft_that_was_begun_goes_on_after_signing_in(browser: Browser) -> None:
    to_the_last_step(browser)
    browser.signs_in(a_person())
    assert browser.get("/report/what").select_one("input[name=title]")["value"] == WHAT["title"]


def test_similar_ones_are_shown_with_the_reason_before_it_is_sent(either_browser: Browser) -> None:
    browser = either_browser
    near = an_issue(title="Lamp broken too", lat=52.3171, lon=4.9800, category_slug=WHAT["category"])
    an_issue(title="Lamp broken far away", lat=52.3300, lon=4.9800, category_slug=WHAT["category"])
    an_issue(title="Hidden in a drawer", body="", lat=52.3171, lon=4.9800)
    to_the_last_step(browser)
    assert browser.url == "/report/send"
    shown = browser.seen.select("ul.lines li")
    assert [near.ref in li.text for li in shown] == [True]
    assert " m " in shown[0].select_one(".soft").text
    assert [button["name"] for button in shown[0].select("button")] == ["me_too", "belongs", "different"]


def test_what_somebody_calls_different_is_not_shown_again_and_kept_without_a_name(browser: Browser) -> None:
    near = an_issue(title="Lamp broken too", lat=52.3171, lon=4.9800, category_slug=WHAT["category"])
    to_the_last_step(browser)
    assert "today" not in browser.seen.select_one("ul.lines .soft").text
    browser.submit("main form", press="button[name=different]")
    assert browser.url == "/report/send"
    assert not browser.seen.select("#ties-similar li")
    browser.get("/report/what")
    assert not browser.seen.select("#ties-similar li")
    browser.get("/report/send")
    send(browser)
    made = next(d for d in db.session.scalars(db.select(Dossier)) if d.id != near.id)
    label = db.session.scalars(db.select(Label)).one()
    assert (label.dossier_id, label.other_id, label.same) == (made.id, near.id, False)


def test_in_the_same_building_is_nearby_too(browser: Browser) -> None:
    here = {"lat": None, "lon": None, "place_name": "Kikkenstein", "neighbourhood_code": "TG02"}
    near = an_issue(title="Lamp in the hall", category_slug=WHAT["category"], **here)
    an_issue(title="Lamp elsewhere", **here | {"place_name": "Kruitberg"})
    index.count(SYSTEM, None)
    browser.get("/report/where")
    browser.submit("main form", press="button.lamp", building="Kikkenstein")
    tell_what(browser)
    shown = browser.seen.select("ul.lines li")
    assert [near.ref in li.text for li in shown] == [True]
    assert "on the same spot" in shown[0].text


def test_a_known_address_reports_without_acting_for_an_organisation(browser: Browser) -> None:
    organiser = a_person("organiser", email="organiser@homes.example")
    to_the_last_step(browser)
    send(browser, email="Organiser@homes.example")
    dossier = only_dossier()
    assert dossier.opener_id == organiser.id
    assert all(e.organisation_id is None for e in db.session.scalars(db.select(Entry)))
    confirm(browser, "organiser@homes.example")
    assert dossier.state == State.OPEN


def test_a_ticket_for_nothing_opens_nothing(browser: Browser) -> None:
    browser.get("/r/made-up")
    assert browser.status == 404


def test_thanks_without_a_report_leads_to_the_start(browser: Browser) -> None:
    browser.get("/report/thanks")
    assert browser.url == "/report"
    browser.post("/report/thanks")
    assert browser.status == 405
