"""Signature sheets: ordered on a page, made by the worker, each with a code of its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Person, Role
from portal.dossiers.models import Dossier, State
from portal.kernel import clock, jobs, storage
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.printing import commands, tasks
from portal.printing.drawing import sheets as drawing
from portal.printing.models import PrintJob
from portal.sheets.models import Sheet
from portal.sheets.texts import address
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_organisation
from tests.printing.paper import Print
from tests.printing.test_pieces import MARGIN, SENTENCE, TITLES, asked_of

BEFORE_FORM = "#printing-chosen form"


@pytest.fixture
def organiser(app: Flask) -> Person:
    return a_person(Role.ORGANISER, of=an_organisation("platform", name="Buurtplatform K-buurt"))


@pytest.fixture
def petition(organiser: Person) -> Dossier:
    return a_petition(organisation=organiser.organisations(Role.ORGANISER)[0], opener=organiser)


def ordered(browser: Browser, ref: str | None, **values: Any) -> None:
    """Fill in the form; `press` would be the only button."""
    browser.get(f"/d/{ref}/print?piece=sheets&language=en")
    browser.submit(BEFORE_FORM, **values)


def fetched(browser: Browser) -> Print:
    """Once it is ready: the file."""
    link = browser.seen.select_one("#printing-progress a.lamp")
    assert link is not None, browser.seen.text
    browser.get(str(link["href"]))
    assert browser.response is not None
    return Print(browser.response.data)


def test_a_sheet_for_each_stairwell_has_a_code_of_its_own(
    either_browser: Browser, organiser: Person, petition: Dossier
) -> None:
    browser = either_browser.signs_in(organiser)
    ordered(browser, petition.ref, buildings=["Kempering", "Kruitberg"], stairwells="1, 2 ,", copies="2")
    assert "0 of 8" in browser.seen.text
    waiting = browser.url
    browser.mails()
    browser.get(waiting, target="section#printing-progress")
    found = fetched(browser)
    assert browser.headers["Content-Disposition"].endswith(f'"{petition.ref}-sheets-en.pdf"')
    made = db.session.scalars(db.select(Sheet).order_by(Sheet.id)).all()
    assert (found.pages, len(made)) == (8, 8)
    for number, sheet in enumerate(made):
        assert found.codes(number) == found.codes(number, grey=True) == [address(sheet)]
        text = found.text(number)
        assert f"{sheet.building}, stairwell {sheet.stairwell}" in text
        for words in (sheet.code, petition.title, "Buurtplatform K-buurt keeps this sheet", "Page 1 of 1"):
            assert words in text
    assert found.code_side() >= 30
    found.close()


def test_lines_are_numbered_and_high_enough_to_write_in(
    browser: Browser, organiser: Person, petition: Dossier
) -> None:
    ordered(browser.signs_in(organiser), petition.ref, rows="40")
    waiting = browser.url
    browser.mails()
    browser.get(waiting)
    found = fetched(browser)
    assert found.pages == 2
    assert "Page 2 of 2" in found.text(1)
    numbers = [number for page in range(2) for number in _numbers(found, page)]
    assert [int(number) for number, _ in numbers] == list(range(1, 41))
    first = [top for _, top in _numbers(found, 0)]
    assert min(later - before for before, later in zip(first, first[1:], strict=False)) >= 8.4
    assert found.codes(0) == found.codes(1)
    assert not found.letters_outside(MARGIN)
    found.close()


def _numbers(found: Print, page: int) -> Iterator[tuple[str, float]]:
    """The numbers of the lines, and how far down each stands."""
    column = [
        (letter, box)
        for letter, box in found.boxes(page)
        if drawing.EDGE < box[0] < drawing.EDGE + drawing.COLUMNS["number"] and letter.isdigit()
    ]
    top, bottom = drawing.EDGE + drawing.TITLE + drawing.CODE, drawing.HIGH - 30
    lines: list[tuple[str, float]] = []
    for letter, box in column:
        if not top < box[3] < bottom:
            continue
        if lines and abs(lines[-1][1] - box[3]) < 2:
            lines[-1] = (lines[-1][0] + letter, lines[-1][1])
        else:
            lines.append((letter, box[3]))
    yield from lines


@pytest.mark.once
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("number", [0, 3, 10])
def test_the_head_of_a_sheet_fits(app: Flask, browser: Browser, title: str, number: int) -> None:
    asked = asked_of(TITLES[title], tuple(f"{n}: {SENTENCE * 4}"[:300] for n in range(number)))
    ordered(browser.signs_in(asked.opener), asked.ref, buildings=["Kempering"])
    waiting = browser.url
    browser.mails()
    browser.get(waiting)
    found = fetched(browser)
    assert found.pages == 1
    assert not found.letters_outside(MARGIN)
    assert not found.overlapping()
    assert all(embedded for _, embedded in found.fonts())
    found.close()


def test_two_hundred_sheets_show_how_far_they_are(
    app: Flask, browser: Browser, organiser: Person, petition: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody looks each time the worker says how far it is."""
    ordered(browser.signs_in(organiser), petition.ref, copies="200")
    waiting, seen = browser.url, []
    advance = commands.advance

    def and_look(actor: Any, job: PrintJob, *, done: int) -> None:
        advance(actor, job, done=done)
        page = browser.get(waiting)
        seen.append(str(page.select_one("progress")["value"]))  # type: ignore[index]

    monkeypatch.setattr(tasks.commands, "advance", and_look)
    jobs.work()
    assert [int(done) for done in seen] == list(range(10, 201, 10))
    browser.get(waiting)
    found = fetched(browser)
    assert found.pages == 200
    assert len({found.codes(page)[0] for page in range(0, 200, 40)}) == 5
    found.close()


