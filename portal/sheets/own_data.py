"""What a person did with sheets: taken along, erased. Who signed on paper stands under their signature."""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.sheets.models import Sheet, SheetRow

OF_SHEETS = (Sheet.issued_by_id, Sheet.entering_by_id)
OF_ROWS = (SheetRow.typed_by_id, SheetRow.checked_by_id)


def _export(person: Person) -> list[dict[str, Any]]:
    """The sheets that they issued, typed in or compared with the paper."""
    rows = db.select(SheetRow.sheet_id).where(_by(person, OF_ROWS))
    wanted = db.select(Sheet).where(db.or_(_by(person, OF_SHEETS), Sheet.id.in_(rows)))
    return [
        {
            "sheet": sheet.code,
            "dossier": sheet.dossier.ref,
            "issued_at": sheet.issued_at.isoformat(),
            "entered_at": sheet.entered_at.isoformat() if sheet.entered_at else None,
        }
        for sheet in db.session.scalars(wanted.order_by(Sheet.id))
    ]


def _by(person: Person, columns: tuple[InstrumentedAttribute[int | None], ...]) -> Any:
    return db.or_(*(column == person.id for column in columns))


def _erase(person: Person) -> None:
    """The work stays, and who did it is forgotten."""
    for model, columns in ((Sheet, OF_SHEETS), (SheetRow, OF_ROWS)):
        for column in columns:
            db.session.execute(db.update(model).where(column == person.id).values({column.key: None}))


PARTS.append(Part("sheets", _export, _erase))
