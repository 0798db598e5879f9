"""Who may do what with an account or an organisation; and the rules on people that other features use."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role, Waits
from portal.kernel.policy import RULES, anyone, is_system


class Do(StrEnum):
    ASK_SIGN_IN = "accounts.ask_sign_in"
    SIGN_IN = "accounts.sign_in"
    SEE_ACCOUNT = "accounts.see"
    CHANGE_ACCOUNT = "accounts.change"
    ERASE = "accounts.erase"
    FOUND = "accounts.found"
    RECOGNISE = "accounts.recognise"
    APPOINT = "accounts.appoint"
    END_MEMBERSHIP = "accounts.end_membership"
    PURGE = "accounts.purge"
    PREPARE_SIGN_IN = "accounts.prepare_sign_in"
    NOTE_SEEN = "accounts.note_seen"
    END_SESSION = "accounts.end_session"
    END_SESSIONS = "accounts.end_sessions"
    PROVE = "accounts.prove"
    SET_FACTOR = "accounts.set_factor"
    DROP_FACTOR = "accounts.drop_factor"
    REMOVE_PASSKEY = "accounts.remove_passkey"
    HIDE_TRACES = "accounts.hide_traces"
    NOTE_LOOK = "accounts.note_look"
    SEE_LOOKS = "accounts.see_looks"


def signed_in(actor: Any, subject: Any) -> bool:
    return bool(actor.is_authenticated)


def oneself(actor: Any, subject: Any) -> bool:
    return actor is subject


def shown(actor: Any, subject: Any) -> bool:
    """Who has a second factor showed it in this session: a mailbox alone changes nothing of it."""
    return bool(actor.here.waits != Waits.CODE)


def at_work(actor: Any, subject: Any) -> bool:
    """Has a role in an organisation, also one that gives no rights yet: the second factor is missing."""
    return bool(actor.all_memberships)


def theirs(actor: Any, thing: Any) -> bool:
    """A session or a passkey of their own."""
    return actor.is_authenticated and thing.person_id == actor.id


def moderator(actor: Any, subject: Any) -> bool:
    return Role.MODERATOR in actor.roles


def organiser(actor: Any, subject: Any) -> bool:
    return Role.ORGANISER in actor.roles


def official(actor: Any, subject: Any) -> bool:
    return Role.OFFICIAL in actor.roles


def committee_member(actor: Any, subject: Any) -> bool:
    return Role.MEMBER in actor.roles


def organiser_of_it(actor: Any, organisation: Any) -> bool:
    """Of the organisation itself, or of the one above it."""
    own = actor.organisation_ids(Role.ORGANISER) if actor.is_authenticated else frozenset()
    return bool(own & {organisation.id, organisation.parent_id})


def _organisation(membership: Any) -> Any:
    return membership.organisation


def ends_own(actor: Any, membership: Any) -> bool:
    return actor.is_authenticated and membership.person_id == actor.id


def organiser_of_membership(actor: Any, membership: Any) -> bool:
    return organiser_of_it(actor, _organisation(membership))


RULES.update(
    {
        Do.ASK_SIGN_IN: [[anyone]],
        Do.SIGN_IN: [[anyone]],
        Do.SEE_ACCOUNT: [[signed_in, oneself]],
        Do.CHANGE_ACCOUNT: [[signed_in, oneself]],
        Do.ERASE: [[signed_in, oneself]],
        Do.NOTE_SEEN: [[signed_in]],
        Do.END_SESSION: [[theirs]],
        Do.END_SESSIONS: [[signed_in, oneself]],
        Do.PROVE: [[signed_in, oneself]],
        Do.SET_FACTOR: [[signed_in, oneself, shown, at_work]],
        Do.REMOVE_PASSKEY: [[theirs, shown]],
        Do.HIDE_TRACES: [[signed_in, oneself]],
        Do.NOTE_LOOK: [[signed_in]],
        Do.SEE_LOOKS: [[moderator], [committee_member]],
        Do.DROP_FACTOR: [[is_system], [signed_in, oneself, shown]],
        Do.FOUND: [[is_system]],
        Do.RECOGNISE: [[is_system]],
        Do.PURGE: [[is_system]],
        Do.PREPARE_SIGN_IN: [[is_system]],
        Do.APPOINT: [[is_system], [organiser_of_it]],
        Do.END_MEMBERSHIP: [[is_system], [ends_own], [organiser_of_membership]],
    }
)
