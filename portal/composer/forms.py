"""What is asked of somebody who writes an answer with drafts, templates and files, or one for several."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.accounts.models import Organisation
from portal.answers.forms import AnswerForm, Needed, choices
from portal.answers.models import Answer
from portal.answers.texts import KINDS
from portal.composer.commands import LONGEST_TEMPLATE, Template
from portal.composer.models import LONGEST_NAME, AnswerDraft, AnswerFile, AnswerTemplate
from portal.composer.texts import worded
from portal.composer.words import fill
from portal.dossiers.models import Dossier
from portal.web.forms import OnceForm

TEMPLATE = "template"
"""The step of an answer at which a template is filled in."""


class ComposeForm(AnswerForm):
    """An answer that is kept as a draft while it is written."""

    seen = HiddenField()
    """The last entry of the timeline when the form was opened."""
    version = StringField()
    files = StringField()
    """Of the draft that was read, and what was with it: not asked, carried along by the page."""
    template = SelectField(_("Begin with a template"), validate_choice=False)

    @classmethod
    def begun(cls, dossier: Dossier, draft: AnswerDraft | None, **given: Any) -> "ComposeForm":
        """As it stands in the draft; `given` goes before it."""
        kept = {**(draft.values if draft else {}), **{name: v for name, v in given.items() if v}}
        form = cls(formdata=MultiDict(kept))
        form.seen.data = str(dossier.entry_count)
        form.version.data = draft.version if draft else ""
        return form

    @property
    def seen_until(self) -> int | None:
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else None

    @property
    def chosen_files(self) -> list[str]:
        return (self.files.data or "").split()

    @property
    def speaker(self) -> Organisation:
        """In whose name it is."""
        return super().answer().organisation

    def with_files(self, files: Sequence[AnswerFile]) -> "ComposeForm":
        self.attached = files
        return self

    def answer(self) -> Answer:
        found = [file.fact() for file in self.attached if file.large in self.chosen_files]
        return replace(super().answer(), files=found)

    def offer_templates(self, templates: Sequence[AnswerTemplate]) -> None:
        self.known = {str(one.id): one for one in templates}
        named = {"": _("Choose a template"), **{key: one.name for key, one in self.known.items()}}
        self.template.choices = choices(named)

    def fill_in(self, values: Mapping[str, str]) -> None:
        """The chosen template, behind what was typed already: nothing of that is lost."""
        one = self.known.get(self.template.data or "")
        self.template.data = ""
        if one is None:
            return
        typed = (self.text.data or "").rstrip()
        self.text.data = "\n\n".join(part for part in (typed, fill(one.text, values)) if part)
        self.kind.data = self.chosen or one.kind or self.kind.data


class SeveralForm(AnswerForm):
    """One answer to several dossiers, each with the last entry that was read: `K-1042:7 K-1043:3`."""

    dossiers = HiddenField()
    first_fields: list[Any] = []

    @property
    def read(self) -> dict[str, int]:
        """Reference -> the last entry that was read."""
        parts = (part.rpartition(":") for part in (self.dossiers.data or "").split())
        return {ref.upper(): int(seq) for ref, _, seq in parts if seq.isdecimal() and len(seq) < 10}

    def note(self, dossiers: Sequence[Dossier]) -> None:
        """Remember how far each was read, unless that was done when it was chosen."""
        known = self.read
        self.dossiers.data = " ".join(f"{d.ref}:{known.get(str(d.ref), d.entry_count)}" for d in dossiers)


class TemplateForm(OnceForm):
    """A template of an authority."""

    name = StringField(
        _("What is it called?"),
        [Needed(), Length(max=LONGEST_NAME)],
        description=_("Only you and your colleagues see this."),
    )
    kind = SelectField(_("For which kind of answer?"), default="")
    text = TextAreaField(_("The words"), [Needed(), Length(max=LONGEST_TEMPLATE)], render_kw={"rows": 8})

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.kind.choices = choices({"": _("Any kind"), **KINDS})

    @property
    def given(self) -> dict[str, Any]:
        return {"name": self.name.data or "", "text": self.text.data or "", "kind": self.kind.data or ""}

    def right(self, deed: Callable[[], Any]) -> bool:
        """Do it; when the domain refuses, its words stand beside the field."""
        if not self.validate():
            return False
        try:
            deed()
        except Template as error:
            self._fields[error.field].errors = [worded(error.message, error.found)]
        return not self.errors
