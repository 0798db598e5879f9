"""What is said about drafts, templates and files, in words."""

from collections.abc import Sequence
from typing import Any

from babel import Locale
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.accounts.models import Organisation
from portal.composer import reading
from portal.composer.commands import (
    ANSWERED,
    MOST_FILES,
    MOVED,
    NO_NAME,
    NO_TEXT,
    THROUGH_PETITION,
    TOO_LONG,
    TOO_MANY,
    UNKNOWN_FIELD,
)
from portal.composer.models import HERE, Presence
from portal.composer.words import FIELDS
from portal.dossiers import pictures
from portal.dossiers.models import Dossier
from portal.kernel.clock import now, today

WRONG: dict[str, Any] = {
    NO_NAME: lazy("Give it a name."),
    NO_TEXT: lazy("Write the words."),
    TOO_LONG: lazy("This is too long. Make it shorter."),
    TOO_MANY: lazy("There are %(num)s files with it already. Take one away first.", num=MOST_FILES),
    reading.NOT_A_FILE: lazy("This is no PDF and no photo. Send a PDF, JPEG, PNG, WebP or HEIC."),
    reading.TOO_HEAVY: lazy("This file is larger than 15 MB. Make it smaller."),
    reading.PDF_BROKEN: lazy("This PDF is broken or locked with a password. Save it anew and try again."),
    reading.TOO_MANY_PAGES: lazy("This PDF has more than 300 pages. Send the part that matters."),
    pictures.BROKEN: lazy("This photo cannot be read. Save it anew and try again."),
    pictures.TOO_LARGE: lazy("This photo has too many pixels. Make it smaller."),
    pictures.TOO_HEAVY: lazy("This file is larger than 15 MB. Make it smaller."),
}
SKIPPED: dict[str, Any] = {
    MOVED: lazy("It was solved, withdrawn, passed on or hidden meanwhile."),
    ANSWERED: lazy("A colleague answered it meanwhile."),
    THROUGH_PETITION: lazy("It got the answer through the petition that it joined."),
}
"""Why one of several dossiers did not get an answer of its own."""


def worded(code: str, found: Sequence[str] = ()) -> str:
    """What is wrong, and where it helps what would be right."""
    if code != UNKNOWN_FIELD:
        return str(WRONG.get(code, code))
    return _(
        "There is no field %(found)s. You can use: %(fields)s.",
        found=", ".join(found),
        fields=", ".join(f"{{{name}}}" for name in FIELDS),
    )


def values(dossier: Dossier, organisation: Organisation, supporters: int) -> dict[str, str]:
    """Field of a template -> what it is for this dossier. What is not known is said in plain words."""
    own = next((a for a in dossier.addressees if a.organisation_id == organisation.id), None)
    due = own.due_on if own else None
    area = dossier.neighbourhood.name if dossier.neighbourhood else ""
    return {
        "title": dossier.title,
        "reference": str(dossier.ref),
        "place": dossier.place_name or area or _("the neighbourhood"),
        "due date": format_date(due, "d MMMM y") if due else _("a day that is not set"),
        "supporters": str(supporters),
        "authority": organisation.name,
        "today": str(format_date(today(), "d MMMM y")),
    }


def here(presence: Presence, organisation: Organisation) -> str:
    """Who else has it before them: a colleague by name, somebody else by their authority."""
    own = presence.organisation_id == organisation.id
    name = (presence.person.name or _("A colleague")) if own else ""
    who = name or _("Somebody of %(authority)s", authority=presence.organisation.name)
    ago = now() - presence.seen_at
    if ago <= HERE:
        return _("%(who)s has this dossier open too.", who=who)
    minutes = max(1, round(ago.total_seconds() / 60))
    return ngettext(
        "%(who)s had this dossier open %(num)s minute ago.",
        "%(who)s had this dossier open %(num)s minutes ago.",
        minutes,
        who=who,
    )


def language(code: str) -> str:
    """The name of a language in the reader's own."""
    return str(Locale.parse(code).get_display_name(get_locale()))
