"""Documents and photos with an answer: checked, rid of traces, shown, and served to who may see them."""

import io

import pypdfium2
import pytest
from flask import Flask
from PIL import Image

from portal.accounts.models import Role
from portal.composer import reading
from portal.dossiers import commands as dossiers
from portal.kernel import documents, storage
from portal.kernel.errors import Invalid
from tests.answers.making import Case, answers
from tests.browser import Browser
from tests.composer.making import AUTHOR, SAID, a_document, a_photo_file, files, sent
from tests.factories import a_person, an_issue
from tests.petitions.test_mirror import Handed

FORM, ATTACH, PREVIEW = "form.compose", "#composer-files button[formenctype]", "button.preview"


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


@pytest.fixture
def desk(browser: Browser, case: Case) -> Browser:
    browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}?kind=done")
    return browser


def test_a_photo_of_the_finished_work_from_the_desk_to_the_neighbours(desk: Browser, case: Case) -> None:
    assert "photo of it" in desk.seen.select_one("#file-hint").text
    desk.submit(FORM, press=ATTACH, file=a_photo_file(), **SAID)
    assert desk.seen.select_one("#text").text.strip() == "Our words.", "what was typed is kept with it"
    desk.submit(FORM, press=ATTACH, file=sent(a_document(), "drawing_of-bins.pdf"))
    names = [field["value"] for field in desk.seen.select("#composer-files input[type=text]")]
    assert names == ["new bins", "drawing of bins"]
    photo, document = [file.large for file in files()]
    small = files()[0].small
    visitor = Browser(desk.app)
    visitor.get(f"/d/{case.dossier.ref}/files/{document}")
    assert visitor.status == 404, "nobody else sees what is not sent yet"
    desk.submit(FORM, press=PREVIEW, **{f"name-{photo}": "Eleven new bins"})
    assert desk.seen.select_one("#answers-composer .thumbs img")["alt"] == "Eleven new bins"
    desk.submit("form.send")
    entry = answers(case.dossier)[0]
    assert [fact["key"] for fact in entry.data["files"]] == [photo, document]
    assert all(file.entry_id == entry.id for file in files())
    visitor.get(f"/d/{case.dossier.ref}")
    for place in ("article.panel", "li.entry"):
        assert visitor.seen.select_one(f"{place} .thumbs img")["src"].endswith(small)
        assert "drawing of bins (PDF" in visitor.seen.select(place)[-1].text
    assert_served(visitor, case, small, document)


def assert_served(visitor: Browser, case: Case, picture: str, document: str) -> None:
    visitor.get(f"/d/{case.dossier.ref}/files/{picture}")
    assert visitor.response is not None
    assert visitor.response.headers["Content-Type"] == "image/webp"
    visitor.get(f"/d/{case.dossier.ref}/files/{document}")
    headers = visitor.response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == f"attachment; filename={case.dossier.ref}-drawing-of-bins.pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    elsewhere = an_issue()
    for wrong in (f"/d/{elsewhere.ref}/files/{document}", f"/d/{case.dossier.ref}/files/{'0' * 64}.pdf"):
        visitor.get(wrong)
        assert visitor.status == 404
    dossiers.hide(a_person(Role.MODERATOR), case.dossier, reason="It names somebody.")
    visitor.get(f"/d/{case.dossier.ref}/files/{document}")
    assert visitor.status == 404


def test_a_name_that_is_changed_and_one_taken_away(desk: Browser, case: Case) -> None:
    desk.submit(FORM, press=ATTACH, file=a_photo_file())
    desk.submit(FORM, press=ATTACH, file=sent(a_document(), "b.pdf"))
    photo, document = files()
    desk.submit(FORM, press="button[name=remove]", **{f"name-{document.large}": "The drawing"})
    assert [(file.large, file.name) for file in files()] == [(document.large, "The drawing")]
    desk.submit(FORM, press=PREVIEW, **SAID)
    assert "The drawing (PDF" in desk.seen.select_one("#answers-composer").text
    assert not desk.seen.select("#answers-composer .thumbs")


def test_a_document_says_nothing_of_its_maker() -> None:
    content = a_document("What stands on the page.")
    assert AUTHOR in str(pypdfium2.PdfDocument(content).get_metadata_dict())
    clean = documents.anew(content, 10)
    opened = pypdfium2.PdfDocument(clean)
    assert AUTHOR not in str(opened.get_metadata_dict())
    assert AUTHOR.encode() not in clean
    assert "What stands on the page." in opened[0].get_textpage().get_text_range()


def test_a_photo_says_nothing_of_its_camera(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "JPEG", exif=exif)
    assert b"A camera" in file.getvalue()
    kept = reading.keep(file.getvalue(), "x.jpg")
    assert b"A camera" not in storage.get(kept.large)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ and the rest of a program", reading.NOT_A_FILE),
        (b"<html><script>alert(1)</script>", reading.NOT_A_FILE),
        (b"%PDF-1.7 and nothing behind it", reading.PDF_BROKEN),
        (b"%PDF-" + b"0" * reading.MOST_BYTES, reading.TOO_HEAVY),
        (b"\xff\xd8\xff and nothing behind it", "photo_broken"),
    ],
)
def test_what_is_refused(app: Flask, content: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        reading.keep(content, "answer.pdf")


def test_a_refused_file_loses_nothing_that_was_typed(desk: Browser, case: Case) -> None:
    desk.submit(FORM, press=ATTACH, file=sent(b"a program", "drawing.pdf"), **SAID)
    assert desk.status == 422
    assert "no PDF and no photo" in desk.seen.select_one("#file-error").text
    assert desk.seen.select_one("#text").text.strip() == "Our words."
    for number in range(6):
        desk.get(f"/staff/{case.dossier.ref}")
        if desk.seen.select_one(ATTACH):
            desk.submit(FORM, press=ATTACH, file=sent(a_document(f"Page {number}"), "page.pdf"))
    assert len(files()) == 5
    assert "no room" in desk.seen.select_one("#composer-files").text


def test_the_dossiers_that_joined_show_them_too(app: Flask) -> None:
    handed = Handed()
    handed.hand_over()
    browser = Browser(app).signs_in(handed.official)
    browser.get(f"/staff/{handed.petition.ref}?kind=done")
    browser.submit(FORM, press=ATTACH, file=sent(a_document(), "letter.pdf"), **SAID)
    browser.submit(FORM, press=PREVIEW)
    browser.submit("form.send")
    key = files()[0].large
    visitor = Browser(app)
    for dossier in (handed.petition, *handed.joined):
        assert f"/d/{dossier.ref}/files/{key}" in str(visitor.get(f"/d/{dossier.ref}"))
        visitor.get(f"/d/{dossier.ref}/files/{key}")
        assert visitor.status == 200
    visitor.get(f"/d/{handed.apart.ref}/files/{key}")
    assert visitor.status == 404
