"""The photos of a report, through the front door: added, described, ordered, covered, removed, refused."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from portal.accounts.commands import erase
from portal.dossiers.models import Attachment
from portal.issues.models import Draft
from portal.kernel import clock, jobs, storage
from portal.kernel.db import db
from tests.browser import Browser
from tests.dossiers.test_telling import KRAAIENNEST, noted
from tests.factories import a_person
from tests.issues.reporting import a_photo, add_photo, only_dossier, send, to_the_last_step, upload

FUZZ = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "fuzz" / "images"
needs_fuzz = pytest.mark.skipif(not FUZZ.exists(), reason="shared/data/fuzz is not beside the checkout")
OFFERED = ("photo_lat", "photo_lon", "photo_taken")


def shade(number: int) -> tuple[io.BytesIO, str]:
    """A photo that is not the same as another one."""
    file = io.BytesIO()
    Image.new("RGB", (320, 240), (40 * number, 90, 90)).save(file, "PNG")
    return io.BytesIO(file.getvalue()), f"photo {number}.png"


def draft() -> Draft:
    return db.session.scalars(db.select(Draft)).one()


def offered() -> tuple[object, ...]:
    return tuple(draft().values.get(name) for name in OFFERED)


def photos() -> list[Attachment]:
    order = (Attachment.position, Attachment.id)
    return list(db.session.scalars(db.select(Attachment).order_by(*order)))


def press(browser: Browser, act: str, photo: Attachment, **more: object) -> None:
    browser.get("/report/photo")
    browser.submit("main form", press=f"button[value={act}-{photo.id}]", **more)


def test_several_at_once_and_one_more(browser: Browser) -> None:
    add_photo(browser, [shade(1), shade(2), shade(3)])
    assert (browser.status, browser.url) == (200, "/report/photo")
    add_photo(browser, shade(4))
    assert len(browser.seen.select(".photos li")) == 4
    assert all(image["width"] and image["height"] for image in browser.seen.select(".photos img"))
    assert all(source["type"] == "image/avif" for source in browser.seen.select(".photos source"))
    browser.submit("main form", press="button.lamp")
    assert browser.url == "/report/where"


def test_a_sixth_is_refused_in_a_sentence_and_five_stay(browser: Browser) -> None:
    add_photo(browser, [shade(number) for number in range(6)])
    assert browser.status == 422
    assert "5 photos" in browser.seen.select_one("#photo-error").text
    assert "photo 5.png" in browser.seen.select_one("#photo-error").text
    assert len(photos()) == 5
    browser.get("/report/photo")
    assert browser.seen.select_one("input[type=file]") is None


def test_the_same_one_twice_is_there_once(browser: Browser) -> None:
    for _ in range(2):
        add_photo(browser)
    assert len(photos()) == 1


def test_each_refusal_names_its_file_and_the_good_ones_are_kept(browser: Browser) -> None:
    broken = (io.BytesIO(a_photo()[:300]), "half.jpg")
    add_photo(browser, [shade(1), broken, (io.BytesIO(b"<svg/>"), "<b>drawing</b>.svg"), shade(2)])
    assert browser.status == 422
    said = [error.text.strip() for error in browser.seen.select("#issues-photos .error")]
    assert [text.partition(":")[0] for text in said] == ["half.jpg", "<b>drawing</b>.svg"]
    assert len(photos()) == 2


@needs_fuzz
@pytest.mark.once
def test_no_file_made_to_break_it_breaks_the_step(browser: Browser) -> None:
    kept = 0
    for path in sorted(FUZZ.iterdir()):
        add_photo(browser, (io.BytesIO(path.read_bytes()), path.name))
        assert browser.status in {200, 422}, path.name
        refused = browser.status == 422
        assert bool(browser.seen.select("#photo-error")) is refused, path.name
        kept += not refused
        if not refused:
            press(browser, "remove", photos()[-1])
    assert kept > 20
    assert photos() == []


def test_what_is_said_of_them_is_kept_whatever_button_is_pressed(browser: Browser) -> None:
    add_photo(browser, [shade(1), shade(2)])
    first, second = photos()
    press(browser, "later", first, **{f"alt-{first.id}": " A dark  lamp ", f"alt-{second.id}": "x" * 500})
    assert [photo.id for photo in photos()] == [second.id, first.id]
    assert [photo.alt for photo in photos()] == ["x" * 200, "A dark lamp"]
    press(browser, "earlier", first)
    assert [photo.id for photo in photos()] == [first.id, second.id]
    press(browser, "remove", second)
    assert [photo.alt for photo in photos()] == ["A dark lamp"]


def test_place_and_time_of_the_first_that_knows_them_are_offered_and_stored_nowhere_else(
    browser: Browser,
) -> None:
    add_photo(browser, shade(1))
    assert offered() == (None, None, "")
    add_photo(browser, upload(noted(*KRAAIENNEST, "2026:11:20 18:40:05")))
    assert offered() == (*KRAAIENNEST, "2026-11-20T18:40:05")
    add_photo(browser, upload(noted(52.4, 4.9, size=(64, 64))))
    assert offered() == (*KRAAIENNEST, "2026-11-20T18:40:05")
    press(browser, "remove", photos()[1])
    assert offered() == (52.4, 4.9, "")
    press(browser, "remove", photos()[1])
    assert offered() == (None, None, "")


def test_what_the_device_read_counts_when_the_file_tells_nothing(browser: Browser) -> None:
    noted_by_device = {"photo_lat": "52.31703", "photo_lon": "4.97912", "photo_taken": "2026-11-20T18:40:05"}
    browser.get("/report/photo")
    browser.submit("main form", press="button.lamp", photo=upload(), **noted_by_device)
    assert offered() == (*KRAAIENNEST, "2026-11-20T18:40:05")


def test_a_place_that_was_not_accepted_is_not_in_the_report(browser: Browser) -> None:
    to_the_last_step(browser, photo=upload(noted(52.4, 4.9, "2026:11:20 18:40:05")))
    send(browser)
    dossier = only_dossier()
    assert (dossier.lat, dossier.lon) != (52.4, 4.9)
    assert "18:40:05" not in json.dumps(browser.get(f"/d/{dossier.ref}").text)


@needs_fuzz
def test_a_camera_photo_goes_in_without_a_trace_and_its_place_is_offered(browser: Browser) -> None:
    add_photo(browser, (FUZZ / "exif_DSCN0010.jpg").open("rb"))
    add_photo(browser, (FUZZ / "exif_IMG_5195.HEIC").open("rb"))
    assert offered() == (43.46745, 11.88513, "2008-10-22T16:28:39")
    keys = [key for photo in photos() for key in photo.keys]
    assert len(keys) == 8
    for key in keys:
        image = Image.open(io.BytesIO(storage.get(key)))
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        assert not any(word in storage.get(key) for word in (b"NIKON", b"iPhone", b"GPS", b"2008:10:22"))
        answer = browser.client.get(f"/photos/{key}")
        assert answer.mimetype == f"image/{key.rpartition('.')[2]}"
        assert answer.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize("size", [(800, 600), (300, 900), (1600, 100)])
def test_without_script_the_parts_of_a_photo_are_ticked(browser: Browser, size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.effect_noise(size, 120).save(file, "JPEG")
    add_photo(browser, upload(file.getvalue()))
    (photo,) = photos()
    before = photo.keys
    press(browser, "cover", photo)
    assert browser.url == f"/report/photos/{photo.id}"
    boxes = [str(cell["value"]) for cell in browser.seen.select(".cover-cells input")]
    edges = [[int(number) for number in box.split(",")] for box in boxes]
    assert len(boxes) % 6 == 0
    assert sum(width * height for _, _, width, height in edges) == 1_000_000  # all of it, and nothing twice
    browser.submit("main form", press="button.lamp", box=boxes[:2])
    assert browser.url == "/report/photo"
    db.session.refresh(photo)
    assert not set(before) & set(photo.keys)
    assert browser.client.get(f"/photos/{before[0]}").status_code == 404
    with clock.at(clock.now() + timedelta(minutes=2)):
        jobs.work()
    assert not any(storage.since(key) for key in before)


@pytest.mark.parametrize("box", [[], ["nonsense"], ["1,2,3"], ["2000,0,1,1"]])
def test_no_box_changes_nothing(browser: Browser, box: list[str]) -> None:
    add_photo(browser)
    (photo,) = photos()
    before = photo.keys
    browser.post(f"/report/photos/{photo.id}", {"box": box})
    assert browser.status == 200
    db.session.refresh(photo)
    assert photo.keys == before


def test_nobody_else_covers_moves_or_removes_it(browser: Browser, app: Flask) -> None:
    add_photo(browser)
    (photo,) = photos()
    before, stranger = photo.keys, Browser(app)
    for number in (photo.id, 99999, 2**40):
        stranger.get(f"/report/photos/{number}")
        assert stranger.status == 404
        stranger.post(f"/report/photos/{number}", {"box": "0,0,1000,1000"})
        assert stranger.status == 404
    add_photo(stranger, shade(1))
    stranger.post("/report/photo", {"act": f"remove-{photo.id}", f"alt-{photo.id}": "Not yours"})
    stranger.post("/report/photo", {"act": f"earlier-{'9' * 400}", f"alt-{'9' * 400}": "x"})
    db.session.refresh(photo)
    assert (photo.keys, photo.alt, len(photos())) == (before, "", 2)


def test_htmx_gets_the_list_alone(browser: Browser) -> None:
    browser.js = True
    browser.get("/report/photo")
    browser.post("/report/photo", {"photo": upload()}, target="div#issues-photos")
    assert browser.status == 200
    assert browser.seen.select_one("main") is None
    assert len(browser.seen.select("#issues-photos .photos li")) == 1
    browser.post("/report/photo", {"photo": upload(b"nothing")}, target="div#issues-photos")
    assert browser.status == 422
    assert browser.seen.select_one("#photo-error") is not None


def test_who_takes_their_data_along_finds_the_photos_and_who_is_erased_leaves_none(browser: Browser) -> None:
    person = a_person()
    browser.signs_in(person)
    add_photo(browser, [shade(1), shade(2)])
    keys = [key for photo in photos() for key in photo.keys]
    assert f"/photos/{keys[0]}" in browser.client.get("/me/data.json").text
    erase(person, person)
    with clock.at(clock.now() + timedelta(hours=2)):
        jobs.work()
    assert photos() == []
    assert not any(storage.since(key) for key in keys)


def test_a_report_that_nobody_saw_loses_its_photos_with_its_opener(browser: Browser) -> None:
    to_the_last_step(browser, photo=[shade(1), shade(2)])
    send(browser)
    keys = [key for photo in photos() for key in photo.keys]
    person = only_dossier().opener
    assert (person is not None, len(keys)) == (True, 8)
    erase(person, person)
    with clock.at(clock.now() + timedelta(hours=2)):
        jobs.work()
    assert photos() == []
    assert not any(storage.since(key) for key in keys)
