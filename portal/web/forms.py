"""What every form has: the key that makes a second submit the same submit."""

import re
import secrets
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, ValidationError
from wtforms.i18n import DummyTranslations, get_translations

from portal.kernel.errors import Invalid

LONGEST_KEY = 64
"""Ours are shorter; PostgreSQL's index cannot hold every length."""


ENDINGS = "com net org info biz app dev shop site online xyz top icu club link live me tv cc io co "
ENDINGS += "eu nl be de fr uk ru"
WEBSITE = re.compile(
    rf"://|\bwww\.|\b[\w-]{{2,}}\.(?:{'|'.join(ENDINGS.split())})(?=$|[\s/,;:?#)])", re.IGNORECASE
)
"""What makes a name an advertisement. Initials (`J.de Vries`) and titles (`Dr. Me`) are none."""


def no_website(form: Any, field: Any) -> None:
    """For fields in which a person writes a name that others will read."""
    if field.data and WEBSITE.search(field.data):
        raise ValidationError(_("Write a name, not an address of a website."))


def new_key() -> str:
    return secrets.token_urlsafe(16)


@cache
def _own_words(language: str) -> Any:
    """What WTForms itself says in this language; read from its file once, and not for every request.

    In a language that it has no file for, it speaks English.
    """
    try:
        return get_translations([language])
    except FileNotFoundError:
        return DummyTranslations()


class OnceForm(FlaskForm):
    """A form whose command runs once, however often it is sent. Pass `once=form.once.data` to the command."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _own_words(str(get_locale()))

    once = HiddenField(default=new_key, filters=[lambda key: key and key[:LONGEST_KEY]])

    def refuse(self, error: Invalid) -> None:
        """Put what the domain said beside its field (or above the form)."""
        field: Any = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]
