"""Who may do what with a dossier, whatever its kind."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import OrganisationKind, Role
from portal.accounts.policy import moderator
from portal.dossiers.models import LIFECYCLE, SETTLED, SIGNABLE, Kind, SignatureState
from portal.kernel.policy import RULES, Rule, anyone, is_system


class Do(StrEnum):
    LOAD_CATEGORIES = "dossiers.load_categories"
    READ = "dossiers.read"
    SEE = "dossiers.see"
    """Its words and pictures, which a moderator may have hidden."""
    SHARE = "dossiers.share"
    """The picture that goes with a shared link, which everybody may see or nobody."""
    SIGN = "dossiers.sign"
    CONFIRM = "dossiers.confirm"
    WITHDRAW_SIGNATURE = "dossiers.withdraw_signature"
    RENAME_SIGNATURE = "dossiers.rename_signature"
    QUIETEN = "dossiers.quieten"
    """To get no mails about it, or to get them again."""
    INVALIDATE = "dossiers.invalidate"
    LOOK = "dossiers.look"
    """At the signatures that are held: let them count, or refuse them."""
    WATCH = "dossiers.watch"
    """What its signatures have in common, in numbers."""
    STRIKE = "dossiers.strike"
    UNDO_STRIKE = "dossiers.undo_strike"
    OPEN_STAND = "dossiers.open_stand"
    CLOSE_STAND = "dossiers.close_stand"
    ADD_UP = "dossiers.add_up"
    RENEW_BREADTH = "dossiers.renew_breadth"
    FORGET = "dossiers.forget"
    FORGET_SUPPORTERS = "dossiers.forget_supporters"
    FORGET_TRACES = "dossiers.forget_traces"
    TELL = "dossiers.tell"
    HAND_OVER = "dossiers.hand_over"
    WITHDRAW = "dossiers.withdraw"
    SOLVE = "dossiers.solve"
    REOPEN = "dossiers.reopen"
    HIDE = "dossiers.hide"
    UNHIDE = "dossiers.unhide"


def visible(actor: Any, dossier: Any) -> bool:
    """Hidden dossiers keep their page: it shows the place and the public reason instead of the words."""
    return bool(dossier.public)


def opener(actor: Any, dossier: Any) -> bool:
    return actor.is_authenticated and dossier.opener_id == actor.id


def speaks_for_it(actor: Any, dossier: Any) -> bool:
    """An organiser or contact of the organisation in whose name the dossier was opened."""
    if not actor.is_authenticated or dossier.organisation_id is None:
        return False
    return dossier.organisation_id in actor.organisation_ids(Role.ORGANISER, Role.CONTACT)


def organises_it(actor: Any, dossier: Any) -> bool:
    """An organiser, today, of the organisation in whose name the dossier was opened."""
    if not actor.is_authenticated or dossier.organisation_id is None:
        return False
    return dossier.organisation_id in actor.organisation_ids(Role.ORGANISER)


def organises_the_stand(actor: Any, stand: Any) -> bool:
    return organises_it(actor, stand.dossier)


def platform_of_place(actor: Any, dossier: Any) -> bool:
    """An organiser of a platform in whose neighbourhood the dossier lies (a coalition's is everywhere)."""
    if not actor.is_authenticated:
        return False
    return any(reaches(o, dossier.neighbourhood_code) for o in actor.organisations(Role.ORGANISER))


def reaches(organisation: Any, code: str | None) -> bool:
    """Whether the place with this code lies in the organisation's neighbourhood."""
    if organisation.kind == OrganisationKind.COALITION:
        return True
    return organisation.neighbourhood is not None and organisation.neighbourhood.contains(code)


def is_petition(actor: Any, dossier: Any) -> bool:
    return dossier.kind == Kind.PETITION


def not_petition(actor: Any, dossier: Any) -> bool:
    return dossier.kind != Kind.PETITION


def open_to_signing(actor: Any, dossier: Any) -> bool:
    return dossier.state in SIGNABLE and dossier.forgotten_at is None


def settled(actor: Any, dossier: Any) -> bool:
    return dossier.state in SETTLED and dossier.settled_at is not None


def forgotten(actor: Any, dossier: Any) -> bool:
    return dossier.forgotten_at is not None


def not_forgotten(actor: Any, dossier: Any) -> bool:
    return dossier.forgotten_at is None


def can_be_undone(actor: Any, strike: Any) -> bool:
    """Whoever was forgotten meanwhile cannot be put back."""
    return strike.undone_at is None and not_forgotten(actor, strike.dossier)


def not_hidden(actor: Any, dossier: Any) -> bool:
    return dossier.hidden_at is None


def hidden(actor: Any, dossier: Any) -> bool:
    return dossier.hidden_at is not None


def can_move(move: str) -> Any:
    """A rule: the lifecycle allows this move from where the dossier stands."""

    def rule(actor: Any, dossier: Any) -> bool:
        return LIFECYCLE.can(dossier, move)

    rule.__name__ = f"can_{move}"
    return rule


def reopening(dossier: Any) -> str:
    """The move that opens it again. A petition that was withdrawn has none."""
    return "regather" if dossier.kind == Kind.PETITION else "reopen"


def can_reopen(actor: Any, dossier: Any) -> bool:
    return LIFECYCLE.can(dossier, reopening(dossier)) and not dossier.stayed_private


def own_signature(actor: Any, signature: Any) -> bool:
    return actor.id is not None and signature.person_id == actor.id


def pending(actor: Any, signature: Any) -> bool:
    return signature.state in {SignatureState.PENDING, SignatureState.CONFIRMED}


def counted(actor: Any, signature: Any) -> bool:
    return signature.state in {
        SignatureState.PENDING,
        SignatureState.CONFIRMED,
        SignatureState.WITHDRAWN,
    }


HOLDERS: list[list[Rule]] = [[opener], [speaks_for_it]]
"""Those whose dossier it is."""

RULES.update(
    {
        Do.LOAD_CATEGORIES: [[is_system]],
        Do.READ: [[visible], *HOLDERS, [platform_of_place, is_petition], [moderator]],
        Do.SEE: [[not_hidden], [moderator]],
        Do.SHARE: [[anyone, visible, not_hidden]],
        Do.SIGN: [[anyone, open_to_signing, not_hidden]],
        Do.CONFIRM: [[own_signature, pending]],
        Do.WITHDRAW_SIGNATURE: [[own_signature, counted]],
        Do.RENAME_SIGNATURE: [[own_signature, pending]],
        Do.QUIETEN: [[own_signature, pending]],
        Do.INVALIDATE: [[moderator]],
        Do.LOOK: [[organises_it, not_forgotten], [moderator, not_forgotten]],
        Do.WATCH: [[organises_it], [moderator]],
        Do.STRIKE: [[moderator, not_forgotten]],
        Do.UNDO_STRIKE: [[moderator, can_be_undone]],
        Do.OPEN_STAND: [[organises_it, is_petition, open_to_signing, not_hidden]],
        Do.CLOSE_STAND: [[is_system], [organises_the_stand]],
        Do.ADD_UP: [[is_system]],
        Do.RENEW_BREADTH: [[is_system]],
        Do.FORGET: [[is_system, settled]],
        Do.FORGET_SUPPORTERS: [[is_system, forgotten]],
        Do.FORGET_TRACES: [[is_system]],
        Do.TELL: [[*who, not_hidden, visible] for who in HOLDERS],
        Do.HAND_OVER: [
            [opener, not_petition, can_move("hand_over"), not_hidden],
            [speaks_for_it, can_move("hand_over"), not_hidden],
            [platform_of_place, not_petition, can_move("hand_over"), not_hidden],
        ],
        Do.WITHDRAW: [[*who, can_move("withdraw")] for who in HOLDERS],
        Do.SOLVE: [[*who, can_move("solve")] for who in HOLDERS],
        Do.REOPEN: [[*who, can_reopen] for who in HOLDERS],
        Do.HIDE: [[moderator, not_hidden]],
        Do.UNHIDE: [[moderator, hidden]],
    }
)
