"""Who may see the queue of an authority and a dossier as it lies there, and who divides its work."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import OrganisationKind, Role
from portal.accounts.policy import moderator
from portal.answers.policy import official_who_was_asked
from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    SEE_QUEUE = "staff.see_queue"
    SEE_CASE = "staff.see_case"
    ASSIGN = "staff.assign"
    ROUTE = "staff.route"
    FOUND_TEAM = "staff.found_team"
    CHANGE_TEAM = "staff.change_team"
    SAVE_FILTER = "staff.save_filter"
    REMOVE_FILTER = "staff.remove_filter"
    SET_ROUTING = "staff.set_routing"


def official_of_it(actor: Any, organisation: Any) -> bool:
    """Today: a membership that ended gives no rights from that minute on."""
    return actor.is_authenticated and organisation.id in actor.organisation_ids(Role.OFFICIAL)


def official_of_the_team(actor: Any, team: Any) -> bool:
    return official_of_it(actor, team.organisation)


def own_filter(actor: Any, saved: Any) -> bool:
    return actor.is_authenticated and saved.person_id == actor.id


def is_authority(actor: Any, organisation: Any) -> bool:
    return organisation.kind == OrganisationKind.AUTHORITY


RULES.update(
    {
        Do.SEE_QUEUE: [[official_of_it]],
        Do.SEE_CASE: [[official_who_was_asked]],
        Do.ASSIGN: [[official_who_was_asked]],
        Do.ROUTE: [[is_system]],
        Do.FOUND_TEAM: [[official_of_it]],
        Do.CHANGE_TEAM: [[official_of_the_team]],
        Do.SAVE_FILTER: [[official_of_it]],
        Do.REMOVE_FILTER: [[own_filter]],
        Do.SET_ROUTING: [[official_of_it], [moderator, is_authority]],
    }
)
