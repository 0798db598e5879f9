"""Who writes down what became of a promise, a trial or a motion; and who may reply in the ledger."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.dossiers.models import AddresseeState, SignatureState
from portal.dossiers.policy import HOLDERS, not_hidden, platform_of_place, visible
from portal.kernel.policy import RULES, Rule, is_system


class Do(StrEnum):
    CORRECT = "promises.correct"
    SETTLE = "promises.settle"
    LOOK_AFTER = "promises.look_after"
    """Remind its maker, ask the supporters, write down that the day passed."""
    NOTE_TOLD = "promises.note_told"
    """A mail asked a supporter."""
    SAY = "promises.say"
    HOLD_TRIAL = "promises.hold_trial"
    OBSERVE = "promises.observe"
    CLOSE_TRIAL = "promises.close_trial"
    DOCUMENT = "promises.document"
    CITE = "promises.cite"
    REPLY = "promises.reply"


def of_its_dossier(rule: Rule) -> Rule:
    """The same rule, asked about the dossier to which a promise, a trial or a line belongs."""

    def asked(actor: Any, thing: Any) -> bool:
        return rule(actor, thing.dossier)

    return asked


def speaks_for_its_maker(actor: Any, thing: Any) -> bool:
    """An official of the authority that promised it, holds it, or about which the line is."""
    return actor.is_authenticated and thing.organisation_id in actor.organisation_ids(Role.OFFICIAL)


def official_who_was_asked(actor: Any, dossier: Any) -> bool:
    own = actor.organisation_ids(Role.OFFICIAL) if actor.is_authenticated else frozenset()
    asked = [a for a in dossier.addressees if a.state != AddresseeState.NAMED] if own else []
    return any(addressee.organisation_id in own for addressee in asked)


def goes_on(actor: Any, trial: Any) -> bool:
    return trial.closed_on is None


def own_voice(actor: Any, voice: Any) -> bool:
    """Of a supporter who was asked, and still is one."""
    signature = voice.signature
    if signature is None or actor.id is None or signature.person_id != actor.id:
        return False
    return bool(signature.state == SignatureState.CONFIRMED)


def can_be_said(actor: Any, voice: Any) -> bool:
    return bool(voice.open)


WHO: list[list[Rule]] = [*HOLDERS, [platform_of_place]]
KEEPERS: list[list[Rule]] = [[*who, not_hidden, visible] for who in WHO]
"""Who may write down what others said and did: those whose dossier it is, and the platform of the place."""
SEEN: list[Rule] = [of_its_dossier(not_hidden), of_its_dossier(visible)]
OF_IT: list[list[Rule]] = [[of_its_dossier(rule) for rule in clause] for clause in KEEPERS]
BOTH: list[list[Rule]] = [*OF_IT, [speaks_for_its_maker, *SEEN]]
"""Those who may write it down, and the officials of the authority itself."""

RULES.update(
    {
        Do.CORRECT: BOTH,
        Do.SETTLE: BOTH,
        Do.LOOK_AFTER: [[is_system]],
        Do.NOTE_TOLD: [[is_system]],
        Do.SAY: [[own_voice, can_be_said, of_its_dossier(not_hidden)]],
        Do.HOLD_TRIAL: [*KEEPERS, [official_who_was_asked, not_hidden, visible]],
        Do.OBSERVE: [[*clause, goes_on] for clause in BOTH],
        Do.CLOSE_TRIAL: [[*clause, goes_on] for clause in BOTH],
        Do.DOCUMENT: KEEPERS,
        Do.CITE: KEEPERS,
        Do.REPLY: [[speaks_for_its_maker, *SEEN]],
    }
)
