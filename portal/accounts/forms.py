"""What is asked for an account."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from portal.accounts.addresses import LONGEST
from portal.accounts.queries import homes
from portal.accounts.texts import PROBLEMS
from portal.places.queries import drawn_around
from portal.web.forms import OnceForm, at_most, no_website, one_line, strip
from portal.web.languages import languages

NAME = 80


def name_field(label: Any, missing: Any = None, hint: Any = "", *, own: bool = True) -> StringField:
    """A name that others will read; required when `missing` says what to tell who leaves it empty.

    The device offers to fill it in where it is the `own` one.
    """
    rules = [DataRequired(missing)] if missing else []
    how = {"autocomplete": "name" if own else "off"}
    return StringField(label, [*rules, at_most(NAME), no_website], [one_line], hint, render_kw=how)


def mail_field(label: Any, missing: Any, hint: Any = "", *, own: bool = True) -> StringField:
    rules = [DataRequired(missing), Length(max=LONGEST, message=_("This address is too long."))]
    how = {"type": "email", "autocomplete": "email" if own else "off", "inputmode": "email"}
    return StringField(label, rules, [strip], hint, render_kw=how)


class SignInForm(OnceForm):
    problems = PROBLEMS
    email = mail_field(_("Your mail address"), _("Fill in your mail address."))
    next = HiddenField()


class EnterForm(OnceForm):
    pass


def _buildings() -> list[SelectChoice]:
    """Flats and courts by neighbourhood, as residents draw it."""
    found = [SelectChoice("", _("I'd rather not say"))]
    for name, code in homes().buildings.items():
        around = drawn_around(code)
        found.append(SelectChoice(name, name, optgroup=around.name if around else None))
    return sorted(found, key=lambda choice: choice.optgroup or "")


class AccountForm(OnceForm):
    name = name_field(_("Your name"))
    locale = SelectField(
        _("Language of your mails"), choices=lambda: [SelectChoice(code, name) for code, name in languages()]
    )
    building = SelectField(
        _("Your building"),
        default="",
        choices=_buildings,
        validate_choice=False,
        description=_("Only the number of buildings is shown, never who lives where."),
    )

    def validate_building(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Choose a building from the list."))


class EraseForm(OnceForm):
    sure = BooleanField(_("Yes, forget me"), [InputRequired(_("Tick the box if you are sure."))])
