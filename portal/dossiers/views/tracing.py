"""From where a signature comes, and whether it waits for a look."""

from flask import request

from portal.accounts import addresses
from portal.dossiers import limits
from portal.dossiers.commands import Trace
from portal.dossiers.limits import Coming
from portal.dossiers.models import Stand
from portal.kernel.errors import Invalid
from portal.web import tracing
from portal.web.visitor import me


def coming() -> Coming:
    """Who sends a form from a page of ours, before anything of it was looked at."""
    return Coming(tracing.network(), tracing.known_device(), me().id, _address())


def _address() -> str:
    """Nobody signed with what is no address: that is told by the form."""
    try:
        return addresses.key(request.form.get("email", ""))
    except Invalid:
        return ""


def traced(coming: Coming, held: limits.Held | None) -> Trace:
    """Of somebody whose form is complete; from now on their device is known."""
    return Trace(coming.network, coming.device or tracing.new_device(), held)


def traced_at(stand: Stand) -> Trace:
    """Of one that was sent from the device of a stand: that and its network say nothing about who signs."""
    return Trace(held=limits.why_held_at(stand), stand_id=stand.id)
