"""When the worker looks for overlaps, and what ends doing it together."""

from portal.dossiers.models import Dossier, Kind
from portal.dossiers.timeline import Entry, on
from portal.kernel import jobs
from portal.kernel.commands import lock
from portal.kernel.db import db
from portal.similar.commands import label
from portal.similar.models import Why
from portal.together import commands, queries
from portal.together.policy import can_go_together, with_no_authority


@on("opened", "confirmed_report", "published", "planned")
def looked_at(entry: Entry) -> None:
    """A plan or petition that is open from now on: is there another one like it?"""
    if entry.dossier.kind != Kind.ISSUE and can_go_together(entry.dossier):
        jobs.later("together.look", dossier_id=entry.dossier_id)


@on("united")
def belong_together(entry: Entry) -> None:
    """The people of both agreed, as the host tells with the other's reference: from that one learns."""
    guest = db.session.scalar(db.select(Dossier).filter_by(ref=entry.data.get("ref")))
    if guest is not None:
        label(guest, entry.dossier, Why.TOGETHER)


@on("withdrawn", "taken_apart")
def ended(entry: Entry) -> None:
    """A host that stops before an authority had it lets go of its partners: each goes on by itself."""
    host = entry.dossier
    if not host.shared or not with_no_authority(host):
        return
    if any(partner.host_id == host.id for partner in queries.partners(host)):
        lock(host)
        commands.separate(entry.actor, host, host)
