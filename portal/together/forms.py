"""What is asked of those who could do it together."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.dossiers.models import Kind
from portal.petitions.commands import BODY, TITLE
from portal.together import queries
from portal.together.models import Party, Says
from portal.together.overlaps import Overlap
from portal.together.texts import PROBLEMS
from portal.web.forms import OnceForm, at_most, no_website, one_line, strip, whole

NAME, NOTE = 60, 500
CHOICES = [SelectChoice(str(says)) for says in (Says.YES, Says.LATER, Says.NO, Says.ASKED)]


class TogetherForm(OnceForm):
    problems = PROBLEMS


class ProposeForm(TogetherForm):
    """Whom to ask: one of those that are alike, or the number of another one."""

    other = RadioField(_("Which one?"), choices=[], validate_choice=False)
    ref = StringField(
        _("Another one, by its number"),
        [at_most(20)],
        [one_line],
        description=_("It stands on its page, and looks like K-1042."),
    )

    def __init__(self, found: Sequence[Overlap], **more: Any) -> None:
        super().__init__(**more)
        known = [(str(o.dossier.ref), f"{o.dossier.ref} · {o.dossier.title}") for o in found]
        self.other.choices = [SelectChoice(ref, label) for ref, label in known]
        self.why = {str(o.dossier.ref): o.why for o in found}

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants; Invalid when nobody has this number."""
        ref = self.ref.data or self.other.data or ""
        return {"other": queries.by_reference(ref), "why": self.why.get(ref)}


class AnswerForm(TogetherForm):
    """The shared draft, the name under which one is named, and four buttons: yes, later, no, keep them."""

    title = StringField(_("Title"), [DataRequired(PROBLEMS["empty"]), Length(max=TITLE)], [strip])
    body = TextAreaField(_("Text"), [at_most(BODY)], [strip], render_kw={"rows": 8})
    demands = TextAreaField(
        _("What do you ask?"), [], [strip], _("Each demand on a line of its own, ten at most.")
    )
    name = StringField(
        _("Under which name are you named?"),
        [at_most(NAME), no_website],
        [one_line],
        _("A first name, or that of your group. Everybody can read it once all said yes."),
    )
    note = TextAreaField(
        _("A word to the others"),
        [at_most(NOTE)],
        [strip],
        _("Such as how they reach you. They read it once all said yes, and nobody else does."),
        render_kw={"rows": 3},
    )
    version = HiddenField()
    says = RadioField(
        validators=[InputRequired(PROBLEMS["no_choice"])],
        choices=CHOICES,
    )

    def __init__(self, party: Party, **more: Any) -> None:
        asked = party.proposal
        kept = {"title": asked.title, "body": asked.body, "demands": "\n".join(asked.demands)}
        kept |= {"name": party.name, "note": party.note, "version": str(asked.version)}
        super().__init__(data=kept, **more)
        if asked.host.kind != Kind.PETITION:
            del self.demands
        if party.dossier.organisation_id is not None:
            del self.name

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants. The words go along with a yes; what one thinks about a no is not kept."""
        demands = self.demands.data.splitlines() if self.demands else []
        words = (self.title.data, self.body.data.replace("\r\n", "\n"), [d.strip() for d in demands])
        return {
            "says": Says(self.says.data),
            "version": whole(self.version.data) or 0,
            "name": self.name.data if self.name else "",
            "note": self.note.data,
            "words": words,
        }

    def meet(self, party: Party) -> None:
        """What was typed is kept; when somebody else changed the draft, the next try is about the new one."""
        self.version.data = str(party.proposal.version)
