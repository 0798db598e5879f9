"""What a supporter is asked."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from portal.verdicts.texts import SAYS
from portal.web.forms import OnceForm


class VerdictForm(OnceForm):
    """Each choice is a button of its own."""

    says = RadioField(
        _("Is it solved?"),
        [DataRequired(_("Choose one."))],
        choices=[SelectChoice(str(says), words) for says, (words, _icon) in SAYS.items()],
    )
