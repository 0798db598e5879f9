"""Who may say whether it is solved."""

from enum import StrEnum
from typing import Any

from portal.dossiers.models import SignatureState
from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    VOTE = "verdicts.vote"
    CLOSE = "verdicts.close"
    LINK = "verdicts.link"
    """A report with the one that came back with it."""


def supporter(actor: Any, ballot: Any) -> bool:
    """Their own signature counts, under the dossier or under one that joined it."""
    own = ballot.signature
    mine = own is not None and actor.id is not None and own.person_id == actor.id
    return bool(mine and own.state == SignatureState.CONFIRMED)


def asked_now(actor: Any, ballot: Any) -> bool:
    return ballot.round is not None and ballot.round.open


def words_are_seen(actor: Any, ballot: Any) -> bool:
    return ballot.round.dossier.hidden_at is None


RULES.update(
    {
        Do.VOTE: [[supporter, asked_now, words_are_seen]],
        Do.CLOSE: [[is_system]],
        Do.LINK: [[is_system]],
    }
)
