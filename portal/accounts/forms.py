"""What is asked for an account."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.accounts.addresses import LONGEST
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


class AccountForm(OnceForm):
    name = StringField(_("Your name"), [Length(max=80), no_website], render_kw={"autocomplete": "name"})
    locale = SelectField(
        _("Language of your mails"), choices=lambda: [SelectChoice(code, name) for code, name in languages()]
    )


class EraseForm(OnceForm):
    sure = BooleanField(_("Yes, forget me"), [InputRequired(_("Tick the box if you are sure."))])
