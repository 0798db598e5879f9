"""A trial: where and how long, what was seen, and how it ended."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.places.queries import spots
from portal.promises.commands.trying import RADII
from portal.promises.forms.shared import (
    TOO_LONG,
    Bodies,
    TrackForm,
    chosen,
    dated,
    filled,
    line,
    month_only,
    names,
    past_day,
    words,
)
from portal.promises.models import Spot
from portal.promises.texts import DECISIONS, PROBLEMS
from portal.web.forms import strip


class TrialForm(TrackForm):
    places = TextAreaField(
        _("At which places?"),
        [DataRequired(PROBLEMS["empty"]), Length(max=1000, message=TOO_LONG)],
        [strip],
        _("Each place on a line of its own."),
        render_kw={"rows": 3},
    )
    from_on = DateField(_("First day of the trial"), [filled])
    until_on = DateField(_("Last day of the trial"), [filled])
    only_month = month_only()
    by = SelectField(_("Who holds it?"), validate_choice=False)
    with_whom = line(_("With whom was it discussed?"), _("Groups, not names."), longest=1000)
    cost = line(_("What does it cost, and who pays?"))
    radius = SelectField(
        _("How near are reports that we count?"),
        choices=[SelectChoice(str(metres), _("%(number)s metres", number=metres)) for metres in RADII],
        default="150",
        description=_("Reports before, during and after the trial are counted, each for as many days."),
    )
    text = words(_("What is tried, and why?"), _("Facts. Call nobody by name."))

    def choose(self, subject: Any, bodies: Bodies) -> None:
        self.bodies = bodies()
        self.by.choices = names(self.bodies, _("Ours"))

    def validate_until_on(self, field: Any) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(PROBLEMS["ends_before"])

    @property
    def given(self) -> dict[str, Any]:
        given = {name: self[name].data for name in ("from_on", "until_on", "with_whom", "cost", "text")}
        given |= {"places": spotted(self.places.data), "radius": int(self.radius.data)}
        given["precision"] = "month" if self.only_month.data else "day"
        return given | {"by": chosen(self.bodies, self.by.data or "")}


def spotted(lines: str) -> list[Spot]:
    """Each line as a place; one that the map knows has its point."""
    known = {spot.name.casefold(): spot for spot in spots()}
    written = [name for name in (words.strip() for words in lines.splitlines()) if name]
    found = [(name, known.get(name.casefold())) for name in written]
    return [Spot(name=n, lat=at.lat if at else None, lon=at.lon if at else None) for n, at in found]


class ObserveForm(TrackForm):
    text = words(_("What did you see?"), _("Facts. Call nobody by name."))
    on = past_day(_("On which day?"), _("Leave it empty for today."))


class CloseForm(TrackForm):
    outcome = words(_("What came of it?"))
    decision = RadioField(
        _("What was decided?"),
        [DataRequired(PROBLEMS["no_decision"])],
        choices=[SelectChoice(name, words) for name, words in DECISIONS.items()],
    )
    text = words(_("What else is there to say about the decision?"), missing=False)
    on = past_day(_("On which day?"), _("Leave it empty for today."))
    only_month = month_only()

    @property
    def given(self) -> dict[str, Any]:
        given = {name: self[name].data for name in ("outcome", "decision", "text")}
        return given | dated(self.on.data, self.only_month.data)
