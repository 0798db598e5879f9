"""The paper itself: its photo, who sees it, and whether what was typed is what stands on it."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image

from portal.accounts.commands import erase
from portal.accounts.models import Person, Role
from portal.accounts.own_data import export
from portal.dossiers.commands import supporters
from portal.dossiers.journal import wrong
from portal.dossiers.models import Signature
from portal.kernel import clock, jobs, storage
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.sheets import commands, queries
from portal.sheets.models import Checked, Sheet, SheetRow, Typed
from portal.sheets.texts import compared
from tests.browser import Browser
from tests.factories import a_person, an_organisation
from tests.sheets.making import FLAT, Table, a_sheet, entered, states


@pytest.fixture
def table(app: Flask) -> Table:
    return Table()


def a_picture(colour: str = "white") -> io.BytesIO:
    file = io.BytesIO()
    image = Image.new("RGB", (1200, 1700), colour)
    exif = image.getexif()
    exif[0x010E] = "Written by a camera"
    image.save(file, "JPEG", exif=exif)
    return io.BytesIO(file.getvalue())


def photographed(browser: Browser, table: Table, colour: str = "white") -> Browser:
    browser.get(table.url)
    browser.click("aside a.button")
    browser.submit("main form", photo=(a_picture(colour), "sheet.jpg"))
    return browser


def lines(number: int, doubles: int = 0) -> list[Typed]:
    single = [Typed(f"Persoon Papier{n}", str(n), FLAT) for n in range(1, number - doubles + 1)]
    return single + single[:doubles]


# The photo


def test_a_photo_is_seen_by_the_organisation_and_by_moderators_only(table: Table, browser: Browser) -> None:
    photographed(browser.signs_in(table.one), table)
    assert browser.url == table.url
    picture = browser.seen.select_one("aside img")["src"]  # type: ignore[index]
    elsewhere = an_organisation("platform", neighbourhood_code="TM")
    seen = [table.one, table.other, a_person(Role.MODERATOR, of=elsewhere)]
    beside = a_person(Role.ORGANISER)  # of another platform of the same place: types, and did not go round
    refused = [a_person(), a_person(Role.ORGANISER, of=elsewhere), a_person(Role.CONTACT), beside]
    for person, status in [*((p, 200) for p in seen), *((p, 403) for p in refused)]:
        visitor = Browser(browser.app).signs_in(person)
        visitor.get(str(picture))
        assert visitor.status == status, person.name
        assert visitor.headers["Cache-Control"] == "private, no-store"
    nobody = Browser(browser.app)
    nobody.get(str(picture), follow_redirects=False)
    assert nobody.status == 303
    key = table.sheet.photo
    assert key
    nobody.get(f"/photos/{key}")
    assert nobody.status == 404
    assert b"Written by a camera" not in storage.get(key)


def test_whoever_types_it_for_another_organisation_sees_it(table: Table, browser: Browser) -> None:
    photographed(browser.signs_in(table.one), table)
    beside = a_person(Role.ORGANISER)
    commands.start(beside, table.sheet)
    visitor = Browser(browser.app).signs_in(beside)
    visitor.get(f"{table.url}/picture")
    assert visitor.status == 200


def test_names_are_read_by_those_who_may_see_the_paper(table: Table, browser: Browser) -> None:
    entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT))
    assert "Jan Jansen" in browser.signs_in(table.other).get(table.url).text
    beside = Browser(browser.app).signs_in(a_person(Role.ORGANISER))
    text = beside.get(table.url).text
    assert beside.status == 200
    assert "Jan Jansen" not in text
    assert beside.headers["Cache-Control"] == "private, no-store"


def test_what_is_no_photo_is_refused_in_words(table: Table, either_browser: Browser) -> None:
    browser = either_browser.signs_in(table.one)
    for content in (b"no photo", b""):
        browser.get(f"{table.url}/photo")
        browser.submit("main form", photo=(io.BytesIO(content), "sheet.jpg"))
        assert browser.status == 422
        assert "not a photo that we can read" in browser.seen.text
    browser.get(f"{table.url}/picture")
    assert browser.status == 404


def test_photos_are_removed_with_the_names(table: Table, browser: Browser) -> None:
    photographed(browser.signs_in(table.one), table, "white")
    first = str(table.sheet.photo)
    photographed(browser, table, "grey")
    db.session.expire_all()
    second = str(table.sheet.photo)
    assert first != second
    with transaction():
        assert commands.forget_photos(table.petition) == 1
    assert table.sheet.photo is None
    with clock.at(clock.now() + timedelta(hours=2)):
        jobs.work()
    for key in (first, second):
        with pytest.raises(NotFound):
            storage.get(key)


def test_a_file_that_another_sheet_has_stays(table: Table) -> None:
    other = a_sheet(table.petition, table.one)
    key = storage.put(b"the same paper", "webp")
    for sheet in (table.sheet, other):
        commands.photograph(table.one, sheet, photo=key)
    commands.photograph(table.one, other, photo=storage.put(b"another one", "webp"))
    with clock.at(clock.now() + timedelta(hours=2)):
        jobs.work()
    assert storage.get(key) == b"the same paper"


# Comparing


def sampled(sheet: Sheet) -> list[int]:
    wanted = db.select(SheetRow.number).filter_by(sheet_id=sheet.id, sampled=True)
    return list(db.session.scalars(wanted.order_by(SheetRow.number)))


@pytest.mark.parametrize(("typed", "doubles", "picked"), [(20, 3, 3), (40, 0, 4), (2, 0, 2), (4, 2, 2)])
def test_some_rows_are_picked_by_lot(app: Flask, typed: int, doubles: int, picked: int) -> None:
    table = Table(rows=40)
    sheet = entered(table.sheet, table.one, *lines(typed, doubles))
    numbers = sampled(sheet)
    assert len(numbers) == picked
    assert max(numbers) <= typed - doubles, "of a double nothing is kept that could be compared"


def test_somebody_else_compares_them_with_the_paper(table: Table, either_browser: Browser) -> None:
    entered(table.sheet, table.one, *lines(20, 3))
    typist = either_browser.signs_in(table.one)
    typist.get(table.url)
    assert "Let somebody else of your organisation compare it." in typist.seen.text
    number = sampled(table.sheet)[0]
    typist.post(f"{table.url}/rows/{number}/check", {"verdict": "right"})
    assert typist.status == 422
    colleague = Browser(typist.app, js=typist.js).signs_in(table.other)
    colleague.get(table.url)
    assert "Not compared yet." in colleague.seen.text
    colleague.submit("form.compare", press="button[value=right]")
    colleague.submit("form.compare", press="button[value=wrong]")
    assert "1 of 2 right, 1 wrong, 1 to go" in colleague.seen.text
    colleague.submit("form.compare", press="button[value=right]")
    assert "2 of 3 right, 1 wrong" in colleague.seen.text
    found = queries.sample(table.petition)
    assert (found.sheets, found.rows, found.right, found.wrong) == (1, 3, 2, 1)
    assert "2 of 3 right, 1 wrong" in typist.get(f"/sheets?of={table.petition.ref}").text
    checked = db.session.scalars(db.select(SheetRow.checked_by_id).where(SheetRow.sampled)).all()
    assert set(checked) == {table.other.id}


def test_who_is_alone_compares_their_own(app: Flask, browser: Browser) -> None:
    table = Table()
    platform = an_organisation("platform")
    alone = a_person(Role.ORGANISER, of=platform)
    sheet = commands.issue(
        alone,
        table.petition,
        organisation=platform,
        buildings=[(FLAT, "")],
        copies=1,
        rows=10,
        language="nl",
    )[0]
    entered(sheet, alone, *lines(3))
    browser.signs_in(alone).get(f"/sheets/{sheet.code}")
    for _ in range(3):
        browser.submit("form.compare", press="button[value=right]")
    assert "3 of 3 right" in browser.seen.text


def test_all_samples_of_a_petition_are_summed(table: Table) -> None:
    other = a_sheet(table.petition, table.one, building="Kleiburg")
    for sheet, flat in ((table.sheet, FLAT), (other, "Kleiburg")):
        entered(sheet, table.one, *(Typed(line.name, line.unit, flat) for line in lines(5)))
        for number in sampled(sheet):
            commands.check(table.other, sheet, number=number, verdict=Checked.RIGHT)
    found = queries.sample(table.petition)
    assert (found.sheets, found.rows, found.right, found.wrong) == (2, 6, 6, 0)
    assert compared(found) == "6 of 6 right"


def test_what_was_compared_is_compared_anew_after_a_change(table: Table) -> None:
    entered(table.sheet, table.one, *lines(5))
    for number in sampled(table.sheet):
        commands.check(table.other, table.sheet, number=number, verdict=Checked.RIGHT)
    commands.reopen(table.one, table.sheet, reason="One row was forgotten.")
    assert sampled(table.sheet) == []
    commands.close(table.one, table.sheet)
    assert len(sampled(table.sheet)) == 3
    assert queries.sample(table.petition).right == 0


# On request


def test_a_row_is_taken_out_for_who_asks(table: Table, either_browser: Browser) -> None:
    entered(table.sheet, table.one, *lines(3))
    browser = either_browser.signs_in(table.other)
    browser.get(table.url)
    browser.submit("form.remove")  # the last row stands first
    assert "Row 3 is taken out." in browser.seen.text
    assert states(table.sheet) == ["counted", "counted", "removed"]
    assert "Papier3" not in browser.get(table.url).text
    names = db.session.scalars(db.select(Signature.name).filter_by(dossier_id=table.petition.id)).all()
    assert sorted(names) == ["", "Persoon Papier1", "Persoon Papier2"]
    assert supporters(table.petition) == 2
    assert not list(wrong([table.petition]))
    stranger = Browser(browser.app).signs_in(a_person())
    stranger.post(f"{table.url}/rows/1/remove")
    assert stranger.status == 403


def test_who_typed_is_forgotten_with_the_account_and_the_work_stays(table: Table) -> None:
    person = a_person(Role.ORGANISER, of=table.platform)
    entered(table.sheet, person, *lines(2))
    assert export(person)["sheets"][0]["sheet"] == table.sheet.code
    number = person.id
    erase(person, person)
    db.session.expire_all()
    assert table.sheet.entering_by_id is None
    assert set(db.session.scalars(db.select(SheetRow.typed_by_id))) == {None}
    assert db.session.get_one(Person, number).erased_at
    assert states(table.sheet) == ["counted"] * 2
