"""Fields that forms on dossiers share, here and in the features."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.dossiers import queries
from portal.web.forms import at_most, one_line, strip

TITLE, WORDS, REASON = 100, 3000, 500
PICTURES = "image/jpeg,image/png,image/webp,image/heic,image/heif"
"""Which files a field for photos offers to choose."""
EVERYBODY = _("It stands on the timeline, for everybody.")


def title_field(label: Any) -> StringField:
    """What a report says it is about."""
    rules = [
        DataRequired(_("Say in one sentence what it is.")),
        Length(max=TITLE, message=_("This sentence may have 100 characters. Tell the rest below.")),
    ]
    hint = _("For example: lamp under the metro line is broken")
    return StringField(label, rules, [one_line], hint)


def words(label: Any, missing: Any = None, *, hint: Any, longest: int = WORDS, **how: Any) -> TextAreaField:
    """A field for a piece of text; required when `missing` says what to tell who leaves it empty."""
    rules = [DataRequired(missing)] if missing else []
    return TextAreaField(label, [*rules, at_most(longest)], [strip], hint, render_kw={"rows": 4} | how)


def by_main(first: Any) -> list[SelectChoice]:
    """What a dossier can be about, by main category; `first`: what stands above as long as none is chosen."""
    language = str(get_locale())
    return [SelectChoice("", first)] + [
        SelectChoice(category.slug, category.name(language), optgroup=category.main_name(language))
        for category in queries.categories()
    ]
