"""What is asked of who looks at signatures: by what they are found, and what is done with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.accounts.forms import NAME
from portal.dossiers.conditions import Conditions
from portal.dossiers.forms import REASON, ReasonForm, words
from portal.dossiers.limits import Waiting
from portal.dossiers.models import Stand
from portal.integrity.queries import Network
from portal.integrity.texts import WAYS
from portal.kernel.clock import ZONE
from portal.web.forms import MINUTES, MinuteField, OnceForm, boxes, one_line


class ConditionsForm(Form):
    """By what signatures are found, from the address of the page; what nobody knows is left out."""

    network = SelectField(_("From which network?"), default="")
    domain = StringField(_("With mail addresses at"), [Length(max=NAME)], [one_line])
    since = MinuteField(_("From"), [Optional()])
    until = MinuteField(_("Until"), [Optional()])
    way = SelectField(_("How did they come?"), default="")
    stand = SelectField(_("At which stand?"), default="")
    name = StringField(_("Their names begin with"), [Length(max=NAME)], [one_line])
    disposable = BooleanField(_("Their mail addresses are made to be thrown away"))

    @classmethod
    def of(
        cls, given: MultiDict[str, str], networks: Iterable[Network], stands: Iterable[Stand]
    ) -> "ConditionsForm":
        form = cls(given)
        known = [SelectChoice(str(n.first), _("Network %(letter)s", letter=n.letter)) for n in networks]
        asked = given.get("network", "")
        if asked.isdecimal() and asked not in {choice.value for choice in known}:
            known.append(SelectChoice(asked, _("Another network")))
        form.network.choices = [SelectChoice("", _("Any")), *known]
        form.way.choices = [
            SelectChoice("", _("Any")),
            *(SelectChoice(way, said) for way, said in WAYS.items()),
        ]
        places = [SelectChoice(str(stand.id), stand.place_name) for stand in stands]
        form.stand.choices = [SelectChoice("", _("Any")), *places]
        form.validate()
        return form

    @property
    def chosen(self) -> Conditions:
        known = {name: value for name, value in self.data.items() if value and name not in self.errors}
        for name in ("network", "stand"):
            if name in known:
                known[name] = int(known[name])
        for name in ("since", "until"):
            if name in known:
                known[name] = self[name].moment
        return Conditions(**known)


def as_query(conditions: Conditions) -> dict[str, Any]:
    """The conditions as they stand in an address."""
    given = conditions.given
    times = {
        name: moment.astimezone(ZONE).strftime(MINUTES)
        for name in ("since", "until")
        if isinstance(moment := getattr(conditions, name), datetime)
    }
    return given | times | ({"disposable": "y"} if conditions.disposable else {})


class StrikeForm(ReasonForm):
    """`expected`: as many as the preview said, so that nothing is struck out that nobody saw."""

    expected = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class UndoForm(ReasonForm):
    """With a reason, too: everybody reads that what was struck out counts again."""


LET, REFUSE = "let", "refuse"


class LookForm(OnceForm):
    groups = boxes(_("Which?"), _("Choose at least one."), coerce=int, validate_choice=False)
    last = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    decision = RadioField(
        _("What do you decide?"),
        [DataRequired(_("Choose one."))],
        choices=[SelectChoice(LET, _("Let them count")), SelectChoice(REFUSE, _("Refuse them"))],
    )
    reason = words(
        _("The reason, if you refuse them"),
        hint=_("It is public: it stands on the timeline, and who signed reads it. Name nobody."),
        longest=REASON,
    )

    def offer(self, found: Sequence[Waiting], labels: Sequence[str]) -> None:
        """What waits, all of it ticked beforehand: one looks at the whole list."""
        self.groups.choices = [
            SelectChoice(group.first, label) for group, label in zip(found, labels, strict=True)
        ]
        if not self.is_submitted():
            self.groups.data = [group.first for group in found]
            self.last.data = max((group.last for group in found), default=0)

    def validate_reason(self, field: Any) -> None:
        if self.decision.data == REFUSE and not field.data:
            raise ValidationError(_("Write the reason."))

    @property
    def given(self) -> dict[str, Any]:
        accept = self.decision.data == LET
        return {
            "groups": self.groups.data,
            "last": self.last.data,
            "accept": accept,
            "reason": self.reason.data,
        }
