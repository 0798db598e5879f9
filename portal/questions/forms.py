"""What is asked of somebody who replies to an official."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.questions.commands import LONGEST, NO_TEXT, TOO_LONG
from portal.questions.texts import PROBLEMS
from portal.web.forms import OnceForm, strip


class ReplyForm(OnceForm):
    text = TextAreaField(
        _("Your reply"),
        [DataRequired(PROBLEMS[NO_TEXT]), Length(max=LONGEST, message=PROBLEMS[TOO_LONG])],
        [strip],
        description=_("It stands on the timeline, for everybody. Call nobody by name."),
        render_kw={"rows": 6},
    )
