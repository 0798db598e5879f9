"""Who may report, and who may bring in reports from elsewhere."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.dossiers.policy import not_petition, opener
from portal.kernel.policy import RULES, anyone, is_system


class Do(StrEnum):
    SAVE_DRAFT = "issues.save_draft"
    REPORT = "issues.report"
    REPORT_FOR = "issues.report_for"
    CONFIRM_REPORT = "issues.confirm_report"
    IMPORT = "issues.import"
    PURGE = "issues.purge"


def speaks_for_this(actor: Any, organisation: Any) -> bool:
    return actor.is_authenticated and organisation.id in actor.organisation_ids(Role.ORGANISER, Role.CONTACT)


RULES.update(
    {
        Do.SAVE_DRAFT: [[anyone]],
        Do.REPORT: [[anyone]],
        Do.REPORT_FOR: [[speaks_for_this]],
        Do.CONFIRM_REPORT: [[opener, not_petition]],
        Do.IMPORT: [[is_system]],
        Do.PURGE: [[is_system]],
    }
)
