"""Who may answer a dossier, note something for colleagues, or write down what an authority said elsewhere."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.dossiers.models import AddresseeState
from portal.dossiers.policy import HOLDERS, can_move, not_hidden, platform_of_place, visible
from portal.kernel.policy import RULES


class Do(StrEnum):
    ANSWER = "answers.answer"
    NOTE = "answers.note"
    WRITE_DOWN = "answers.write_down"


ANSWERS_NOW = frozenset({AddresseeState.WAITING, AddresseeState.ANSWERED})
"""Who handed it on to another authority, or was not asked yet, has nothing to answer."""
ASKED = ANSWERS_NOW | {AddresseeState.TRANSFERRED}


def addressed(actor: Any, dossier: Any, states: frozenset[AddresseeState] = ANSWERS_NOW) -> list[Any]:
    """The addressees of this dossier for whom the actor speaks today."""
    own = actor.organisation_ids(Role.OFFICIAL) if actor.is_authenticated else frozenset()
    return [a for a in dossier.addressees if a.organisation_id in own and a.state in states] if own else []


def official_who_answers(actor: Any, dossier: Any) -> bool:
    return bool(addressed(actor, dossier))


def official_who_was_asked(actor: Any, dossier: Any) -> bool:
    return bool(addressed(actor, dossier, ASKED))


RULES.update(
    {
        Do.ANSWER: [[official_who_answers, can_move("answer"), not_hidden]],
        Do.NOTE: [[official_who_was_asked]],
        Do.WRITE_DOWN: [
            *([*who, not_hidden, visible] for who in HOLDERS),
            [platform_of_place, not_hidden, visible],
        ],
    }
)
