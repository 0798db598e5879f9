"""The right of an authority to reply to what the ledger says of it."""

from typing import Any

from portal.accounts.models import Role
from portal.dossiers.timeline import Entry, record
from portal.kernel.commands import command
from portal.promises.commands.writing import needed
from portal.promises.policy import Do
from portal.promises.queries import Line

LONGEST_REPLY = 1000


@command(Do.REPLY)
def reply(actor: Any, line: Line, *, text: str) -> Entry:
    """Say what the authority itself has to say about a line: beside it, and on the timeline."""
    about: dict[str, Any] = {"promise": line.promise.entry.seq} if line.promise is not None else {}
    about |= {"letter": line.letter.seq} if line.letter is not None else {}
    how: dict[str, Any] = {"organisation": line.organisation, "role": Role.OFFICIAL}
    said = needed("text", text, LONGEST_REPLY)
    return record(line.dossier, "put_right", by=actor, text=said, **about, **how)
