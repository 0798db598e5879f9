"""What the list on the desk is narrowed to."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField

from portal.accounts.models import Organisation
from portal.desk import queries
from portal.dossiers.forms import NarrowingForm
from portal.dossiers.queries import categories


class DeskFilter(NarrowingForm):
    category = SelectField(_("What is it about?"))
    neighbourhood = SelectField(_("Which part of the neighbourhood?"))

    @classmethod
    def of(cls, organisation: Organisation, given: Any) -> "DeskFilter":
        """From the address of the page; what nobody knows is left out."""
        form, language = cls(given), str(get_locale())
        names = (SelectChoice(category.slug, category.name(language)) for category in categories())
        form.category.choices = [SelectChoice("", _("Anything")), *names]
        parts = (SelectChoice(part.code, part.name) for part in queries.buurten(organisation))
        form.neighbourhood.choices = [SelectChoice("", _("All parts")), *parts]
        form.validate()
        return form
