"""Faces and number plates: what is covered is gone from every size, and from the disk."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageChops, ImageStat

from portal.dossiers import pictures
from portal.dossiers.pictures import Box
from portal.kernel import clock, jobs, storage
from portal.kernel.commands import transaction
from portal.kernel.db import db


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("files")
    app.config["DATA_DIR"] = str(tmp_path)
    with app.app_context():
        yield app


def noisy(size: tuple[int, int] = (800, 600)) -> bytes:
    """A photo with fine detail everywhere."""
    file = io.BytesIO()
    Image.effect_noise(size, 120).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def pixels(key: object) -> Image.Image:
    return Image.open(io.BytesIO(storage.get(str(key)))).convert("L")


def detail(image: Image.Image) -> float:
    """How much neighbouring pixels differ."""
    return float(ImageStat.Stat(ImageChops.difference(image, ImageChops.offset(image, 3, 0))).mean[0])


def test_detail_goes_from_the_box_in_every_file_and_stays_elsewhere(files: Flask) -> None:
    kept = pictures.keep(noisy())
    covered = pictures.cover(kept, [Box(250, 250, 500, 500)])
    assert set(covered) == {*kept.FILES, "width", "height", "small_width", "small_height"}
    for name in kept.FILES:
        image = pixels(covered[name])
        inside = image.crop([round(side * part) for part in (0.28, 0.72) for side in image.size][:4])
        outside = image.crop((0, 0, image.width, image.height // 5))
        assert detail(inside) < 3 < 12 < detail(outside), name


def test_a_box_over_an_edge_of_colours_leaves_no_edge(files: Flask) -> None:
    """A plate: black letters on yellow. What is left says only that something dark and yellow was there."""
    plate = Image.new("RGB", (1000, 1000), (250, 200, 0))
    for left in range(400, 600, 20):
        plate.paste((0, 0, 0), (left, 480, left + 10, 520))
    file = io.BytesIO()
    plate.save(file, "PNG")
    covered = pictures.cover(pictures.keep(file.getvalue()), [Box(390, 470, 220, 60)])
    row = pixels(covered["large"]).crop((400, 500, 600, 501))
    darkest, lightest = row.getextrema()
    assert lightest - darkest < 40


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("0,0,167,250", Box(0, 0, 167, 250)),
        ("900,950,500,500", Box(900, 950, 100, 50)),
        ("1000,0,10,10", None),
        ("0,0,0,10", None),
        ("1,2,3", None),
        ("-1,0,10,10", None),
        ("a,b,c,d", None),
        ("1,2,3,99999", None),
        ("", None),
    ],
)
def test_a_box_is_read_from_the_form_or_is_none(text: str, box: Box | None) -> None:
    assert Box.of(text) == box


def test_the_files_that_show_it_go_within_minutes(app: Flask) -> None:
    with transaction():
        kept = pictures.keep(noisy())
        db.session.add(kept)
    before = kept.keys
    with transaction():
        pictures.replace(kept, pictures.cover(kept, [Box(0, 0, 500, 500)]))
    assert not set(before) & set(kept.keys)
    with clock.at(clock.now() + timedelta(minutes=2)):
        jobs.work()
    assert not any(storage.since(key) for key in before)
    assert all(storage.since(key) for key in kept.keys)
