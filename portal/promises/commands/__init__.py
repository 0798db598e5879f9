"""Everything that happens to promises, trials, decisions and citations, and to lines of the ledger."""

from portal.promises.commands.deciding import cite, document
from portal.promises.commands.promising import (
    KEPT_BY,
    correct,
    forget_voices,
    look_after,
    made,
    note_told,
    say,
    settle,
)
from portal.promises.commands.replying import reply
from portal.promises.commands.trying import close_trial, hold_trial, observe, tried

__all__ = [
    "KEPT_BY",
    "cite",
    "close_trial",
    "correct",
    "document",
    "forget_voices",
    "hold_trial",
    "look_after",
    "made",
    "note_told",
    "observe",
    "reply",
    "say",
    "settle",
    "tried",
]
