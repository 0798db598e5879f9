"""What every form has: the key that makes a second submit the same submit."""

import secrets
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.i18n import get_translations

from portal.kernel.errors import Invalid

LONGEST_KEY = 64
"""Ours are shorter; PostgreSQL's index cannot hold every length."""


def new_key() -> str:
    return secrets.token_urlsafe(16)


@cache
def _own_words(language: str) -> Any:
    """What WTForms itself says in this language; read from its file once, and not for every request."""
    return get_translations([language])


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
