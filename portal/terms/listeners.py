"""What happens to a silence when an answer comes before the worker wrote it down. In the same transaction."""

from portal.dossiers.timeline import REPLIES, Entry, on
from portal.terms.commands import answered_late


@on("answered")
def catch_up(entry: Entry) -> None:
    """The worker was down on the day, and now nobody waits any more: the day passed all the same."""
    if entry.data.get("kind") in REPLIES or "via" in entry.data:
        return
    # of a month that alone is known, its days say nothing
    until = entry.on.replace(day=1) if entry.precision == "month" else entry.on
    for addressee in entry.dossier.addressees:
        if addressee.organisation_id == entry.organisation_id and addressee.answered_on == entry.on:
            answered_late(addressee, until)
