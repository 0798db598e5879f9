"""Everything that changes an account, an organisation, or where somebody is signed in."""

from portal.accounts.commands.factors import drop_factor, new_codes, set_factor
from portal.accounts.commands.people import (
    LINK_WORKS,
    LINKS_PER_HOUR,
    appoint,
    ask_sign_in,
    change_account,
    end_membership,
    erase,
    found,
    let_go,
    new_person,
    person_for,
    prepare_sign_in,
    purge,
    ready_sign_in,
    recognise,
    second_of_household,
    sign_in,
)
from portal.accounts.commands.proving import ask_proof, prove, sign_in_with_password
from portal.accounts.commands.sessions import end_session, end_sessions, note_look, note_seen

__all__ = [
    "LINKS_PER_HOUR",
    "LINK_WORKS",
    "appoint",
    "ask_proof",
    "ask_sign_in",
    "change_account",
    "drop_factor",
    "end_membership",
    "end_session",
    "end_sessions",
    "erase",
    "found",
    "let_go",
    "new_codes",
    "new_person",
    "note_look",
    "note_seen",
    "person_for",
    "prepare_sign_in",
    "prove",
    "purge",
    "ready_sign_in",
    "recognise",
    "second_of_household",
    "set_factor",
    "sign_in",
    "sign_in_with_password",
]
