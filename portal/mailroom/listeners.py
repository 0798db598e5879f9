"""An authority to which something is put is told so by mail."""

from portal.dossiers.models import AddresseeState
from portal.dossiers.pictures import HELD
from portal.dossiers.timeline import Entry, on
from portal.kernel import jobs
from portal.mailroom.queries import has_file, mailbox
from portal.staff.queries import longest_there, said_back_to

HELD.append(has_file)


@on("handed_over", "answered")
def tell(entry: Entry) -> None:
    """Also the authority to which another one passes it on. What a petition's dossiers mirror is no news."""
    if "via" in entry.data:
        return
    passed = entry.data.get("transferred_to")
    keys = {to["key"] for to in [*entry.data.get("to", []), *([passed] if passed else [])]}
    for addressee in entry.dossier.addressees:
        waits = addressee.state == AddresseeState.WAITING and addressee.organisation.key in keys
        if waits and mailbox(addressee.organisation_id) is not None:
            jobs.later("mailroom.hand_over", addressee_id=addressee.id, entry_id=entry.id)


@on("replied", "judged")
def say_back(entry: Entry) -> None:
    """An authority for which nobody signs in hears what neighbours say back at its own address."""
    for addressee in said_back_to(entry):
        of = addressee.organisation
        if longest_there(of) is None and mailbox(of.id) is not None:
            jobs.later("mailroom.said_back", addressee_id=addressee.id, entry_id=entry.id)
