"""Who may report, and who may bring in reports from elsewhere."""

from enum import StrEnum

from portal.dossiers.policy import not_petition, opener
from portal.kernel.policy import RULES, anyone, is_system


class Do(StrEnum):
    SAVE_DRAFT = "issues.save_draft"
    REPORT = "issues.report"
    CONFIRM_REPORT = "issues.confirm_report"
    IMPORT = "issues.import"
    PURGE = "issues.purge"


RULES.update(
    {
        Do.SAVE_DRAFT: [[anyone]],
        Do.REPORT: [[anyone]],
        Do.CONFIRM_REPORT: [[opener, not_petition]],
        Do.IMPORT: [[is_system]],
        Do.PURGE: [[is_system]],
    }
)
