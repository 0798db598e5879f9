"""What is asked for an account."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.accounts.addresses import LONGEST
from portal.accounts.queries import homes
from portal.places.queries import drawn_around
from portal.web.forms import OnceForm, no_website
from portal.web.languages import languages


class SignInForm(OnceForm):
    email = StringField(
        _("Your mail address"),
        [InputRequired(_("Fill in your mail address.")), Length(max=LONGEST)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
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
    name = StringField(_("Your name"), [Length(max=80), no_website], render_kw={"autocomplete": "name"})
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

    @property
    def given(self) -> dict[str, str]:
        """What the command wants."""
        return {"name": self.name.data.strip(), "locale": self.locale.data, "building": self.building.data}


class EraseForm(OnceForm):
    sure = BooleanField(_("Yes, forget me"), [InputRequired(_("Tick the box if you are sure."))])
