"""What happens to many signatures at once: a look at those that are held, striking out, and undoing that."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Person
from portal.dossiers import limits
from portal.dossiers.commands.counting import supporters
from portal.dossiers.commands.moving import in_whose_name
from portal.dossiers.conditions import Conditions
from portal.dossiers.journal import note
from portal.dossiers.models import SIGNABLE, Dossier, Signature, SignatureState, Strike
from portal.dossiers.policy import Do
from portal.dossiers.timeline import record
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid


@command(Do.LOOK)
def look(
    actor: Person, dossier: Dossier, *, groups: Sequence[int], last: int, accept: bool, reason: str = ""
) -> None:
    """Somebody looked at signatures that were held: they count, or they are refused for a reason.

    `groups` are named by the number of one signature each; none that is newer than `last` was looked at.
    """
    found = _locked(limits.held_like(dossier, groups, last))
    if not found:
        raise Invalid("groups", "Nothing waits here any more.")
    if not accept:
        _strike(actor, dossier, found, {"held": sorted({str(signature.held) for signature in found})}, reason)
        return
    ready = {signature for signature in found if signature.ready_at is not None}
    for signature in found:
        _let_go(signature)
    db.session.flush()
    for signature in found:
        note(signature, "confirmed" if signature in ready else "released", int(signature in ready))
    facts: dict[str, Any] = {"number": len(found), "counted": len(ready), "supporters": supporters(dossier)}
    record(dossier, "held_released", by=actor, **facts, **in_whose_name(actor, dossier))


def _locked(wanted: Any) -> Sequence[Signature]:
    """These signatures, as they are now: nobody confirms or withdraws them meanwhile."""
    locking = wanted.with_for_update(of=Signature).execution_options(populate_existing=True)
    found: Sequence[Signature] = db.session.scalars(locking).all()
    return found


def _let_go(signature: Signature) -> None:
    """It counts if its owner confirmed it. Else it waits for the mail like any other."""
    signature.held = None
    if signature.ready_at is not None:
        signature.state, signature.confirmed_at = SignatureState.CONFIRMED, now()
        signature.ready_at = signature.withdrawn_at = None


@command(Do.STRIKE)
def strike(actor: Person, dossier: Dossier, *, conditions: Conditions, expected: int, reason: str) -> Strike:
    """Strike out all that fit these conditions, if they are as many as the one who does it saw."""
    if not conditions.given:
        raise Invalid("conditions", "Choose at least one condition.")
    wanted = db.select(Signature).where(*conditions.clauses(dossier)).order_by(Signature.id)
    found = _locked(wanted)
    if not found:
        raise Invalid("conditions", "No signature fits.")
    if len(found) != expected:
        raise Invalid("expected", "It is another number meanwhile.")
    return _strike(actor, dossier, found, conditions.given, reason)


def _strike(
    actor: Person, dossier: Dossier, found: Sequence[Signature], conditions: dict[str, Any], reason: str
) -> Strike:
    """None of them counts any more. The public entry says how many, and by what, without the values."""
    before = supporters(dossier)
    after = before - sum(signature.state == SignatureState.CONFIRMED for signature in found)
    whose = in_whose_name(actor, dossier)
    made = Strike(dossier_id=dossier.id, actor_id=actor.id, conditions=conditions, reason=reason)
    made.organisation_id = whose["organisation"].id if whose else None
    made.number, made.before, made.after = len(found), before, after
    db.session.add(made)
    db.session.flush()
    moved = [_out(signature, made) for signature in found]
    db.session.flush()  # the bundles look at what is in the tables
    for signature, delta in zip(found, moved, strict=True):
        note(signature, "invalidated", delta)
    facts: dict[str, Any] = {"strike": made.id, "number": made.number, "before": before, "after": after}
    facts |= {"by_what": sorted(conditions), "reason": reason}
    record(dossier, "struck", by=actor, **facts, **whose)
    return made


def _out(signature: Signature, strike: Strike) -> int:
    """By how much that moves the count. Only what counted keeps since when: so it is known later."""
    counted = signature.state == SignatureState.CONFIRMED
    if not counted:
        signature.confirmed_at = None
    signature.state, signature.strike_id, signature.why_invalid = (
        SignatureState.INVALID,
        strike.id,
        strike.reason,
    )
    return -1 if counted else 0


@command(Do.UNDO_STRIKE)
def undo_strike(actor: Person, strike: Strike, *, reason: str) -> Strike:
    """Everything as before: what counted counts, what waited waits. Who asked to be forgotten stays out."""
    dossier = strike.dossier
    before = supporters(dossier)
    wanted = db.select(Signature).filter_by(strike_id=strike.id, state=SignatureState.INVALID)
    found = [s for s in _locked(wanted.order_by(Signature.id)) if not _left(s, dossier)]
    moved = [_back(signature) for signature in found]
    strike.undone_at = now()
    db.session.flush()
    for signature, delta in zip(found, moved, strict=True):
        note(signature, "restored", delta)
    facts: dict[str, Any] = {"strike": strike.id, "number": len(found), "reason": reason}
    facts |= {"before": before, "after": before + sum(moved)}
    record(dossier, "strike_undone", by=actor, **facts, **in_whose_name(actor, dossier))
    return strike


def _nameless(signature: Signature) -> bool:
    return signature.person_id is None and not signature.name


def _left(signature: Signature, dossier: Dossier) -> bool:
    """Its owner was erased while one can still sign: that takes a signature out."""
    still_open = dossier.state in SIGNABLE and dossier.forgotten_at is None
    return still_open and _nameless(signature)


def _back(signature: Signature) -> int:
    """By how much that moves the count."""
    signature.strike_id = signature.why_invalid = None
    if signature.confirmed_at is None:
        signature.state = SignatureState.PENDING
        return 0
    gone = _nameless(signature)
    signature.state = SignatureState.ANONYMISED if gone else SignatureState.CONFIRMED
    return 1
