"""Who prints sheets, who types them in, and who sees what was written on them."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.accounts.policy import moderator
from portal.dossiers.policy import (
    is_petition,
    not_hidden,
    open_to_signing,
    platform_of_place,
    speaks_for_it,
    visible,
)
from portal.kernel.policy import RULES, Rule


class Do(StrEnum):
    ISSUE = "sheets.issue"
    LIST = "sheets.list"
    READ = "sheets.read"
    SEE_PHOTO = "sheets.see_photo"
    START = "sheets.start"
    WRITE = "sheets.write"
    UNDO = "sheets.undo"
    PAUSE = "sheets.pause"
    CLOSE = "sheets.close"
    REOPEN = "sheets.reopen"
    PHOTOGRAPH = "sheets.photograph"
    REMOVE = "sheets.remove"
    CHECK = "sheets.check"


def organises_it(actor: Any, dossier: Any) -> bool:
    """An organiser, today, of the organisation whose petition it is."""
    return actor.is_authenticated and dossier.organisation_id in actor.organisation_ids(Role.ORGANISER)


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


def holds_it(actor: Any, sheet: Any) -> bool:
    """It is theirs at this moment: nobody else can type."""
    return types_it(actor, sheet) and sheet.being_entered


def free(actor: Any, sheet: Any) -> bool:
    return not sheet.being_entered or types_it(actor, sheet)


WRITERS: list[Rule] = [works_on, not_entered, holds_it, counts_still]

RULES.update(
    {
        Do.ISSUE: [
            [who, is_petition, visible, open_to_signing, not_hidden]
            for who in (organises_it, platform_of_place)
        ],
        Do.LIST: [[who, is_petition] for who in (speaks_for_it, platform_of_place, moderator)],
        Do.READ: [[works_on], [of_its_organisation]],
        Do.SEE_PHOTO: [[of_its_organisation], [works_on, types_it], [moderator]],
        Do.START: [[works_on, not_entered, free, counts_still]],
        Do.WRITE: [WRITERS],
        Do.UNDO: [WRITERS],
        Do.PAUSE: [[works_on, not_entered, holds_it]],
        Do.CLOSE: [WRITERS],
        Do.REOPEN: [[works_on, entered, counts_still]],
        Do.PHOTOGRAPH: [[works_on, holds_it, not_forgotten], [of_its_organisation, entered, not_forgotten]],
        Do.REMOVE: [[works_on, entered]],
        Do.CHECK: [[of_its_organisation, entered], [moderator, entered]],
    }
)
