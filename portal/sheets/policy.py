"""Who prints sheets, who types them in, and who sees what was written on them."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.accounts.policy import moderator, organiser
from portal.dossiers.policy import (
    is_petition,
    not_hidden,
    open_to_signing,
    organises_it,
    platform_of_place,
    speaks_for_it,
    visible,
)
from portal.kernel.policy import RULES, Rule


class Do(StrEnum):
    ISSUE = "sheets.issue"
    OPEN = "sheets.open"
    """The page where a code is typed."""
    LIST = "sheets.list"
    READ = "sheets.read"
    SEE_WRITTEN = "sheets.see_written"
    """The photo, and the names."""
    START = "sheets.start"
    WRITE = "sheets.write"
    UNDO = "sheets.undo"
    PAUSE = "sheets.pause"
    CLOSE = "sheets.close"
    REOPEN = "sheets.reopen"
    PHOTOGRAPH = "sheets.photograph"
    REMOVE = "sheets.remove"
    CHECK = "sheets.check"


def contact(actor: Any, subject: Any) -> bool:
    return Role.CONTACT in actor.roles


def works_on(actor: Any, sheet: Any) -> bool:
    """Whoever may type in the sheets of this dossier."""
    dossier = sheet.dossier
    return speaks_for_it(actor, dossier) or platform_of_place(actor, dossier) or moderator(actor, dossier)


def of_its_organisation(actor: Any, sheet: Any) -> bool:
    """An organiser or contact of the organisation that printed it and goes round with it."""
    own = actor.organisation_ids(Role.ORGANISER, Role.CONTACT) if actor.is_authenticated else frozenset()
    return sheet.organisation_id in own


def types_it(actor: Any, sheet: Any) -> bool:
    """The one who types it in, or did so last; they hold the paper in their hands."""
    return actor.is_authenticated and sheet.entering_by_id == actor.id


def counts_still(actor: Any, sheet: Any) -> bool:
    """The dossier can still be signed, and a moderator has not hidden it."""
    return open_to_signing(actor, sheet.dossier) and not_hidden(actor, sheet.dossier)


def not_forgotten(actor: Any, sheet: Any) -> bool:
    return sheet.dossier.forgotten_at is None


def not_entered(actor: Any, sheet: Any) -> bool:
    return sheet.entered_at is None


def entered(actor: Any, sheet: Any) -> bool:
    return sheet.entered_at is not None


def being_entered(actor: Any, sheet: Any) -> bool:
    return bool(sheet.being_entered)


def free(actor: Any, sheet: Any) -> bool:
    return not sheet.being_entered or types_it(actor, sheet)


WRITERS: list[Rule] = [works_on, not_entered, types_it, counts_still]
"""Who began goes on, also after a long break, as long as nobody took it over."""
KEEPERS: list[list[Rule]] = [[of_its_organisation], [works_on, types_it], [moderator]]
"""Who may see what people wrote on the paper: those who went round with it, who types it, moderators."""

RULES.update(
    {
        Do.ISSUE: [
            [who, is_petition, visible, open_to_signing, not_hidden]
            for who in (organises_it, platform_of_place)
        ],
        Do.OPEN: [[organiser], [contact], [moderator]],
        Do.LIST: [[who, is_petition] for who in (speaks_for_it, platform_of_place, moderator)],
        Do.READ: [[works_on], [of_its_organisation]],
        Do.SEE_WRITTEN: KEEPERS,
        Do.START: [[works_on, not_entered, free, counts_still]],
        Do.WRITE: [WRITERS],
        Do.UNDO: [WRITERS],
        Do.PAUSE: [[works_on, not_entered, types_it, being_entered]],
        Do.CLOSE: [WRITERS],
        Do.REOPEN: [[works_on, entered, counts_still]],
        Do.PHOTOGRAPH: [[*who, not_forgotten] for who in KEEPERS],
        Do.REMOVE: [[*who, entered, not_forgotten] for who in KEEPERS],
        Do.CHECK: [[*who, entered, not_forgotten] for who in KEEPERS],
    }
)
