"""Fields that several of these forms have, and how what the domain refuses stands beside them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from portal.accounts.models import Organisation
from portal.dossiers.forms import EARLIEST, REASON, WEB, host_of
from portal.kernel.clock import today
from portal.kernel.errors import Invalid
from portal.promises.texts import LEVELS, PROBLEMS
from portal.web.forms import OnceForm, strip

WORDS = 3000
LINE = 200
TOO_LONG = PROBLEMS["too_long"]
Bodies = Callable[[], Sequence[Organisation]]


class TrackForm(OnceForm):
    """A form about a promise, a trial, or the dossier of both."""

    def choose(self, subject: Any, bodies: Bodies) -> None:
        """Fill in what can be chosen, and what is known already; looked up by who needs it."""

    def refuse(self, error: Invalid) -> None:
        super().refuse(Invalid(error.field, str(PROBLEMS.get(error.message, error.message))))

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants."""
        return {name: value for name, value in self.data.items() if name not in {"once", "csrf_token"}}


def words(label: Any, hint: Any = "", *, missing: bool = True, longest: int = WORDS) -> TextAreaField:
    rules: list[Any] = [DataRequired(PROBLEMS["empty"])] if missing else []
    rules.append(Length(max=longest, message=TOO_LONG))
    return TextAreaField(label, rules, [strip], hint, render_kw={"rows": 4})


def line(label: Any, hint: Any = "", *, missing: bool = False, longest: int = LINE) -> StringField:
    rules: list[Any] = [DataRequired(PROBLEMS["empty"])] if missing else []
    return StringField(label, [*rules, Length(max=longest, message=TOO_LONG)], [strip], hint)


def link(label: Any, *, missing: bool = False) -> StringField:
    rules: list[Any] = [DataRequired(PROBLEMS["empty"])] if missing else []
    rules += [Length(max=REASON, message=TOO_LONG), _web]
    hint = _("An address that begins with https://")
    return StringField(label, rules, [strip], hint, render_kw={"inputmode": "url"})


def _web(form: Any, field: Any) -> None:
    if field.data and not (WEB.match(field.data) and host_of(field.data)):
        raise ValidationError(_("Write an address that begins with https://"))


def past_day(label: Any, hint: Any = "", *, missing: bool = False) -> DateField:
    return DateField(label, [filled if missing else Optional(), _been], description=hint)


def filled(form: Any, field: Any) -> None:
    if field.data is None:
        raise ValidationError(PROBLEMS["empty"])


filled.field_flags = {"required": True}  # type: ignore[attr-defined]


def _been(form: Any, field: Any) -> None:
    if field.data and not EARLIEST <= field.data <= today():
        raise ValidationError(_("Choose a day that has been."))


def month_only() -> BooleanField:
    return BooleanField(_("Only the month is known"))


def levels(label: Any) -> SelectField:
    choices = [SelectChoice("", _("We do not know")), *(SelectChoice(k, v) for k, v in LEVELS.items())]
    return SelectField(label, choices=choices)


def names(bodies: Sequence[Organisation], first: Any) -> list[SelectChoice]:
    return [SelectChoice("", first), *(SelectChoice(o.key, o.name) for o in bodies)]


def chosen(bodies: Sequence[Organisation], key: str) -> Organisation | None:
    return next((o for o in bodies if o.key == key), None)


def dated(on: date | None, only_month: bool) -> dict[str, Any]:
    """The day and how precise it is, as the commands want it."""
    if on is None:
        return {"on": None, "precision": "day"}
    return {"on": on.replace(day=1), "precision": "month"} if only_month else {"on": on, "precision": "day"}
