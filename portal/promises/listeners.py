"""A promise or a trial gets its row in the transaction of the answer itself."""

from portal.dossiers.commands import FORGETTERS
from portal.dossiers.timeline import Entry, on
from portal.promises.commands import forget_voices, made, tried

FORGETTERS.append(forget_voices)
ROWS = {"promise": made, "trial": tried}
"""Kinds of answers that last, and what makes the row."""


@on("answered")
def keep_row(entry: Entry) -> None:
    """What was said about a petition has its row there, not once more with each dossier that joined it."""
    make = ROWS.get(str(entry.data.get("kind")))
    if make is not None and "via" not in entry.data:
        make(entry)
