"""What is asked of those who type in a sheet."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice

from portal.accounts.addresses import LONGEST
from portal.dossiers.forms import PICTURES, words
from portal.places.loading import buildings
from portal.sheets.commands import NAME, REASON, UNIT
from portal.sheets.models import Checked, Mark, Sheet, SheetRow, Typed
from portal.sheets.texts import MARKS, PROBLEMS
from portal.web.forms import OnceForm, one_line, strip, whole


class SheetForm(OnceForm):
    problems = PROBLEMS


class RowForm(SheetForm):
    """One line of the paper. Who only uses the keyboard types a name and a number, and presses Enter."""

    number = HiddenField()
    """Which row is typed anew; empty for the next one."""
    asked = HiddenField()
    """Which signature the question was about, whether it is the same person."""
    name = StringField(
        _("Name"),
        filters=[one_line],
        render_kw={"autocomplete": "off", "maxlength": NAME, "spellcheck": "false"},
    )
    unit = StringField(
        _("Home number"), filters=[one_line], render_kw={"autocomplete": "off", "maxlength": UNIT}
    )
    building = SelectField(_("Building"), default="", validate_choice=False)
    email = StringField(
        _("Mail address"),
        filters=[strip],
        render_kw={"autocomplete": "off", "inputmode": "email", "maxlength": LONGEST, "spellcheck": "false"},
    )
    mark = RadioField(
        _("What is on the paper?"),
        choices=[SelectChoice(str(mark), word) for mark, word in MARKS.items()],
        default=Mark.READABLE.value,
        validate_choice=False,
    )
    same = StringField()
    """Sent by the two buttons under the question."""

    def __init__(self, sheet: Sheet, row: SheetRow | None = None, building: str = "", **more: Any) -> None:
        super().__init__(**more)
        self.building.choices = [SelectChoice("", _("Somewhere else")), *map(SelectChoice, buildings())]
        if not self.is_submitted() or "formdata" in more:
            self.building.data = sheet.building or building
            if row is not None:
                self._fill(row)

    def _fill(self, row: SheetRow) -> None:
        self.number.data = str(row.number)
        self.mark.data = row.state if row.state in set(Mark) else Mark.READABLE.value
        if row.signature is not None:
            written = row.signature
            self.name.data, self.unit.data, self.building.data = written.name, written.unit, written.building
            self.email.data = written.person.email if written.person is not None else ""

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants."""
        known = {name: self.data[name] or "" for name in ("name", "unit", "building", "email")}
        mark = Mark(self.mark.data) if self.mark.data in set(Mark) else Mark.READABLE
        return {
            "typed": Typed(**known, mark=mark),
            "number": whole(self.number.data),
            "asked": whole(self.asked.data),
            "same": self.same.data != "no",
        }


class VerdictForm(SheetForm):
    """Two buttons."""

    verdict = RadioField(choices=[SelectChoice(checked.value) for checked in Checked])


class ReopenForm(SheetForm):
    reason = words(
        _("What has to be put right?"),
        hint=_("It stands on the timeline, for everybody. Name nobody."),
        longest=REASON,
        rows=3,
        required=True,
    )


class PhotoForm(SheetForm):
    photo = FileField(
        _("Take or choose a photo"),
        description=_("Of the whole sheet, so that the names can be read. 15 MB at most."),
        render_kw={"accept": PICTURES, "required": True},
    )
