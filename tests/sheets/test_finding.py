"""Finding a sheet: by its code, by the camera of a phone, on the petition's page, in one's list."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotAllowed
from portal.sheets import commands, queries
from portal.sheets.models import LEASE, Typed
from portal.sheets.texts import address
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_issue, an_organisation
from tests.sheets.making import FLAT, Table, a_sheet, entered
from tests.statements import sent


@pytest.fixture
def table(app: Flask) -> Table:
    return Table()


def test_the_code_on_the_paper_leads_neighbours_to_signing(table: Table, browser: Browser) -> None:
    path = address(table.sheet).removeprefix("http://localhost")
    assert path == f"/t/{table.sheet.code}"
    for person in (None, a_person(), a_person(Role.OFFICIAL)):
        if person is not None:
            browser.signs_in(person)
        browser.get(path.lower())
        assert browser.status == 200
        assert browser.url.startswith(f"/d/{table.petition.ref}")


def test_the_same_code_leads_who_types_to_the_sheet(table: Table, browser: Browser) -> None:
    for person in (table.one, table.other, a_person(Role.MODERATOR), a_person(Role.ORGANISER)):
        browser.signs_in(person)
        browser.get(f"/t/{table.sheet.code}")
        assert browser.url == table.url


def test_a_typing_error_is_told_at_once(table: Table, either_browser: Browser) -> None:
    browser = either_browser.signs_in(table.one)
    code = table.sheet.code
    wrong = ("3" if code[0] != "3" else "4") + code[1:]
    browser.get("/sheets")
    browser.submit("main form", code=wrong)
    assert browser.status == 422
    assert "no code of a sheet" in browser.seen.text
    assert browser.seen.select_one("#code")["value"] == wrong  # type: ignore[index]
    for path in (f"/t/{wrong}", f"/sheets/{wrong}"):
        browser.get(path)
        assert browser.status == 404


def test_a_code_that_one_does_not_work_on_is_as_one_that_is_unknown(table: Table, browser: Browser) -> None:
    stranger = a_person(Role.ORGANISER, of=an_organisation("platform", neighbourhood_code="TM"))
    browser.signs_in(stranger).get("/sheets")
    browser.submit("main form", code=table.sheet.code)
    assert browser.status == 422
    assert "We know no sheet with this code" in browser.seen.text


def test_a_list_says_how_each_sheet_stands(table: Table, browser: Browser) -> None:
    typing, done, left = (a_sheet(table.petition, table.one) for _ in range(3))
    entered(done, table.one, Typed("Jan Jansen", "12", FLAT))
    commands.start(table.one, typing)
    with clock.at(clock.now() - 2 * LEASE - timedelta(minutes=1)):
        commands.start(table.one, left)
    browser.signs_in(table.other).get("/sheets")
    said = {item.a.text: item.select_one(".state").text for item in browser.seen.select(".queue li")}  # type: ignore[union-attr]
    found = {code.split(" ")[0]: words.strip() for code, words in said.items()}
    assert found == {
        table.sheet.code: "printed",
        typing.code: "being typed in",
        left.code: "begun, not finished",
        done.code: "typed in",
    }


def test_a_list_holds_what_one_works_on(table: Table, browser: Browser) -> None:
    far = an_organisation("platform", neighbourhood_code="TM")
    petition = a_petition(organisation=far, neighbourhood_code="TM")
    theirs = a_sheet(petition, petition.opener)
    for person, codes in (
        (table.one, {table.sheet.code}),
        (a_person(Role.ORGANISER), {table.sheet.code}),
        (petition.opener, {theirs.code}),
        (a_person(Role.MODERATOR), {table.sheet.code, theirs.code}),
        (a_person(Role.ORGANISER, of=an_organisation("coalition")), {table.sheet.code, theirs.code}),
        (a_person(Role.CONTACT), set()),
    ):
        found = Browser(browser.app).signs_in(person)
        page = found.get("/sheets")
        assert {one["href"].rpartition("/")[2] for one in page.select(".queue a")} == codes
        assert all(queries.by_code(person, code) for code in codes)
        assert bool(page.select(".empty")) == (not codes)


def test_a_petition_leads_who_may_to_its_sheets(table: Table, browser: Browser) -> None:
    browser.signs_in(table.one).get(f"/d/{table.petition.ref}")
    browser.click(f"a[href='/sheets?of={table.petition.ref}']")
    assert table.sheet.code in browser.seen.text
    empty = a_petition(organisation=table.platform, opener=table.one)
    browser.get(f"/sheets?of={empty.ref}")
    assert table.sheet.code not in browser.seen.text
    assert "No sheets yet" in browser.seen.text
    neighbour = Browser(browser.app).signs_in(a_person())
    assert neighbour.get(f"/d/{table.petition.ref}").select_one("a[href^='/sheets']") is None
    neighbour.get("/sheets")
    assert neighbour.status == 403


# Issuing


def issued(table: Table, by: object, **given: object) -> list[str]:
    known = {"organisation": table.platform, "buildings": [(FLAT, "A"), ("Kleiburg", "")], "copies": 2}
    known |= {"rows": 15, "language": "nl"}
    return [sheet.code for sheet in commands.issue(by, table.petition, **known | given)]


def test_sheets_are_issued_for_each_building_and_stairwell(table: Table) -> None:
    codes = issued(table, table.one)
    assert len(set(codes)) == 4
    found = {sheet.code: sheet for sheet in queries.sheets_of(table.one, table.petition)}
    assert sorted((found[code].building, found[code].stairwell) for code in codes) == [
        (FLAT, "A"),
        (FLAT, "A"),
        ("Kleiburg", ""),
        ("Kleiburg", ""),
    ]


def test_who_may_issue(table: Table) -> None:
    beside = a_person(Role.ORGANISER)
    own = beside.organisations(Role.ORGANISER)[0]
    assert len(issued(table, beside, organisation=own)) == 4
    far = a_person(Role.ORGANISER, of=an_organisation("platform", neighbourhood_code="TM"))
    for person in (table.other, far, a_person(), a_person(Role.MODERATOR), a_person(Role.OFFICIAL)):
        with pytest.raises(NotAllowed):
            issued(table, person)
    with pytest.raises(NotAllowed):
        issued(table, beside)  # in a name that is not theirs
    table.petition = a_petition(organisation=table.platform, opener=table.one, state="draft")
    with pytest.raises(NotAllowed):
        issued(table, table.one)
    table.petition = an_issue(opener=table.one, organisation_id=table.platform.id)
    with pytest.raises(NotAllowed):
        issued(table, table.one)


@pytest.mark.parametrize(
    "given",
    [
        {"copies": 0},
        {"copies": 101},
        {"rows": 0},
        {"rows": 41},
        {"buildings": [("Nowhere", "")]},
        {"buildings": [(FLAT, "x" * 41)]},
    ],
)
def test_what_cannot_be_printed_is_refused(table: Table, given: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        issued(table, table.one, **given)


def statements(browser: Browser, url: str) -> int:
    browser.get(url)
    with sent() as seen:
        browser.get(url)
    assert browser.status == 200
    return len(seen)


def test_pages_ask_little_and_as_much_for_many_rows(table: Table, browser: Browser) -> None:
    browser.signs_in(table.one)
    commands.start(table.one, table.sheet)
    entered(a_sheet(table.petition, table.one), table.one, Typed("Jan Jansen", "12", "Kleiburg"))
    urls = ["/sheets", f"/sheets?of={table.petition.ref}", table.url, f"/d/{table.petition.ref}"]
    commands.write(table.one, table.sheet, typed=Typed("Joke Bakker", "1", FLAT))
    few = [statements(browser, url) for url in urls]
    for number in range(10):
        line = Typed(f"Persoon Papier{number}", "", FLAT, f"p{number}@homes.example")
        commands.write(table.one, table.sheet, typed=line)
        a_sheet(a_petition(organisation=table.platform, opener=table.one), table.one)
    assert [statements(browser, url) for url in urls] == few
    assert max(few) <= 12, few
