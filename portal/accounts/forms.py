"""What is asked for an account."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
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


def code_field(label: Any, missing: Any, hint: Any = "") -> StringField:
    """For a code of an app, a mail or a paper: phones show numbers first, and offer what just came in."""
    how = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "characters"}
    return StringField(label, [DataRequired(missing), at_most(80)], [strip], hint, render_kw=how)


def password_field(label: Any, missing: Any, hint: Any = "", *, new: bool = False) -> PasswordField:
    """Nothing is cut off or changed, and a password manager may fill it in."""
    how = {"autocomplete": "new-password" if new else "current-password"}
    return PasswordField(label, [DataRequired(missing), at_most(200)], description=hint, render_kw=how)


YOUR_CODE = _("Code")
FROM_APP = _("The six digits in your app. Without your phone: one of your recovery codes.")
NO_CODE = _("Fill in the code.")


class OrPasskey(OnceForm):
    """Instead of the code a passkey may have answered, by the script of the button."""

    code_name = "code"
    key = HiddenField(name="passkey")

    def validate(self, extra_validators: Any = None) -> bool:
        if self.key.data:
            self._fields[self.code_name].validators = []
        return bool(super().validate(extra_validators))


class PasswordForm(OrPasskey):
    problems = PROBLEMS
    email = mail_field(_("Your mail address"), _("Fill in your mail address."))
    password = password_field(_("Password"), _("Fill in your password."))
    code = code_field(YOUR_CODE, NO_CODE, FROM_APP)
    next = HiddenField()


class ProveForm(OrPasskey):
    """Its fields have names that no other form has: they may be sent along with what another one holds."""

    code_name = "proof"
    proof = code_field(YOUR_CODE, NO_CODE)
    key = HiddenField(name="proof_key")
    next = HiddenField()


class FactorForm(OnceForm):
    problems = PROBLEMS
    secret = HiddenField()
    password = password_field(
        _("New password"),
        _("Choose a password."),
        _("12 characters or more. Three or four words are easy to keep in mind."),
        new=True,
    )
    code = code_field(YOUR_CODE, NO_CODE, _("The six digits that your app shows now."))


class PasskeyForm(OnceForm):
    problems = PROBLEMS
    name = StringField(
        _("What you call it"),
        [DataRequired(_("Give it a name.")), at_most(NAME)],
        [one_line],
        _("Such as: my phone, or: the key on my keyring."),
        render_kw={"autocomplete": "off"},
    )
    made = HiddenField()


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


class HideForm(OnceForm):
    words = BooleanField(_("Also remove for good the reasons I gave, and what I told on timelines"))


class EraseForm(OnceForm):
    sure = BooleanField(_("Yes, forget me"), [InputRequired(_("Tick the box if you are sure."))])
