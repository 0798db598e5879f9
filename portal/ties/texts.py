"""Why something may be the same, in words; and what a tie is called on a timeline."""

from flask_babel import format_timedelta, get_locale, ngettext
from flask_babel import gettext as _

from portal.dossiers.texts import Wording, wording
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now
from portal.similar.queries import Suggestion

SAME_SPOT = 10
"""Nearer than so many metres it makes no sense to say how far."""


def reason(found: Suggestion) -> str:
    """Why it may be the same: "120 m away, also about bins, 3 weeks ago, 14 supporters"."""
    parts = []
    if found.metres is not None:
        there = found.metres < SAME_SPOT
        parts.append(_("on the same spot") if there else _("%(number)s m away", number=found.metres))
    if found.same_category and found.dossier.category is not None:
        parts.append(_("also about “%(name)s”", name=found.dossier.category.name(str(get_locale()))))
    elif found.shared:
        parts.append(_("also about “%(name)s”", name=", ".join(found.shared)))
    elif found.meant:
        parts.append(_("much the same in other words"))
    parts.append(format_timedelta(found.opened_at - now(), granularity="day", add_direction=True))
    parts.append(ngettext("%(num)s supporter", "%(num)s supporters", found.supporters))
    return ", ".join(parts)


@wording("tied")
def _tied(entry: Entry) -> Wording:
    ref = entry.data["ref"]
    return Wording(_("Belongs with %(ref)s", ref=ref), "together", "lit", links=[(ref, f"/d/{ref}")])


@wording("untied")
def _untied(entry: Entry) -> Wording:
    ref = entry.data["ref"]
    return Wording(_("Does not belong with %(ref)s after all", ref=ref), "close", links=[(ref, f"/d/{ref}")])
