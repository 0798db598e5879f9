"""Photos in a real browser: made smaller on the device, sent one by one, tried again, covered by hand."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect

from portal.dossiers.models import Attachment
from portal.issues.models import Draft
from portal.kernel import storage
from portal.kernel.db import db
from tests.dossiers.test_telling import KRAAIENNEST, parts
from tests.live import LiveServer, Visit
from tests.processes import until

FUZZ = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "fuzz" / "images"
CAMERA = FUZZ / "exif_DSCN0010.jpg"
PATIENCE = 40_000
"""Milliseconds: several photos are drawn small, sent, and written in two ways, beside other tests."""
needs_fuzz = pytest.mark.skipif(not FUZZ.exists(), reason="shared/data/fuzz is not beside the checkout")


@pytest.fixture
def page(chromium: Chromium, live_server: LiveServer) -> Iterator[Page]:
    visit = Visit(chromium, live_server.url, js=True)
    visit.context.set_default_timeout(PATIENCE)
    yield visit.page
    visit.complaints = [said for said in visit.complaints if "ERR_FAILED" not in said]  # the cut network
    visit.end()


def camera(path: Path, size: tuple[int, int] = (3000, 2000), orientation: int = 1) -> Path:
    """A heavy photo, made at Kraaiennest."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Orientation] = "SecretCamera", orientation
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    for ref, value, letter, degrees in ((1, 2, "N", KRAAIENNEST[0]), (3, 4, "E", KRAAIENNEST[1])):
        gps[ref], gps[value] = letter, parts(degrees)
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 18:40:05"
    grains = Image.effect_noise((size[0] // 4, size[1] // 4), 90).convert("RGB")
    grains.resize(size, Image.Resampling.BICUBIC).save(path, "JPEG", exif=exif, quality=97)
    return path


def kept() -> list[Attachment]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Attachment).order_by(Attachment.position)))


def offered() -> tuple[object, ...]:
    db.session.rollback()
    values = db.session.scalars(db.select(Draft)).one().values
    return values["photo_lat"], values["photo_lon"], values["photo_taken"]


def bare(photo: Attachment) -> bool:
    files = [storage.get(key) for key in photo.keys]
    images = [Image.open(io.BytesIO(file)) for file in files]
    notes = [set(image.info) & {"exif", "xmp", "icc_profile", "comment"} for image in images]
    words = [word in file for file in files for word in (b"Secret", b"NIKON", b"2008:10:22", b"2026:11:20")]
    return len(files) == 4 and not any(notes) and not any(words)


@needs_fuzz
def test_a_photo_of_a_camera_goes_in_bare_and_its_place_is_offered(phone_page: Page) -> None:
    page = phone_page
    page.goto("/report")
    scripted = not page.evaluate("document.querySelector('[data-theme-switch]').hidden")
    page.set_input_files("#photo", CAMERA)
    page.click("main button.lamp")
    if not scripted:
        expect(page.locator(".photos img")).to_be_visible()
        page.click("main button.lamp")
    page.wait_for_url("**/report/where*")
    (photo,) = kept()
    assert bare(photo)
    assert offered() == (43.46745, 11.88513, "2008-10-22T16:28:39")


@pytest.mark.browser
def test_the_place_is_offered_also_when_the_device_made_it_smaller(page: Page, tmp_path: Path) -> None:
    file = camera(tmp_path / "heavy.jpg", (1800, 1200), orientation=6)
    sent: list[int] = []
    page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
    page.goto("/report")
    page.set_input_files("#photo", file)
    expect(page.locator(".photos li")).to_have_count(1, timeout=PATIENCE)
    (photo,) = kept()
    assert (photo.width, photo.height) == (1067, 1600)  # upright
    assert max(sent) < file.stat().st_size / 2
    assert bare(photo)
    assert offered() == (*KRAAIENNEST, "2026-11-20T18:40:05")
    page.click("main button.lamp")
    page.wait_for_url("**/report/where*")
    expect(page.locator("button[name=by_photo]")).to_be_visible()


