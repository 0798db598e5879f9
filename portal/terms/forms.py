"""What is asked of who sets a term, or puts an answer off."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.accounts.models import Organisation
from portal.dossiers.models import Category
from portal.kernel.errors import Invalid
from portal.terms.models import OTHER, PETITION
from portal.terms.texts import ABOUT, PROBLEMS, UNITS
from portal.web.forms import OnceForm, strip

WORKING, CALENDAR, EVERYBODYS = "working", "calendar", "default"


class Judged(OnceForm):
    """What is wrong says the domain."""

    def refuse(self, error: Invalid) -> None:
        super().refuse(Invalid(error.field, str(PROBLEMS[error.message])))


class Needed:
    """Says on the page that a field must be filled in; whether it is, the domain judges."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        return


class TermForm(Judged):
    about = SelectField(_("What is it about?"), validate_choice=False)
    unit = RadioField(
        _("How do you count?"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice(WORKING, UNITS[False]),
            SelectChoice(CALENDAR, UNITS[True]),
            SelectChoice(EVERYBODYS, _("as everybody: we set nothing ourselves")),
        ],
        default=WORKING,
    )
    days = IntegerField(
        _("Within how many days do you answer?"),
        [Needed(), Optional()],
        description=_("It holds for what is put to you from now on. What you have already keeps its day."),
        render_kw={"min": "1"},
    )

    def offer(self, categories: Sequence[Category]) -> "TermForm":
        names = {category.slug: category.name(str(get_locale())) for category in categories}
        own = {PETITION: ABOUT[PETITION], **names, OTHER: ABOUT[OTHER]}
        self.about.choices = [SelectChoice(about, name) for about, name in own.items()]
        return self

    @property
    def given(self) -> dict[str, Any]:
        own = self.unit.data != EVERYBODYS
        days = (self.days.data or 0) if own else None
        return {"about": self.about.data, "days": days, "calendar": self.unit.data == CALENDAR}


class ExtendForm(Judged):
    organisation = SelectField(_("In whose name?"), validate_choice=False)
    until = DateField(_("By which day do you answer?"), [Needed(), Optional()])
    reason = TextAreaField(
        _("Why later?"),
        [Needed()],
        filters=[strip],
        description=_("It stands on the timeline, for everybody."),
        render_kw={"rows": 4},
    )

    def speak_for(self, own: Sequence[Organisation], key: str) -> "ExtendForm":
        self.own = {organisation.key: organisation for organisation in own}
        self.organisation.choices = [SelectChoice(o.key, o.name) for o in own]
        if not self.is_submitted():
            self.organisation.data = key if key in self.own else next(iter(self.own), "")
        return self

    @property
    def chosen(self) -> Organisation | None:
        return self.own.get(self.organisation.data or "")

    @property
    def given(self) -> dict[str, Any]:
        until: date | None = self.until.data
        return {"organisation": self.chosen, "until": until, "reason": self.reason.data or ""}