def test_the_same_form_sent_twice_makes_the_sheets_once(
    app: Flask, browser: Browser, organiser: Person, petition: Dossier
) -> None:
    browser.signs_in(organiser).get(f"/d/{petition.ref}/print?piece=sheets&language=nl")
    form = browser.seen
    browser.submit(BEFORE_FORM, copies="3")
    first, browser.seen, browser.url = browser.url, form, f"/d/{petition.ref}/print"
    browser.submit(BEFORE_FORM, copies="3")
    assert browser.url == first
    assert db.session.scalar(db.select(db.func.count()).select_from(Sheet)) == 3


def test_made_twice_it_is_the_same_file(
    app: Flask, browser: Browser, organiser: Person, petition: Dossier
) -> None:
    ordered(browser.signs_in(organiser), petition.ref, copies="2")
    browser.mails()
    job = db.session.scalars(db.select(PrintJob)).one()
    first = job.key
    job.key, job.state = None, "waiting"
    db.session.commit()
    tasks.make(job_id=0, print_id=job.id)
    assert job.key == first
    tasks.make(job_id=0, print_id=job.id)
    tasks.make(job_id=0, print_id=job.id + 1)


@pytest.mark.parametrize(
    "wrong",
    [{"copies": "0"}, {"copies": ""}, {"copies": "many"}, {"copies": "201"}, {"stairwells": "x" * 41}],
)
def test_what_cannot_be_made_is_said_beside_the_field(
    either_browser: Browser, organiser: Person, petition: Dossier, wrong: dict[str, str]
) -> None:
    ordered(either_browser.signs_in(organiser), petition.ref, **wrong)
    assert either_browser.status == 422
    assert either_browser.seen.select_one("#errors")
    assert not db.session.scalars(db.select(Sheet)).all()


def test_so_many_buildings_that_it_is_too_much(
    browser: Browser, organiser: Person, petition: Dossier
) -> None:
    ordered(browser.signs_in(organiser), petition.ref, buildings=["Kempering", "Kruitberg"], copies="101")
    assert browser.status == 422
    assert "At most 200 sheets at once" in browser.seen.text


def test_after_a_day_the_file_is_gone(
    app: Flask, browser: Browser, organiser: Person, petition: Dossier
) -> None:
    ordered(browser.signs_in(organiser), petition.ref)
    waiting = browser.url
    browser.mails()
    key = str(db.session.scalars(db.select(PrintJob.key)).one())
    with clock.at(clock.now() + timedelta(hours=25)):
        browser.get(waiting)
        assert browser.status == 404
        tasks.purge(job_id=0)
    assert not db.session.scalars(db.select(PrintJob)).all()
    assert db.session.scalars(db.select(Sheet)).all()
    with pytest.raises(NotFound):
        storage.get(key)


def test_only_who_may_issue_sheets_makes_them(app: Flask, browser: Browser, petition: Dossier) -> None:
    for person in (a_person(), a_person(Role.CONTACT, of=petition.organisation), a_person(Role.OFFICIAL)):
        browser.signs_in(person).get(f"/d/{petition.ref}/print?piece=sheets")
        assert browser.seen.select_one("#printing-chosen h2").text == "Poster A4"  # type: ignore[union-attr]
        assert not browser.seen.select("[value=sheets]")
        browser.post(f"/d/{petition.ref}/print/sheets", {"copies": "1", "rows": "20", "language": "nl"})
        assert browser.status == 403
        for file in ("print.png", "print.pdf"):
            browser.get(f"/d/{petition.ref}/{file}?piece=sheets")
            assert browser.status == 404
    assert not db.session.scalars(db.select(Sheet)).all()


def test_who_ordered_it_and_nobody_else_fetches_it(
    app: Flask, browser: Browser, organiser: Person, petition: Dossier
) -> None:
    ordered(browser.signs_in(organiser), petition.ref)
    waiting = browser.url
    browser.get(f"{waiting}/sheets.pdf")
    assert browser.status == 404
    browser.mails()
    browser.get(f"/d/{petition.ref}/print?piece=sheets")
    assert browser.seen.select(f"a[href='{waiting}']")
    other = Browser(app).signs_in(a_person(Role.ORGANISER, of=petition.organisation))
    for url in (waiting, f"{waiting}/sheets.pdf"):
        other.get(url)
        assert other.status == 403


def test_the_page_of_a_dossier_leads_to_its_kit(
    app: Flask, either_browser: Browser, organiser: Person, petition: Dossier
) -> None:
    browser = either_browser
    browser.get(f"/d/{petition.ref}")
    assert not browser.seen.select("a[href*='piece=sheets']")
    browser.click("a[href$='/print']")
    assert browser.seen.select_one("#printing-chosen .proof img")
    browser.submit("main form", press="noscript button", piece="door-card", language="nl")
    assert browser.seen.select_one("#printing-chosen h2").text == "Door card"  # type: ignore[union-attr]
    assert browser.seen.select_one("#printing-chosen a.lamp")["href"].endswith("piece=door-card&language=nl")  # type: ignore[index,union-attr]
    browser.signs_in(organiser).get(f"/d/{petition.ref}")
    browser.click("a[href*='piece=sheets']")
    assert browser.seen.select_one(BEFORE_FORM)


def test_what_is_not_public_is_not_printed(app: Flask, browser: Browser, organiser: Person) -> None:
    own = organiser.organisations(Role.ORGANISER)[0]
    draft = a_petition(state=State.DRAFT, organisation=own, opener=organiser)
    browser.signs_in(organiser).get(f"/d/{draft.ref}")
    assert not browser.seen.select("a[href$='/print']")
    for path, status in (("print", 403), ("print.pdf", 403), ("print.png", 404)):
        browser.get(f"/d/{draft.ref}/{path}")
        assert browser.status == status
