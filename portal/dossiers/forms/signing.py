"""What is asked of somebody who signs, at home or at a stand, or who changes what they signed."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice

from portal.accounts.forms import mail_field, name_field
from portal.accounts.texts import PROBLEMS
from portal.dossiers.forms.fields import REASON, words
from portal.web.forms import OnceForm


class SignForm(OnceForm):
    """For somebody who is signed in the address is known: `known=True` leaves it out.

    Nobody is asked for a building where there are none, or when theirs is known: then `buildings` is empty.
    """

    problems = PROBLEMS
    name = name_field(
        _("Your name"), hint=_("Only on the list for the authority, unless you tick the box below.")
    )
    email = mail_field(
        _("Your mail address"),
        _("Write your mail address."),
        _("You get one mail to confirm. Nobody else sees your address."),
    )
    building = SelectField(_("Your building"), default="", validate_choice=False)
    reason = words(
        _("Why do you join?"),
        hint=_("Everybody can read this, without your name unless you tick the box below."),
        longest=REASON,
        rows=3,
    )
    shown = BooleanField(_("Show my name on this page"))
    joins_bundle = BooleanField(
        _("Count me too if this is bundled"),
        description=_(
            "If it becomes part of a petition you count there as well. You get a mail and can step out."
        ),
    )

    def __init__(self, *, known: bool, buildings: Sequence[str], **given: Any) -> None:
        super().__init__(**given)
        self.known = known
        if buildings:
            names = [SelectChoice(name, name) for name in buildings]
            self.building.choices = [SelectChoice("", _("I'd rather not say")), *names]
        else:
            del self.building
        if known:
            del self.email
        else:
            self.name.flags.required = True

    def validate_name(self, field: Any) -> None:
        if not field.data and not self.known:
            raise ValidationError(_("Write your name."))
        if not field.data and self.shown.data:
            raise ValidationError(_("Write the name that may be shown."))

    def validate_building(self, field: Any) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Choose a building from the list."))

    @property
    def key(self) -> str:
        """The same form with another address, sent by the next one at the same device, is another submit."""
        address = "" if self.known else self.email.data
        return hashlib.sha256(f"{self.once.data} {address}".encode()).hexdigest()


class RenameForm(OnceForm):
    """The name under a signature that is there already, and whether everybody sees it."""

    name = name_field(_("Your name"), _("Write your name."))
    shown = BooleanField(_("Show my name on the page"))


class StandSignForm(SignForm):
    """On the device of a stand: short, and it offers nobody the name of the one before."""

    def __init__(self, **given: Any) -> None:
        super().__init__(known=False, buildings=[], **given)
        del self.reason, self.joins_bundle
        for field in (self.name, self.email):
            field.render_kw = field.render_kw | {"autocomplete": "off"}


class ButtonForm(OnceForm):
    """One button and nothing else."""


class QuietForm(ButtonForm):
    """Two buttons: no mails, or mails again."""

    quiet = StringField()
