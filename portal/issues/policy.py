"""Who may report, and who may bring in reports from elsewhere."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.dossiers.models import Kind
from portal.dossiers.policy import HOLDERS, not_hidden, not_petition, open_to_signing, opener
from portal.kernel.policy import RULES, anyone, is_system


class Do(StrEnum):
    SAVE_DRAFT = "issues.save_draft"
    ADD_PHOTO = "issues.add_photo"
    CHANGE_PHOTOS = "issues.change_photos"
    COVER_PHOTO = "issues.cover_photo"
    DISCARD = "issues.discard"
    REPORT = "issues.report"
    REPORT_FOR = "issues.report_for"
    SET_DAY = "issues.set_day"
    CONFIRM_REPORT = "issues.confirm_report"
    IMPORT = "issues.import"
    PURGE = "issues.purge"


def speaks_for_this(actor: Any, organisation: Any) -> bool:
    return actor.is_authenticated and organisation.id in actor.organisation_ids(Role.ORGANISER, Role.CONTACT)


def writer(actor: Any, draft: Any) -> bool:
    """Who has the key of a draft has it from their own session; on a shared device that is not enough."""
    return draft is not None and bool(draft.is_of(actor))


def is_plan(actor: Any, dossier: Any) -> bool:
    return bool(dossier.kind == Kind.PLAN)


RULES.update(
    {
        Do.SAVE_DRAFT: [[anyone]],
        Do.ADD_PHOTO: [[anyone]],
        Do.CHANGE_PHOTOS: [[writer]],
        Do.COVER_PHOTO: [[writer]],
        Do.DISCARD: [[writer]],
        Do.REPORT: [[anyone]],
        Do.REPORT_FOR: [[speaks_for_this]],
        Do.SET_DAY: [[*who, is_plan, open_to_signing, not_hidden] for who in HOLDERS],
        Do.CONFIRM_REPORT: [[opener, not_petition]],
        Do.IMPORT: [[is_system]],
        Do.PURGE: [[is_system]],
    }
)
