"""Typing in a sheet: every row at once counted, found to be a double, or noted; and closed once."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.accounts.models import Role
from portal.dossiers import commands as dossiers
from portal.dossiers.commands import supporters
from portal.dossiers.journal import wrong
from portal.dossiers.models import Signature, SignatureState, Way
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, a_signature
from tests.sheets.making import ENTRY, FLAT, Table, begins, signed_online, states, types


@pytest.fixture
def table(app: Flask) -> Table:
    return Table()


def rows(seen: BeautifulSoup) -> list[str]:
    """The rows as they are read, the last one first."""
    return [" ".join(row.text.split()) for row in seen.select("table.sheet-rows tbody tr")]


def said(browser: Browser) -> str:
    return " ".join(browser.seen.select_one("#flash").text.split())  # type: ignore[union-attr]


def on_paper(table: Table) -> list[Signature]:
    wanted = db.select(Signature).filter_by(dossier_id=table.petition.id, way=Way.PAPER)
    found = db.session.scalars(wanted.order_by(Signature.id).execution_options(populate_existing=True))
    return list(found)


def test_a_whole_sheet_is_typed_in_and_the_petition_tells_how_many_signed_where(
    table: Table, either_browser: Browser
) -> None:
    signed_online(table.petition, 184, FLAT)
    browser = either_browser.signs_in(table.one)
    browser.get("/sheets")
    browser.submit("main form", code=table.sheet.code.lower().replace("-", " "))
    assert browser.url == table.url
    browser.submit("form.begin")
    for number in range(17):
        types(browser, f"Papier Persoon{number}", str(number + 1))
        assert "counts." in said(browser)
    for number in (3, 50, 100):
        types(browser, f"buur  nummer{number}")
        assert "this person counts already (online)" in said(browser)
    assert len(rows(browser.seen)) == 20
    assert "counted already online" in rows(browser.seen)[0]
    assert states(table.sheet) == ["counted"] * 17 + ["double"] * 3
    browser.get(table.url)
    browser.submit("form.close")
    assert "Done" in browser.seen.text
    visitor = Browser(browser.app)
    page = visitor.get(f"/d/{table.petition.ref}")
    assert page.select_one(".sheet-ways").text.strip() == "184 online + 17 on paper"  # type: ignore[union-attr]
    assert page.select_one(".count b").text == "201"  # type: ignore[union-attr]
    assert not list(wrong([table.petition]))
    assert first_broken(table.petition) is None
    entry = db.session.scalars(db.select(Entry).filter_by(verb="sheet_entered")).one()
    assert entry.data["counted"] == 17
    assert entry.data["doubles"] == 3
    assert f"Paper sheet {table.sheet.code} typed in" in page.text


def test_nothing_is_told_of_ways_when_all_signed_online(table: Table, browser: Browser) -> None:
    signed_online(table.petition, 3)
    assert browser.get(f"/d/{table.petition.ref}").select_one(".sheet-ways") is None


def test_a_row_becomes_a_signature_from_paper(table: Table, browser: Browser) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Zoë van Dam", "12 A", email="zoe@homes.example")
    signature = on_paper(table)[0]
    assert (signature.name, signature.name_key, signature.unit) == ("Zoë van Dam", "zoe van dam", "12 A")
    assert (signature.building, signature.state, signature.shown) == (FLAT, "confirmed", False)
    assert signature.helper_id is None
    assert signature.person is not None
    assert signature.person.confirmed_at is None
    assert supporters(table.petition) == 1


def test_what_cannot_be_read_or_is_crossed_out_is_noted_and_keeps_nothing(
    table: Table, either_browser: Browser
) -> None:
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, "Half a na", mark="unreadable")
    types(browser, "Jan", mark="crossed")
    assert "does not count" in said(browser)
    assert states(table.sheet) == ["unreadable", "crossed"]
    assert on_paper(table) == []
    assert "Half a na" not in browser.seen.text


def test_a_row_without_a_name_comes_back(table: Table, either_browser: Browser) -> None:
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, " . ", "12")
    assert browser.status == 422
    assert "Write the name" in browser.seen.text
    assert browser.seen.select_one("[name=unit]")["value"] == "12"  # type: ignore[index]
    types(browser, "Jan Jansen", "12", email="no address")
    assert browser.status == 422
    assert states(table.sheet) == []


@pytest.mark.parametrize(
    ("first", "second", "double"),
    [
        (("Jan Jansen", "12"), ("JAN  JANSEN", "12"), True),
        (("Jan Jansen", "12"), ("jan jansen", ""), True),
        (("Jan Jansen", "12 a"), ("Jan Jansen", "12A"), True),
        (("Jan Jansen", "12"), ("Jan Jansen", "13"), False),
        (("Jan Jansen", "12"), ("Joke Jansen", "12"), False),
        (("J. Jansen", "12"), ("Johanna Jansen", "13"), False),
    ],
)
def test_two_rows_are_one_person_or_two(
    table: Table, browser: Browser, first: tuple[str, str], second: tuple[str, str], double: bool
) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, *first)
    types(browser, *second)
    assert states(table.sheet) == ["counted", "double" if double else "counted"]
    assert supporters(table.petition) == (1 if double else 2)


def test_the_same_name_elsewhere_is_somebody_else(table: Table, browser: Browser) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    types(browser, "Jan Jansen", building="Kleiburg")
    assert states(table.sheet) == ["counted"] * 2


def test_a_mail_address_that_counts_is_a_double(table: Table, browser: Browser) -> None:
    a_signature(table.petition, a_person(email="jan.jansen@gmail.com"))
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Somebody", email="janjansen+list@gmail.com")
    assert states(table.sheet) == ["double"]
    assert on_paper(table) == []


@pytest.mark.parametrize(
    ("line", "press", "state", "number"),
    [
        ({"name": "J. Jansen"}, "yes", "double", 1),
        ({"name": "J. Jansen"}, "no", "counted", 2),
        ({"name": "Johanna Jansen", "building": ""}, "yes", "double", 1),
        ({"name": "Johanna Jansen", "email": "jo@homes.example"}, "no", "counted", 2),
    ],
    ids=["an initial, one", "an initial, two", "a building unknown", "two addresses in one home"],
)
def test_who_may_be_the_same_is_asked_about(
    table: Table, either_browser: Browser, line: dict[str, str], press: str, state: str, number: int
) -> None:
    person = a_person()
    with_building = {"name": "Johanna Jansen", "building": FLAT}
    dossiers.sign(person, table.petition, **with_building)
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, **line, unit="12")
    assert browser.status == 422
    assert "Is this somebody who counts already?" in browser.seen.text
    assert "Johanna" not in browser.seen.text, "who signed online is not shown to who types"
    assert states(table.sheet) == []
    browser.submit(ENTRY, press=f"button[value={press}]")
    assert states(table.sheet) == [state]
    assert supporters(table.petition) == number


def test_two_of_a_household_share_a_mail_address(table: Table, browser: Browser) -> None:
    dossiers.sign(a_person(email="home@homes.example"), table.petition, name="Jan Jansen", building=FLAT)
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Fatima Bakker", "12", email="home@homes.example")
    assert browser.status == 422
    browser.submit(ENTRY, press="button[value=no]")
    assert states(table.sheet) == ["counted"]
    assert on_paper(table)[0].person_id is None


def test_the_last_row_is_taken_away(table: Table, either_browser: Browser) -> None:
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    types(browser, "Joke Bakker")
    browser.submit("form.undo")
    assert states(table.sheet) == ["counted"]
    assert [row.split()[1] for row in rows(browser.seen)] == ["Jan"]
    assert supporters(table.petition) == 1
    gone = on_paper(table)[1]
    assert (gone.state, gone.name, gone.name_key, gone.unit) == (SignatureState.WITHDRAWN, "", "", "")
    types(browser, "Joke Bakker")
    assert states(table.sheet) == ["counted"] * 2


def test_a_row_is_changed_until_the_sheet_is_closed(table: Table, either_browser: Browser) -> None:
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansem", "12", email="jan@homes.example")
    types(browser, "Joke Bakker", "13")
    browser.get(f"{table.url}?row=1")
    assert browser.seen.select_one("[name=name]")["value"] == "Jan Jansem"  # type: ignore[index]
    types(browser, "Jan Jansen", "12")
    assert "Row 1 counts." in said(browser)
    assert [row.name for row in on_paper(table) if row.state == SignatureState.CONFIRMED] == [
        "Joke Bakker",
        "Jan Jansen",
    ]
    browser.get(f"{table.url}?row={10**12}")
    assert browser.status == 404
    browser.get(f"{table.url}?row=2")
    types(browser, "", mark="unreadable")
    assert states(table.sheet) == ["counted", "unreadable"]
    assert supporters(table.petition) == 1
    assert not list(wrong([table.petition]))


def test_the_building_of_the_row_before_is_offered_again(app: Flask, browser: Browser) -> None:
    table = Table(building="")
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen", building="Kleiburg")
    assert browser.seen.select_one("option[selected]")["value"] == "Kleiburg"  # type: ignore[index]


def test_a_sheet_has_no_more_rows_than_paper(app: Flask, browser: Browser) -> None:
    table = Table(rows=1)
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    types(browser, "Joke Bakker")
    assert browser.status == 422
    assert "All rows of this sheet are typed in" in browser.seen.text


def test_an_empty_sheet_is_not_closed(table: Table, browser: Browser) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    assert browser.seen.select_one("form.close") is None
    browser.post(f"{table.url}/close")
    assert browser.status == 422
    assert table.sheet.entered_at is None


def test_a_closed_sheet_cannot_be_entered_again(table: Table, either_browser: Browser) -> None:
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    browser.get(table.url)
    browser.submit("form.close")
    for visitor in (browser, Browser(browser.app, js=browser.js).signs_in(table.other)):
        for path, data in (("start", {}), ("rows", {"name": "Joke Bakker"}), ("undo", {})):
            visitor.post(f"{table.url}/{path}", data)
            assert visitor.status == 403
        assert "A sheet is typed in once." in visitor.get(table.url).text
        assert visitor.seen.select_one("form.begin, form.sheet-row") is None
    assert states(table.sheet) == ["counted"]
    assert supporters(table.petition) == 1


def test_a_mistake_is_put_right_with_a_reason(table: Table, browser: Browser) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    browser.submit("form.close")
    browser.get(f"{table.url}/reopen")
    browser.submit("main form")
    assert browser.status == 422
    browser.submit("main form", reason="Row 2 was forgotten.")
    types(browser, "Joke Bakker")
    browser.submit("form.close")
    assert states(table.sheet) == ["counted"] * 2
    verbs = db.session.scalars(db.select(Entry.verb).filter_by(dossier_id=table.petition.id)).all()
    assert [verb for verb in verbs if verb.startswith("sheet")] == [
        "sheet_entered",
        "sheet_reopened",
        "sheet_entered",
    ]
    page = browser.get(f"/d/{table.petition.ref}").text
    assert "opened again" in page
    assert "Row 2 was forgotten." in page


def test_the_same_submit_twice_is_one_row(table: Table, browser: Browser) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    key = browser.seen.select_one(f"{ENTRY} [name=once]")["value"]  # type: ignore[index]
    for _ in range(2):
        browser.post(f"{table.url}/rows", {"name": "Jan Jansen", "building": FLAT, "once": key})
        assert browser.status == 200
    assert states(table.sheet) == ["counted"]


@pytest.mark.parametrize("role", [None, Role.CONTACT, Role.OFFICIAL, Role.MEMBER])
def test_who_does_not_work_on_the_petition_types_nothing(
    table: Table, browser: Browser, role: Role | None
) -> None:
    browser.signs_in(a_person(*([role] if role else [])))
    browser.get(table.url)
    assert browser.status == 403
    for path in ("start", "rows", "undo", "pause", "close"):
        browser.post(f"{table.url}/{path}", {"name": "Jan Jansen"})
        assert browser.status == 403
    assert table.sheet.entering_by_id is None
