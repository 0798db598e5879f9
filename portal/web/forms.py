"""What every form has: the key that makes a second submit the same submit; and fields that many have."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import DateTimeLocalField, HiddenField, SelectMultipleField, ValidationError
from wtforms.i18n import DummyTranslations, get_translations
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, Select, html_params

from portal.kernel.clock import ZONE, now
from portal.kernel.digests import keyed
from portal.kernel.errors import Invalid
from portal.web.keeping import everybodys, proof
from portal.web.tracing import home

LONGEST_KEY = 64
"""Ours are shorter; PostgreSQL's index cannot hold every length."""
MINUTES = "%Y-%m-%dT%H:%M"
ENDINGS = "com net org info biz app dev shop site online xyz top icu club link live me tv cc io co "
ENDINGS += "eu nl be de fr uk ru"
WEBSITE = re.compile(
    rf"://|\bwww\.|\b[\w-]{{2,}}\.(?:{'|'.join(ENDINGS.split())})(?=$|[\s/,;:?#)])", re.IGNORECASE
)
"""What makes a name an advertisement. Initials (`J.de Vries`) and titles (`Dr. Me`) are none."""


def strip(value: str | None) -> str:
    """Without white space around it, and without the character that PostgreSQL cannot keep."""
    return (value or "").replace("\x00", "").strip()


def one_line(value: str | None) -> str:
    """For what stands in a line of a mail: nobody begins a paragraph of it in a field for a name."""
    return " ".join(strip(value).split())


def whole(text: str | None) -> int | None:
    """The number that a page gave along; None for what is none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def at_most(number: int) -> Length:
    return Length(max=number, message=_("This is too long: %(number)s characters at most.", number=number))


def no_website(form: Any, field: Any) -> None:
    """For fields in which a person writes a name that others will read."""
    if field.data and WEBSITE.search(field.data):
        raise ValidationError(_("Write a name, not an address of a website."))


def boxes(label: Any, missing: Any = None, **given: Any) -> SelectMultipleField:
    """Several to choose from, each with a box to tick; at least one when `missing` says what to tell."""
    rules = [DataRequired(missing)] if missing else []
    looks = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, rules, **looks, **given)


class Options(Select):
    """As WTForms' own, written in a tenth of the time: the filter of a list has hundreds of choices."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        attributes = {"id": field.id, "name": field.name} | attributes
        lines = [f"<select {html_params(**attributes)}>"]
        for group, choices in groupby(field.choices, key=lambda choice: choice.optgroup):
            inside = [self._line(choice, field.data) for choice in choices]
            label = f'<optgroup label="{escape(group)}">' if group else ""
            lines += [label, *inside, "</optgroup>"] if group else inside
        return Markup("".join([*lines, "</select>"]))  # noqa: S704 (every word in it is escaped)

    @staticmethod
    def _line(choice: Any, chosen: Any) -> str:
        selected = "selected " if choice.value == chosen else ""
        return f'<option {selected}value="{escape(choice.value)}">{escape(choice.label)}</option>'


class MinuteField(DateTimeLocalField):
    """A day and a time. What is none is not written back: a browser would show an empty field for it."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, format=[MINUTES], **more)

    def _value(self) -> str:
        return str(super()._value()) if self.data else ""

    @property
    def moment(self) -> datetime | None:
        """When that is, read from a clock of the neighbourhood."""
        local: datetime | None = self.data
        return local and local.replace(tzinfo=ZONE).astimezone(UTC)


def new_key() -> str:
    """For one submit of one form; none on a page that everybody gets (OnceForm)."""
    return "" if everybodys() else secrets.token_urlsafe(16)


def _key_of_words() -> str:
    """A key for what was sent now, from here, as it stands."""
    fields = sorted(pair for pair in request.form.items(multi=True) if pair[0] not in {"csrf_token", "once"})
    said = (request.path, home(), now().replace(second=0, microsecond=0).isoformat(), fields)
    return keyed("submit", repr(said)).hex()[:LONGEST_KEY]


@cache
def _own_words(language: str) -> Any:
    """What WTForms itself says in this language; read from its file once, and not for every request.

    In a language that it has no file for, it speaks English.
    """
    try:
        return get_translations([language])
    except FileNotFoundError:
        return DummyTranslations()


class LateToken(FlaskForm.Meta.csrf_class):
    """The token is made when the form is shown: one that was sent and leads to another page needs none."""

    def generate_csrf_token(self, field: Any) -> LazyString:
        return LazyString(proof)


class OnceForm(FlaskForm):
    """A form whose command runs once, however often it is sent. Pass `once=form.once.data` to the command.

    That of a page which everybody gets comes without a key: there the same words within a minute are the same
    submit.
    """

    class Meta(FlaskForm.Meta):
        csrf_class = LateToken

        def get_translations(self, form: Any) -> Any:
            return _own_words(str(get_locale()))

    once = HiddenField(default=new_key, filters=[lambda key: key and key[:LONGEST_KEY]])

    def process(self, *given: Any, **more: Any) -> None:
        super().process(*given, **more)
        if self.once.raw_data == [""]:
            self.once.data = _key_of_words()

    problems: Mapping[str, Any] = {}
    """What is wrong, in words: by the code that the domain gives, or by the field when it gives another."""

    def worded(self, error: Invalid) -> str:
        """What the domain said, for people."""
        return str(self.problems.get(error.message, self.problems.get(error.field, error.message)))

    def refuse(self, error: Invalid) -> None:
        """Put what the domain said beside its field (or above the form)."""
        field: Any = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(self.worded(error))
        else:
            field.errors = [*field.errors, self.worded(error)]

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants."""
        return {name: value for name, value in self.data.items() if name not in {"once", "csrf_token"}}
