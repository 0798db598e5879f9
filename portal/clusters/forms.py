"""What is asked of those who look at a group: which dossiers, and why not."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, TextAreaField
from wtforms.validators import DataRequired

from portal.clusters.commands import REASON
from portal.clusters.queries import Group
from portal.clusters.texts import PROBLEMS
from portal.web.forms import OnceForm, at_most, boxes, strip


class ChosenForm(OnceForm):
    """Which of the dossiers in a group. Those that left it meanwhile are left out."""

    problems = PROBLEMS

    dossiers = boxes(_("Which dossiers?"), PROBLEMS["empty"], validate_choice=False)

    def __init__(self, group: Group, **more: Any) -> None:
        super().__init__(**more)
        self.group = group
        self.dossiers.choices = [SelectChoice(str(d.ref), d.title) for d in group.dossiers]
        if self.dossiers.data is None:  # nobody ticked anything yet
            self.dossiers.data = [str(dossier.ref) for dossier in group.askable]

    @property
    def given(self) -> dict[str, Any]:
        chosen = set(self.dossiers.data or ())
        return {"dossiers": [dossier for dossier in self.group.dossiers if dossier.ref in chosen]}


class AsideForm(OnceForm):
    """Why a group is set aside."""

    problems = PROBLEMS | {"empty": _("Write why, for whoever looks here next.")}

    reason = TextAreaField(
        _("Why not now?"),
        [DataRequired(problems["empty"]), at_most(REASON)],
        [strip],
        description=_("Only your organisation reads this."),
    )
