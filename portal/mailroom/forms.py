"""What is asked of somebody who answered by mail: what kind of answer it was."""

from typing import Any

from wtforms.fields.choices import SelectChoice

from portal.accounts.models import Organisation
from portal.answers.forms import AnswerForm
from portal.answers.queries import authorities
from portal.mailroom.texts import NAMED


class NameForm(AnswerForm):
    """An answer in the name of one authority; what its mail said stands there already, and can be changed."""

    def of(self, organisation: Organisation) -> "NameForm":
        self.kind.choices = [SelectChoice(str(kind), words) for kind, words in NAMED.items()]
        self.speak_for([organisation], authorities)
        self.organisation.data = organisation.key
        return self

    @property
    def given(self) -> dict[str, Any]:
        """As the command wants it."""
        return self.facts()
