"""What is printed, in which language; and sheets: for which flats, how many, with how many lines."""

from itertools import product
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import (
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange

from portal.accounts.models import Organisation
from portal.printing import texts
from portal.printing.models import Piece
from portal.sheets.commands import MOST_SHEETS
from portal.sheets.models import Problem
from portal.web.forms import OnceForm, boxes, strip
from portal.web.languages import own_name

ROWS = (10, 20, 40)
USUAL = 20
PROBLEMS: dict[str, Any] = {
    Problem.TOO_MANY: _("That is too many. At most 200 sheets at once."),
    Problem.TOO_LONG: _("Write it shorter."),
    Problem.NO_BUILDING: _("We do not know this building."),
}


def languages() -> list[SelectChoice]:
    return [SelectChoice(code, own_name(code)) for code in current_app.config["LOCALES"]]


class PieceForm(Form):
    """What the address of the page asks for; else a poster in the language of the page."""

    piece = RadioField(_("What do you want to print?"), [InputRequired()])
    language = RadioField(_("In which language?"), [InputRequired()])

    @classmethod
    def of(cls, given: Any, *, with_sheets: bool) -> "PieceForm":
        form = cls(given)
        pieces = [piece for piece in Piece if with_sheets or piece != Piece.SHEETS]
        form.piece.choices = [SelectChoice(str(piece), texts.NAMES[piece]) for piece in pieces]
        form.language.choices = languages()
        form.validate()
        usual = {form.piece: str(Piece.POSTER_A4), form.language: str(get_locale())}
        for field, value in usual.items():
            if field.errors:
                field.data, field.errors = value, ()
        return form

    @property
    def chosen(self) -> Piece:
        return Piece(self.piece.data)


class SheetsForm(OnceForm):
    """Sheets for each building and stairwell, so many of each."""

    problems = PROBLEMS
    organisation = SelectField(_("In whose name?"), validate_choice=False)
    buildings = boxes(
        _("For which buildings?"),
        description=_("None: people write their building on the sheet themselves."),
    )
    stairwells = StringField(
        _("Which stairwells?"),
        filters=[strip],
        description=_("For a sheet per stairwell: their numbers with commas between them, such as 1, 2, 3."),
    )
    copies = IntegerField(
        _("How many of each?"),
        [
            InputRequired(_("Fill in a number.")),
            NumberRange(1, MOST_SHEETS, _("Fill in a number from 1 to 200.")),
        ],
        default=1,
    )
    rows = SelectField(_("How many lines for signatures?"), coerce=int, default=USUAL)
    language = HiddenField()

    def __init__(self, names: list[Organisation], flats: list[str], language: str, **more: Any) -> None:
        super().__init__(**more)
        self.names = {one.key: one for one in names}
        self.organisation.choices = [SelectChoice(key, one.name) for key, one in self.names.items()]
        self.buildings.choices = [SelectChoice(name, name) for name in flats]
        self.rows.choices = [SelectChoice(number, str(number)) for number in ROWS]
        if not self.is_submitted():
            self.language.data = language

    def validate_language(self, field: Any) -> None:
        if field.data not in current_app.config["LOCALES"]:
            raise ValidationError(_("Choose a language."))

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants."""
        stairwells = [part.strip() for part in (self.stairwells.data or "").split(",") if part.strip()]
        own = next(iter(self.names.values()))
        return {
            "organisation": self.names.get(self.organisation.data, own),
            "buildings": list(product(self.buildings.data or [""], stairwells or [""])),
            "copies": self.copies.data,
            "rows": self.rows.data,
            "language": self.language.data,
        }
