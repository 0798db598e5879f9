"""What is said of groups."""

from flask_babel import lazy_gettext as lazy
from flask_babel.speaklater import LazyString

from portal.clusters.commands import Problem

PROBLEMS: dict[str, LazyString] = {
    Problem.EMPTY: lazy("Choose at least one dossier."),
    Problem.NOT_ALL: lazy("Leave at least one dossier in the group, else nothing is split."),
    Problem.TOO_LONG: lazy("This is too long."),
}
