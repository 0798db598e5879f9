"""Who may set the terms of an authority, put off an answer, and have a calendar."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import OrganisationKind, Role
from portal.accounts.policy import moderator
from portal.dossiers.models import AddresseeState
from portal.dossiers.policy import can_move, not_hidden
from portal.kernel.clock import today
from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    SET = "terms.set"
    EXTEND = "terms.extend"
    LAPSE = "terms.lapse"
    SUBSCRIBE = "terms.subscribe"


def is_authority(actor: Any, organisation: Any) -> bool:
    return organisation.kind == OrganisationKind.AUTHORITY


def works_there(actor: Any, organisation: Any) -> bool:
    """Today, as an official of an authority, or as an organiser of a platform or a coalition."""
    if not actor.is_authenticated:
        return False
    own = {OrganisationKind.AUTHORITY: Role.OFFICIAL, OrganisationKind.PLATFORM: Role.ORGANISER}
    own[OrganisationKind.COALITION] = Role.ORGANISER
    role = own.get(organisation.kind)
    return role is not None and organisation.id in actor.organisation_ids(role)


def extendable(actor: Any, dossier: Any) -> list[Any]:
    """The addressees of this dossier whose answer the actor can put off: before its day, and once."""
    own = actor.organisation_ids(Role.OFFICIAL) if actor.is_authenticated else frozenset()
    return [a for a in dossier.addressees if a.organisation_id in own and _open(a)] if own else []


def _open(addressee: Any) -> bool:
    waits = addressee.state == AddresseeState.WAITING and addressee.due_on is not None
    return waits and "extended" not in addressee.term and today() <= addressee.due_on


def official_whose_clock_runs(actor: Any, dossier: Any) -> bool:
    return bool(extendable(actor, dossier))


RULES.update(
    {
        Do.SET: [[works_there, is_authority], [moderator, is_authority]],
        Do.EXTEND: [[official_whose_clock_runs, can_move("answer"), not_hidden]],
        Do.LAPSE: [[is_system]],
        Do.SUBSCRIBE: [[works_there]],
    }
)
