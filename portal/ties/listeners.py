"""What was said of a dossier before everybody could see it is told as soon as they can."""

from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry, on
from portal.kernel.db import db
from portal.kernel.policy import allowed
from portal.ties import commands, queries
from portal.ties.policy import Do


@on("confirmed_report", "published")
def told(entry: Entry) -> None:
    for tie in queries.untold(entry.dossier_id):
        other = db.session.get(Dossier, tie.other_id)
        if other is not None and allowed(entry.actor, Do.BE_TIED, other):
            commands.tell(entry.actor, tie, entry.dossier, other)
