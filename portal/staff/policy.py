"""Who may see the queue of an authority, and a dossier as it lies there."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.answers.policy import official_who_was_asked
from portal.kernel.policy import RULES


class Do(StrEnum):
    SEE_QUEUE = "staff.see_queue"
    SEE_CASE = "staff.see_case"


def official_of_it(actor: Any, organisation: Any) -> bool:
    """Today: a membership that ended gives no rights from that minute on."""
    return actor.is_authenticated and organisation.id in actor.organisation_ids(Role.OFFICIAL)


RULES.update({Do.SEE_QUEUE: [[official_of_it]], Do.SEE_CASE: [[official_who_was_asked]]})