@pytest.mark.browser
def test_a_photo_waits_for_the_network_and_what_was_typed_stays(page: Page, tmp_path: Path) -> None:
    first, second = camera(tmp_path / "1.jpg", (1200, 900)), camera(tmp_path / "2.jpg", (900, 1200))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    page.goto("/report")
    page.set_input_files("#photo", first)
    expect(page.locator(".photos li")).to_have_count(1, timeout=PATIENCE)
    page.fill(".photos textarea", "A lamp that is broken")

    def cut(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/report/photo", cut)
    page.set_input_files("#photo", [second, broken])
    expect(page.locator("[data-again]:visible")).to_have_count(2, timeout=PATIENCE)
    page.unroute("**/report/photo")
    page.locator("[data-again]").first.click()
    expect(page.locator(".photos li")).to_have_count(2, timeout=PATIENCE)
    page.locator("[data-again]").first.click()
    expect(page.locator(".sending li")).to_contain_text("broken.png")
    expect(page.locator(".sending li")).to_contain_text(
        "niet open", timeout=PATIENCE
    )  # a broken one is not worth a try
    expect(page.locator("[data-again]:visible")).to_have_count(0)
    page.locator("[data-leave]").click()
    expect(page.locator(".photos textarea").first).to_have_value("A lamp that is broken")
    page.click("main button.lamp")
    page.wait_for_url("**/report/where*")
    assert [photo.alt for photo in kept()] == ["A lamp that is broken", ""]


@pytest.mark.browser
def test_going_on_waits_for_photos_on_their_way(page: Page, tmp_path: Path) -> None:
    files = [camera(tmp_path / f"{n}.jpg", (1000 + n, 800)) for n in range(3)]
    page.goto("/report")
    page.set_input_files("#photo", files)
    page.click("main button.lamp")
    expect(page.locator("[data-wait]")).not_to_be_empty()
    page.wait_for_url("**/report/where*")
    assert len(kept()) == 3


def detail(image: Image.Image) -> float:
    return float(ImageStat.Stat(ImageChops.difference(image, ImageChops.offset(image, 3, 0))).mean[0])


@pytest.mark.browser
def test_a_face_is_covered_with_a_finger_with_the_keys_and_with_buttons(page: Page, tmp_path: Path) -> None:
    page.goto("/report")
    page.set_input_files("#photo", camera(tmp_path / "face.jpg", (1200, 900)))
    page.click("button[value^=cover]")
    page.wait_for_url("**/report/photos/*")
    area = page.locator(".cover-boxes")
    expect(area).to_be_visible()
    box = area.bounding_box()
    assert box is not None
    assert page.locator(".cover-cells").is_hidden()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.45 * box["height"], steps=4)
    page.mouse.up()
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    expect(page.locator(".cover-box")).to_have_count(2)
    page.keyboard.press("Tab")
    page.click("[data-tool=add]")
    expect(page.locator(".cover-box")).to_have_count(3)
    third = page.locator(".cover-box").nth(2)
    expect(third).to_be_focused()
    for key in ["ArrowDown"] * 12 + ["ArrowRight"] * 12 + ["Shift+ArrowRight"] * 4:
        third.press(key)
    page.click("[data-tool=wider]")
    expect(page.locator("input[type=hidden][name=box]").nth(2)).to_have_value("660,660,260,160")
    page.locator(".cover-box").nth(1).press("Delete")
    expect(page.locator(".cover-box")).to_have_count(2)
    before = kept()[0].keys
    page.click("main button.lamp")
    page.wait_for_url("**/report/photo*")
    until(lambda: kept()[0].keys != before, "the photo is covered")
    _covered(kept()[0], (0.15, 0.15, 0.4, 0.4), (0.68, 0.68, 0.9, 0.8))


def _covered(photo: Attachment, *parts_of_it: tuple[float, float, float, float]) -> None:
    """In every file there is nothing to see there, and there is elsewhere."""
    for key in photo.keys:
        image = Image.open(io.BytesIO(storage.get(key))).convert("L")
        sides = (image.width, image.height) * 2
        for part in parts_of_it:
            assert detail(image.crop([round(a * b) for a, b in zip(part, sides, strict=True)])) < 2, key
        assert detail(image.crop((0, round(image.height * 0.9), image.width, image.height))) > 5, key
