"""Putting the facts of a promise right, saying what became of it, and replying to the ledger."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from portal.dossiers.models import Attachment
from portal.dossiers.pictures import keep
from portal.kernel.errors import Invalid
from portal.promises.forms.shared import (
    Bodies,
    TrackForm,
    chosen,
    dated,
    levels,
    line,
    link,
    month_only,
    names,
    past_day,
    words,
)
from portal.promises.models import Promise, PromiseState
from portal.promises.queries import Line, showing
from portal.promises.texts import SAID
from portal.web.forms import OnceForm

CHOICES: dict[str, Any] = {
    PromiseState.KEPT: _("It was kept"),
    PromiseState.WITHDRAWN: _("It was withdrawn by who promised it"),
    PromiseState.TAKEN_OVER: _("Another body took it over"),
    PromiseState.REVERSED: _("Another body reversed it"),
}
MOST_BYTES = 15_000_000


class CorrectForm(TrackForm):
    by_on = DateField(
        _("Before which day is it ready?"),
        [Optional()],
        description=_("Leave it open when no day was named."),
    )
    role = line(
        _("In which role was it said?"), _("For instance: alderman, area team. No names."), longest=80
    )
    level = levels(_("Where does this body stand?"))
    text = words(
        _("What was wrong, and how do you know?"), _("This note stands on the timeline, for everybody.")
    )

    def choose(self, subject: Promise, bodies: Bodies) -> None:
        if not self.is_submitted():
            self.by_on.data, self.role.data = subject.by_on, subject.role
            self.level.data = subject.level or ""


class SettleForm(TrackForm):
    state = RadioField(
        _("What became of it?"),
        [DataRequired(_("Choose what became of it."))],
        choices=[SelectChoice(k, v) for k, v in CHOICES.items()],
    )
    body = SelectField(
        _("Which other body?"),
        description=_("Only when another body took it over or reversed it."),
        validate_choice=False,
    )
    on = past_day(_("On which day?"), _("Leave it empty for today."))
    only_month = month_only()
    text = words(_("What happened?"), _("Facts. Call nobody by name."))
    url = link(_("Where can one see it?"))
    entry = SelectField(_("Which entry of the timeline shows it?"), validate_choice=False)
    photo = FileField(_("A photo that shows it"), render_kw={"accept": "image/*"})
    alt = line(_("What can one see on the photo?"), _("For those who cannot see it."))

    def choose(self, subject: Promise, bodies: Bodies) -> None:
        self.bodies = [o for o in bodies() if o.id != subject.organisation_id]
        self.body.choices = names(self.bodies, _("None"))
        self.state.choices = [SelectChoice(k, v) for k, v in CHOICES.items() if k != subject.state]
        self.entries = showing(subject)
        told = [SelectChoice(str(e.seq), f"{e.on}: {e.text}"[:80]) for e in self.entries]
        self.entry.choices = [SelectChoice("", _("None")), *told]

    @property
    def given(self) -> dict[str, Any]:
        return {
            "state": self.state.data or "",
            "body": chosen(self.bodies, self.body.data or ""),
            "text": self.text.data,
            "url": self.url.data,
            "entry": next((e for e in self.entries if str(e.seq) == self.entry.data), None),
            "photo": self._photo(),
            **dated(self.on.data, self.only_month.data),
        }

    def _photo(self) -> Attachment | None:
        """Kept before the command begins: that takes a second."""
        content = self.photo.data.read(MOST_BYTES + 1) if self.photo.data else b""
        if not content:
            return None
        try:
            return keep(content, self.alt.data)
        except Invalid as error:
            raise Invalid("photo", str(_("We cannot read this photo. Choose another one."))) from error


class SayForm(OnceForm):
    """Three buttons."""

    said = RadioField(choices=[SelectChoice(k, v) for k, v in SAID.items()])


class ReplyForm(TrackForm):
    text = words(
        _("What does your organisation say about this?"),
        _("It stands beside the line in the ledger, and on the timeline. Name nobody."),
        longest=1000,
    )

    def choose(self, subject: Line, bodies: Bodies) -> None:
        """Nothing to choose."""
