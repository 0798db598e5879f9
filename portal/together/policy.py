"""Who may ask others to do it together, and who may answer."""

from enum import StrEnum
from typing import Any

from portal.dossiers.models import Kind, State
from portal.dossiers.policy import opener, speaks_for_it
from portal.kernel.policy import RULES, is_system
from portal.petitions.policy import can_be_asked
from portal.together.models import ProposalState


class Do(StrEnum):
    PROPOSE = "together.propose"
    SEE = "together.see"
    """What is asked, and what it would say."""
    ANSWER = "together.answer"
    PART = "together.part"
    LOOK = "together.look"
    """At what overlaps: the worker does."""
    ASK_AGAIN = "together.ask_again"


STATES = {Kind.PLAN: State.OPEN, Kind.PETITION: State.GATHERING}
"""What can be done together, and as long as it stands like this."""


def carries(actor: Any, dossier: Any) -> bool:
    """Whoever opened it for themselves, or speaks today for the organisation in whose name it is."""
    return speaks_for_it(actor, dossier) or (dossier.organisation_id is None and opener(actor, dossier))


def carries_the_part(actor: Any, thing: Any) -> bool:
    return carries(actor, thing.dossier)


def with_no_authority(dossier: Any) -> bool:
    """Nobody was asked for an answer yet, so that it can still change."""
    return all(addressee.handed_over_on is None for addressee in dossier.addressees)


def goes_on(dossier: Any) -> bool:
    """Whether it is open, to be seen, and carried by somebody."""
    there = dossier.hidden_at is None and dossier.forgotten_at is None and can_be_asked(dossier)
    return there and STATES.get(dossier.kind) == dossier.state


def can_go_together(dossier: Any) -> bool:
    """Whether it goes on, and no authority has it yet."""
    return goes_on(dossier) and with_no_authority(dossier)


def is_open(actor: Any, dossier: Any) -> bool:
    return can_go_together(dossier)


def still_asked(actor: Any, party: Any) -> bool:
    asked = party.proposal
    open_ = asked.state == ProposalState.OPEN
    return open_ and can_go_together(asked.host) and can_go_together(asked.guest)


def host_can_change(actor: Any, partner: Any) -> bool:
    """The rule for taking a bundle apart: until an authority has it."""
    return with_no_authority(partner.host)


def same_people(one: Any, other: Any) -> bool:
    """Whether two dossiers are of the same organisation, or of the same neighbour."""
    if one.organisation_id is not None or other.organisation_id is not None:
        return bool(one.organisation_id == other.organisation_id)
    return bool(one.opener_id == other.opener_id)


RULES.update(
    {
        Do.PROPOSE: [[carries, is_open], [is_system, is_open]],
        Do.SEE: [[carries_the_part]],
        Do.ANSWER: [[carries_the_part, still_asked]],
        Do.PART: [[carries_the_part, host_can_change]],
        Do.LOOK: [[is_system]],
        Do.ASK_AGAIN: [[is_system]],
    }
)
