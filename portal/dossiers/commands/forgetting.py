"""Forgetting who supported a dossier, a while after it is over. That they did, when and where from stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.accounts.commands import let_go
from portal.dossiers.models import COUNTED, PERSONAL, Dossier, Signature, SignatureState, Strike
from portal.dossiers.policy import Do
from portal.dossiers.timeline import QUIET, Entry, record
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db

AT_ONCE = 500
"""Signatures in one transaction: between two of them others can write."""
TRACES_STAY = timedelta(days=30)
"""How long it can be told whether two signatures came from one device or network."""
FORGETTERS: list[Callable[[Dossier], Any]] = []
"""What else is to be done when the supporters of a dossier are forgotten: `FORGETTERS.append(forget_photos)`.

Each is called once, in the transaction in which it begins, and removes what its own package keeps of them.
"""


@command(Do.FORGET)
def forget(actor: Any, dossier: Dossier) -> Dossier:
    """Begin: from now on nobody can sign it, and the worker removes what is personal. Twice is once."""
    if dossier.forgotten_at is not None:
        return dossier
    dossier.forgotten_at = now()
    counted = db.select(db.func.count(Signature.id)).where(Signature.state.in_(COUNTED))
    number = db.session.scalar(counted.where(Signature.dossier_id == dossier.id)) or 0
    record(dossier, "forgotten", supporters=number)
    named = db.update(Strike).where(Strike.dossier_id == dossier.id)
    db.session.execute(named.values(conditions={}))  # they may hold the beginning of a name
    for forgetter in FORGETTERS:
        forgetter(dossier)
    jobs.later("dossiers.forget_supporters", dossier_id=dossier.id)
    return dossier


@command(Do.FORGET_SUPPORTERS)
def forget_supporters(actor: Any, dossier: Dossier) -> bool:
    """Remove what is personal of some signatures; whether all are done. If not, the rest is queued."""
    wanted = db.select(Signature).where(Signature.dossier_id == dossier.id, PERSONAL)
    found = db.session.scalars(wanted.order_by(Signature.id).limit(AT_ONCE).with_for_update()).all()
    people = {signature.person_id for signature in found if signature.person_id is not None}
    for signature in found:
        if signature.state == SignatureState.CONFIRMED:
            signature.state = SignatureState.ANONYMISED
        signature.forget_owner()
        signature.helper_id = signature.why_invalid = None
    _forget_who_wrote(dossier)
    jobs.forget("signature_id", [signature.id for signature in found])
    jobs.forget("person_id", let_go(people))
    if len(found) < AT_ONCE:
        jobs.tonight("kernel.write_anew")
        return True
    jobs.later("dossiers.forget_supporters", dossier_id=dossier.id)
    return False


def _forget_who_wrote(dossier: Dossier) -> None:
    """From before there was a journal: entries of single signatures, with the one who signed."""
    theirs = db.update(Entry).where(Entry.dossier_id == dossier.id, Entry.verb.in_(QUIET))
    db.session.execute(theirs.where(Entry.actor_id.is_not(None)).values(actor_id=None))
    db.session.flush()


@command(Do.FORGET_TRACES)
def forget_traces(actor: Any, _: None, *, most: int = 5000) -> bool:
    """Remove from where signatures came once that is no longer looked at; whether all are done."""
    traced = db.or_(Signature.network.is_not(None), Signature.device.is_not(None))
    old = db.select(Signature.id).where(traced, Signature.signed_at < now() - TRACES_STAY).limit(most)
    found = list(db.session.scalars(old))
    bare = db.update(Signature).where(Signature.id.in_(found)).values(network=None, device=None)
    db.session.execute(bare)
    return len(found) < most
