"""Who may see the working views."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.accounts.policy import committee_member, moderator
from portal.kernel.policy import RULES


class Do(StrEnum):
    SEE = "desk.see"
    MODERATE = "desk.moderate"
    OVERSEE = "desk.oversee"


AT_THE_DESK = (Role.ORGANISER, Role.CONTACT)


def of_a_platform_or_core(actor: Any, subject: Any) -> bool:
    return not actor.roles.isdisjoint(AT_THE_DESK)


RULES.update(
    {
        Do.SEE: [[of_a_platform_or_core]],
        Do.MODERATE: [[moderator]],
        Do.OVERSEE: [[committee_member]],
    }
)
