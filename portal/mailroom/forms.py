"""What is asked of somebody who answered by mail, or who lets such a mail in: what kind of answer it was."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField

from portal.accounts.models import Organisation
from portal.answers.forms import AnswerForm, Needed, choices
from portal.answers.queries import authorities, entry_of
from portal.answers.texts import KINDS, NAMES, WAS_DECIDED
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.mailroom.commands import how
from portal.mailroom.models import Mail
from portal.mailroom.queries import words_of
from portal.mailroom.texts import NAMED


class NameForm(AnswerForm):
    """An answer in the name of one authority; what its mail said stands there already, and can be changed."""

    def of(self, organisation: Organisation, kinds: Mapping[str, Any] = NAMED) -> "NameForm":
        self.kind.choices = choices(dict(kinds))
        self.speak_for([organisation], authorities)
        self.organisation.data = organisation.key
        return self

    @property
    def given(self) -> dict[str, Any]:
        """As the command wants it."""
        return self.facts()


class LetInForm(NameForm):
    """What a mail that waits says, as somebody else reads it. Its words stay as they came."""

    kind = RadioField(_("What kind of answer was it?"), [Needed()])
    level = RadioField(
        _("Was it a decision?"), [Needed()], choices=choices(WAS_DECIDED), validate_choice=False
    )

    def of_mail(self, mail: Mail) -> "LetInForm":
        self.mail = mail
        self.of(mail.addressee.organisation, {kind: NAMES[kind][0] for kind in KINDS})
        self.text.data = words_of(mail)
        return self

    def own_fields(self) -> list[Any]:
        return [field for field in super().own_fields() if field is not self.text]

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.facts().items() if name != "text"}

    def entry(self, actor: Any, dossier: Dossier) -> Entry:
        """What would stand on the timeline, with what came along."""
        return entry_of(dossier, self.answer(), facts=how(self.mail, actor))
