"""What the moving map says, in the language of the page."""

from collections.abc import Callable

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.dossiers.models import Kind
from portal.dossiers.texts import STATES

HIGHEST = 200
"""Every form that a language has for numbers, some whole number up to this one takes."""


def forms(say: Callable[[int], str]) -> dict[str, str]:
    """A sentence with a number in each form that the language has, with {} where the number stands."""
    locale, found = get_locale(), {}
    tag = locale.plural_form if locale else str
    for number in range(HIGHEST):
        if tag(number) not in found:
            found[tag(number)] = say(number).replace(str(number), "{}", 1)
    return found


def words() -> dict[str, object]:
    return {
        "map": _("Map"),
        "nearer": _("Nearer"),
        "farther": _("Farther"),
        "close": _("Close"),
        "here": _("You are here"),
        "outlines": _("Outlines: Gemeente Amsterdam"),
        "kinds": {Kind.ISSUE: _("report"), Kind.PLAN: _("plan"), Kind.PETITION: _("petition")},
        "states": {str(name): str(word) for name, word in STATES.items()},
        "supporters": forms(lambda n: ngettext("%(num)s supporter", "%(num)s supporters", n)),
        "dossiers": forms(lambda n: ngettext("%(num)s dossier", "%(num)s dossiers", n)),
        "more": _("Look nearer"),
    }
