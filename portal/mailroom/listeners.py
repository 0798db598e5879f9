"""An authority to which something is put is told so by mail."""

from portal.dossiers.models import AddresseeState
from portal.dossiers.pictures import HELD
from portal.dossiers.timeline import Entry, on
from portal.kernel import jobs
from portal.mailroom.queries import has_file, mailbox

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
