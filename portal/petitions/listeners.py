"""What a bundle does when something happens to a petition or to one of the dossiers it is made from.

Each runs in the transaction of the deed itself.
"""

from portal.dossiers import journal
from portal.dossiers.models import LIFECYCLE, Dossier, Kind, Signature, State
from portal.dossiers.timeline import Entry, on, record
from portal.kernel.commands import lock
from portal.kernel.db import db
from portal.petitions import carrying
from portal.petitions.commands import release_all
from portal.petitions.models import Consent, Lineage
from portal.similar.commands import label
from portal.similar.models import Why

MOVES = {
    ("handed_over", State.HANDED_OVER): "hand_over",
    ("answered", State.ANSWERED): "answer",
    ("answered", State.DONE): "finish",
    ("judged", "solved"): "settle",
    ("judged", "not_solved"): "contest",
}
"""What happened to the petition, and where it stands now or what it came to -> how its dossiers move.
A reply moves nothing."""
OWN_NUMBERS = frozenset({"answers", "answer"})
"""Facts that point to an entry of the petition's own timeline."""


@journal.on("confirmed", "restored")
def come_along(signature: Signature, _: int) -> None:
    """Who supports a joined dossier, and ticked "count me too", counts with the petition."""
    if signature.joins_bundle:
        for petition in carrying.petitions_joined_by(signature.dossier_id):
            lock(petition)
            carrying.bring_one(petition, signature)


@journal.on("withdrawn", "invalidated")
def go_along(signature: Signature, delta: int) -> None:
    """Who no longer supports the dossier is taken out of the petition, unless something else brings them."""
    if not delta or not signature.joins_bundle:
        return
    for petition in carrying.petitions_joined_by(signature.dossier_id):
        lock(petition)
        carrying.take_one(petition, signature)


@on("handed_over", "answered", "judged", "extended", "lapsed")
def mirror(entry: Entry) -> None:
    """What happens to the petition happens to every dossier that joined it."""
    petition = entry.dossier
    if petition.kind != Kind.PETITION or "letter" in entry.data:
        return
    wanted = (
        db.select(Dossier)
        .join(Lineage, Lineage.dossier_id == Dossier.id)
        .where(Lineage.petition_id == petition.id, Lineage.consent == Consent.JOINED)
    )
    facts = {name: value for name, value in entry.data.items() if name not in OWN_NUMBERS}
    for dossier in db.session.scalars(wanted.order_by(Dossier.id)).all():
        lock(dossier)
        _move(dossier, MOVES.get((entry.verb, entry.data.get("outcome", petition.state))))
        record(
            dossier,
            entry.verb,
            by=entry.actor,
            organisation=entry.organisation,
            role=entry.role,
            text=entry.text,
            told_on=entry.on,
            precision=entry.precision,
            via=petition.ref,
            **facts,
        )


def _move(dossier: Dossier, move: str | None) -> None:
    if move is not None and LIFECYCLE.can(dossier, move):
        LIFECYCLE.make(dossier, move)


@on("invited")
def belong_together(entry: Entry) -> None:
    """What a platform asks for one petition belongs together: from that the roundabout learns."""
    wanted = db.select(Dossier).join(Lineage, Lineage.dossier_id == Dossier.id)
    parts = wanted.where(Lineage.petition_id == entry.dossier_id, Lineage.consent != Consent.RELEASED)
    oldest, *rest = db.session.scalars(parts.order_by(Dossier.opened_at, Dossier.id)).all() or [None]
    for part in rest:
        if part.ref in entry.data.get("refs", ()):
            label(part, oldest, Why.BUNDLED)


@on("withdrawn")
def let_go(entry: Entry) -> None:
    """A petition that is withdrawn before any authority had it lets go of its dossiers."""
    petition = entry.dossier
    if petition.kind == Kind.PETITION and all(a.handed_over_on is None for a in petition.addressees):
        release_all(entry.actor, petition)
