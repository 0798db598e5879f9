"""Two at one sheet, paper and portal at once: one types, nobody counts twice."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Person, Role
from portal.dossiers import commands as dossiers
from portal.dossiers.commands import supporters
from portal.dossiers.journal import wrong
from portal.dossiers.models import Dossier, Signature, SignatureState
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import NOBODY
from portal.sheets import commands
from portal.sheets.models import LEASE, RowState, Sheet, SheetRow, Typed
from tests.browser import Browser
from tests.factories import a_person, a_signature
from tests.sheets.making import FLAT, Table, a_sheet, begins, entered, states, types
from tests.statements import sent
from tests.threads import at_once


@pytest.fixture
def table(app: Flask) -> Table:
    return Table()


def test_the_second_one_is_told_who_types_and_may_go_on_after_the_lease(
    table: Table, either_browser: Browser
) -> None:
    first = begins(either_browser.signs_in(table.one), table.sheet)
    second = Browser(first.app, js=first.js).signs_in(table.other)
    types(first, "Jan Jansen")
    assert "Ans (organiser of" in second.get(table.url).text
    assert "types this sheet since" in second.seen.text
    assert second.seen.select_one("form") is not None
    assert second.seen.select_one("form.begin, form.sheet-row") is None
    for path, data in (("start", {}), ("rows", {"name": "Joke Bakker"})):
        second.post(f"{table.url}/{path}", data)
        assert second.status == 403
        assert "types this sheet since" in second.seen.text
    with clock.at(clock.now() + LEASE + timedelta(minutes=1)):
        begins(second, table.sheet)
        types(second, "Joke Bakker")
        assert states(table.sheet) == ["counted"] * 2
        types_nothing(first)
        assert "Bea (contact of the core of" in first.seen.text


def types_nothing(browser: Browser) -> None:
    types(browser, "Piet Peters")
    assert browser.status == 403
    assert "types this sheet since" in browser.seen.text


def test_somebody_of_another_organisation_hears_no_name(table: Table, browser: Browser) -> None:
    commands.start(table.one, table.sheet)
    platform_beside = a_person(Role.ORGANISER)
    browser.signs_in(platform_beside)
    text = browser.get(table.url).text
    assert f"organiser of {table.platform.name}" in text
    assert "Ans" not in text


def test_who_began_goes_on_after_a_long_break(table: Table, browser: Browser) -> None:
    begins(browser.signs_in(table.one), table.sheet)
    with clock.at(clock.now() + 3 * LEASE):
        types(browser, "Jan Jansen")
        assert states(table.sheet) == ["counted"]
        assert table.sheet.being_entered


def test_each_row_moves_the_lease_on(table: Table) -> None:
    commands.start(table.one, table.sheet)
    with clock.at(clock.now() + LEASE * 0.9):
        commands.write(table.one, table.sheet, typed=Typed("Jan Jansen", "1", FLAT))
    with clock.at(clock.now() + LEASE * 1.8), pytest.raises(NotAllowed):
        commands.start(table.other, table.sheet)


def test_who_stops_lets_a_colleague_go_on_at_once(table: Table, either_browser: Browser) -> None:
    browser = begins(either_browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    browser.submit("form.pause")
    colleague = Browser(browser.app, js=browser.js).signs_in(table.other)
    assert "began with this sheet" in colleague.get(table.url).text
    colleague.submit("form.begin")
    types(colleague, "Joke Bakker")
    assert states(table.sheet) == ["counted"] * 2


def test_two_press_the_button_at_the_same_moment(app: Flask, table: Table) -> None:
    sheet_id, people = table.sheet.id, [table.one.id, table.other.id]

    def starting(person_id: int) -> bool:
        person, sheet = db.session.get_one(Person, person_id), db.session.get_one(Sheet, sheet_id)
        commands.start(person, sheet)
        return True

    came = at_once(app, *(lambda n=n: starting(n) for n in people))
    assert came.count(True) == 1
    assert sum(isinstance(one, NotAllowed) for one in came) == 1


# Paper first, then online


def online(table: Table, name: str = "Jan Jansen", building: str = FLAT, **more: object) -> Signature:
    made: Signature = dossiers.sign(
        NOBODY, table.petition, name=name, email=more.pop("email", "jan@homes.example"), building=building
    )
    return made


def test_who_stands_on_paper_and_signs_online_counts_once(table: Table) -> None:
    sheet = entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT), Typed("Piet Peters", "", FLAT))
    signature = online(table, "jan jansen")
    assert supporters(table.petition) == 2, "it is not confirmed yet"
    dossiers.confirm(signature.person, signature)
    assert supporters(table.petition) == 2
    row = db.session.scalars(db.select(SheetRow).filter_by(sheet_id=sheet.id, number=1)).one()
    assert (row.state, row.doubles_id, row.signature_id) == (RowState.DOUBLE, signature.id, None)
    paper = db.session.scalars(db.select(Signature).filter_by(state=SignatureState.WITHDRAWN)).one()
    assert (paper.name, paper.name_key, paper.unit) == ("", "", "")
    assert not list(wrong([table.petition]))


@pytest.mark.parametrize(("name", "building"), [("Jan Jansen", ""), ("Jan Janssen", FLAT)])
def test_who_is_not_equal_counts_beside(table: Table, name: str, building: str) -> None:
    entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT))
    signature = online(table, name, building)
    dossiers.confirm(signature.person, signature)
    assert supporters(table.petition) == 2


def test_one_online_is_one_of_two_on_paper(table: Table) -> None:
    entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT), Typed("Jan Jansen", "13", FLAT))
    signature = online(table)
    dossiers.confirm(signature.person, signature)
    assert supporters(table.petition) == 2
    assert states(table.sheet) == ["double", "counted"]


def test_signing_beside_paper_asks_little(table: Table) -> None:
    """One from paper, the second of their household, and a third, whose signature is taken for the first."""
    entered(table.sheet, table.one, *(Typed(name, "12", FLAT) for name in ("Jan Jansen", "Piet Peters")))
    asked = []
    for name in ("Jan Jansen", "Joke Bakker", "Fatima Mensah"):
        with sent() as statements:
            signature = online(table, name)
            dossiers.confirm(signature.person, signature)
        asked.append(len(statements))
    assert [most for most, found in zip([19, 19, 13], asked, strict=True) if found > most] == [], asked
    assert supporters(table.petition) == 3


def test_a_mail_address_on_paper_is_the_same_person_online(table: Table) -> None:
    entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT, "jan@homes.example"))
    signature = online(table, "J. Jansen", "")
    dossiers.confirm(signature.person, signature)
    assert supporters(table.petition) == 1


def test_a_signature_that_waits_for_its_mail_takes_the_place_of_the_paper(table: Table) -> None:
    """Also without a building: by the mail address, which is kept nowhere with the paper."""
    waiting = online(table, "J. Jansen", "")
    sheet = entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT, "jan@homes.example"))
    assert supporters(table.petition) == 1
    dossiers.confirm(waiting.person, waiting)
    assert supporters(table.petition) == 1
    assert states(sheet) == ["double"]
    assert not list(wrong([table.petition]))


def test_an_owner_steps_out_and_the_row_is_taken_out(table: Table) -> None:
    sheet = entered(table.sheet, table.one, Typed("Jan Jansen", "12", FLAT, "jan@homes.example"))
    signature = db.session.scalars(db.select(Signature).filter_by(dossier_id=table.petition.id)).one()
    dossiers.withdraw_signature(signature.person, signature)
    assert states(sheet) == ["removed"]
    assert supporters(table.petition) == 0


def test_two_sheets_and_the_portal_at_the_same_moment(app: Flask, table: Table) -> None:
    """The same name on both, and online: whoever was first, one counts when the sheets are closed."""
    other = a_sheet(table.petition, table.one)
    person = a_person()
    commands.start(table.one, table.sheet)
    commands.start(table.other, other)
    pairs = [(table.one.id, table.sheet.id), (table.other.id, other.id)]
    person_id, petition_id = person.id, table.petition.id

    def typing(who: int, sheet_id: int) -> None:
        sheet = db.session.get_one(Sheet, sheet_id)
        commands.write(db.session.get_one(Person, who), sheet, typed=Typed("Jan Jansen", "12", FLAT))

    def signing() -> None:
        petition = db.session.get_one(Dossier, petition_id)
        dossiers.sign(db.session.get_one(Person, person_id), petition, name="Jan Jansen", building=FLAT)

    came = at_once(app, signing, *(lambda pair=pair: typing(*pair) for pair in pairs))
    assert came == [None] * 3
    for who, sheet_id in pairs:
        commands.close(db.session.get_one(Person, who), db.session.get_one(Sheet, sheet_id))
    assert supporters(table.petition) == 1
    assert states(table.sheet) == states(other) == ["double"]
    assert not list(wrong([table.petition]))


def test_a_signature_carried_here_is_found_too(table: Table, browser: Browser) -> None:
    person = a_person()
    signature = a_signature(table.petition, person, name="Jan Jansen", building=FLAT)
    assert signature.building == FLAT
    begins(browser.signs_in(table.one), table.sheet)
    types(browser, "Jan Jansen")
    assert states(table.sheet) == ["double"]
