"""From where a signature comes, and whether it waits for a look."""

from portal.accounts import addresses
from portal.dossiers import limits
from portal.dossiers.commands import Trace
from portal.dossiers.forms import SignForm
from portal.dossiers.models import Dossier, Stand
from portal.web import tracing
from portal.web.visitor import me


def traced(dossier: Dossier, form: SignForm) -> Trace:
    """Of a form that was sent from a page of ours; Invalid("email", …) when no such address can exist."""
    network, device = tracing.network(), tracing.device()
    email = "" if form.known else addresses.key(form.email.data)
    held = limits.why_held(dossier, network=network, device=device, person_id=me().id, email=email)
    return Trace(network, device, held)


def traced_at(stand: Stand) -> Trace:
    """Of one that was sent from the device of a stand: that and its network say nothing about who signs."""
    return Trace(held=limits.why_held_at(stand), stand_id=stand.id)
