"""A step from a motion to its execution; and words from a recording."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from portal.promises.forms.shared import (
    Bodies,
    TrackForm,
    chosen,
    dated,
    levels,
    line,
    link,
    month_only,
    names,
    past_day,
    words,
)
from portal.promises.queries import promises_of
from portal.promises.texts import PROBLEMS, STEPS, named_promise
from portal.web.forms import strip

TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")


class DocumentForm(TrackForm):
    step = SelectField(_("Which step?"), choices=[SelectChoice(name, words) for name, words in STEPS.items()])
    title = line(_("What is the document called?"), _("For instance: Motion 1254."), missing=True)
    url = link(_("Where can one read it?"))
    body = SelectField(_("Which body?"), [DataRequired(PROBLEMS["no_body"])])
    on = past_day(_("On which day?"), missing=True)
    only_month = month_only()
    text = words(_("What does it say?"), _("In a few plain words. Call nobody by name."), missing=False)

    def choose(self, subject: Any, bodies: Bodies) -> None:
        self.bodies = bodies()
        self.body.choices = names(self.bodies, _("Choose who"))

    @property
    def given(self) -> dict[str, Any]:
        given = {name: self[name].data for name in ("step", "title", "url", "text")}
        given["body"] = chosen(self.bodies, self.body.data)
        return given | dated(self.on.data, self.only_month.data)


class CiteForm(TrackForm):
    quote = words(_("What was said?"), _("Word for word."))
    role = line(
        _("In which role?"), _("For instance: alderman, councillor, resident. No names."), missing=True
    )
    level = levels(_("Where does the speaker stand?"))
    body = SelectField(_("For which body?"), validate_choice=False)
    recording = line(_("What is the recording called?"), missing=True)
    url = link(_("Where is the whole recording?"), missing=True)
    at = StringField(
        _("At what time in the recording?"),
        [DataRequired(PROBLEMS["empty"])],
        [strip],
        _("Minutes and seconds, such as 8:18."),
    )
    on = past_day(_("On which day was it said?"), missing=True)
    only_month = month_only()
    comment = words(
        _("Your comment"), _("It stands apart from the words, marked as a comment."), missing=False
    )
    promise = SelectField(_("Is it about a promise?"), validate_choice=False)

    def choose(self, subject: Any, bodies: Bodies) -> None:
        self.bodies, self.promises = bodies(), promises_of(subject)
        self.body.choices = names(self.bodies, _("We do not know"))
        made = [SelectChoice(str(p.id), named_promise(p)) for p in self.promises]
        self.promise.choices = [SelectChoice("", _("No")), *made]

    def validate_at(self, field: Any) -> None:
        if not TIME.fullmatch(field.data):
            raise ValidationError(_("Write minutes and seconds, such as 8:18."))

    @property
    def seconds(self) -> int:
        found = TIME.fullmatch(self.at.data or "")
        hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        return 3600 * hours + 60 * minutes + seconds

    @property
    def given(self) -> dict[str, Any]:
        given = {name: self[name].data for name in ("quote", "role", "recording", "url", "comment")}
        given |= {"level": self.level.data or None, "at_seconds": self.seconds}
        given["body"] = chosen(self.bodies, self.body.data or "")
        given["promise"] = next((p for p in self.promises if str(p.id) == self.promise.data), None)
        return given | dated(self.on.data, self.only_month.data)
