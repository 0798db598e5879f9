"""Ready-made sheets, and typing them in as somebody at the table does."""

from typing import Any

from sqlalchemy import insert

from portal.accounts.models import Organisation, Person, Role
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, Movement, Signature, SignatureState, Way
from portal.dossiers.words import name_key
from portal.kernel import storage
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.sheets import commands
from portal.sheets.models import Sheet, SheetRow, SheetState, Typed
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_organisation

FLAT = "Kikkenstein"
ENTRY = "#sheets-entry form.sheet-row"


class Table:
    """A petition of a platform, two organisers of it at a kitchen table, and a sheet of paper."""

    def __init__(self, *, rows: int = 20, building: str = FLAT) -> None:
        self.platform: Organisation = an_organisation("platform")
        self.one = a_person(Role.ORGANISER, of=self.platform, name="Ans")
        self.other = a_person(Role.CONTACT, of=self.platform, name="Bea")
        self.petition = a_petition(organisation=self.platform, opener=self.one)
        self.sheet = a_sheet(self.petition, self.one, rows=rows, building=building)

    @property
    def url(self) -> str:
        return f"/sheets/{self.sheet.code}"


def a_sheet(petition: Dossier, by: Person, *, rows: int = 20, building: str = FLAT) -> Sheet:
    made = commands.issue(
        by,
        petition,
        organisation=petition.organisation,
        buildings=[(building, "")],
        copies=1,
        rows=rows,
        language="nl",
    )
    return made[0]  # type: ignore[no-any-return]


SHEETS = ["printed", "entering", "paused", "entered", "entered, petition withdrawn"]
"""How a sheet can stand, for the table of who may do what."""


def a_sheet_that_is(state: str, petition: Dossier, by: Person) -> Sheet:
    """A sheet with a photo, and with a row once somebody began to type."""
    sheet = a_sheet(petition, by)
    commands.photograph(by, sheet, photo=storage.put(f"The photo of {sheet.code}".encode(), "webp"))
    if state != SheetState.PRINTED:
        commands.start(by, sheet)
        commands.write(by, sheet, typed=Typed("Jan Jansen", "12", FLAT))
    if state == SheetState.PAUSED:
        commands.pause(by, sheet)
    if state.startswith(SheetState.ENTERED):
        commands.close(by, sheet)
    if state.endswith("withdrawn"):
        dossiers.withdraw(by, petition)
    return sheet


def begins(browser: Browser, sheet: Sheet) -> Browser:
    """Open the sheet and press the button that begins with it."""
    browser.get(f"/sheets/{sheet.code}")
    browser.submit("form.begin")
    return browser


def types(browser: Browser, name: str, unit: str = "", **more: Any) -> None:
    """Fill in the row and press Enter."""
    browser.submit(ENTRY, name=name, unit=unit, **more)


def entered(sheet: Sheet, by: Person, *lines: Typed) -> Sheet:
    """The sheet with these lines, closed."""
    commands.start(by, sheet)
    for line in lines:
        commands.write(by, sheet, typed=line)
    closed: Sheet = commands.close(by, sheet)
    return closed


def signed_online(petition: Dossier, number: int, building: str = "") -> None:
    """So many signatures at once, each of a person of its own, written down as the commands do."""
    with transaction():
        first = (db.session.scalar(db.select(db.func.max(Person.id))) or 0) + 1
        ids = range(first, first + number)
        moment = now()
        people = [
            {"id": n, "email": f"online{n}@homes.example", "email_key": f"online{n}@homes.example"}
            for n in ids
        ]
        db.session.execute(insert(Person), [p | {"confirmed_at": moment} for p in people])
        confirmed = {"state": SignatureState.CONFIRMED, "confirmed_at": moment, "way": Way.ONLINE}
        rows = [
            {
                "dossier_id": petition.id,
                "person_id": n,
                "name": f"Buur Nummer{n - first}",
                "name_key": name_key(f"Buur Nummer{n - first}"),
                "building": building,
            }
            for n in ids
        ]
        db.session.execute(insert(Signature), [row | confirmed for row in rows])
        signed = db.session.scalars(db.select(Signature.id).filter_by(dossier_id=petition.id)).all()
        moves = [
            {"dossier_id": petition.id, "signature_id": s, "verb": "confirmed", "delta": 1} for s in signed
        ]
        db.session.execute(insert(Movement), moves)


def states(sheet: Sheet) -> list[str]:
    """Of its rows, in order."""
    wanted = db.select(SheetRow.state).filter_by(sheet_id=sheet.id).order_by(SheetRow.number)
    return list(db.session.scalars(wanted))
