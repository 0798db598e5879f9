"""Which supporters a dossier brings along when it joins a petition, and who goes when it leaves.

A person has one signature under a petition. It is their own, or it is carried: `via_id` names one joined
dossier that brings them. Leaving takes out exactly the carried signatures that nothing else brings, and puts
back what was there before: a signature that still waits for its mail waits again. The row of somebody who was
taken out stays as withdrawn, without `withdrawn_at`: they did not step out themselves. Whoever did is never
carried again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portal.accounts.models import Person
from portal.dossiers.journal import note
from portal.dossiers.models import COUNTED, SIGNABLE, Dossier, Signature, SignatureState
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.petitions.models import Consent, Lineage

FEW = 500
"""So many numbers fit into one query on every database; beyond it all rows are read."""


@dataclass(frozen=True)
class Bringing:
    """Through which dossier a person comes along, and the name they gave there."""

    dossier_id: int
    name: str


def brought_by(
    dossier_ids: Collection[int], *, person_id: int | None = None, but: int | None = None
) -> dict[int, Bringing]:
    """Person id -> how they come along: those who opened a dossier themselves, and those who ticked the box.

    Narrowed to one person, and without the signature with number `but`.
    """
    openers = (
        db.select(Dossier.opener_id, Dossier.id, Person.name)
        .join(Person, Person.id == Dossier.opener_id)
        .where(Dossier.id.in_(dossier_ids), Dossier.organisation_id.is_(None))
    )
    ticked = db.select(Signature.person_id, Signature.dossier_id, Signature.name).where(
        Signature.dossier_id.in_(dossier_ids),
        Signature.state == SignatureState.CONFIRMED,
        Signature.joins_bundle,
        Signature.person_id.is_not(None),
        Signature.id != (but or 0),
    )
    if person_id is not None:
        openers = openers.where(Person.id == person_id)
        ticked = ticked.where(Signature.person_id == person_id)
    found: dict[int, Bringing] = {}
    for query in (openers.order_by(Dossier.id), ticked.order_by(Signature.dossier_id, Signature.id)):
        for who, dossier_id, name in db.session.execute(query):
            found.setdefault(who, Bringing(dossier_id, name))
    return found


def carry(petition: Dossier, coming: dict[int, Bringing]) -> list[Signature]:
    """Count these people with the petition; return the signatures that are new in the count.

    Needs the petition's lock, so that two dossiers cannot bring the same person at once.
    """
    known, refs = _signatures(petition, coming), _refs(how.dossier_id for how in coming.values())
    carried = []
    for person_id, how in coming.items():
        signature = known.get(person_id)
        if signature is None:
            signature = Signature(dossier_id=petition.id, person_id=person_id, name=how.name)
            db.session.add(signature)
        elif not _may_be_carried(signature):
            continue
        signature.state, signature.confirmed_at = SignatureState.CONFIRMED, now()
        signature.via_id, signature.held = how.dossier_id, None
        carried.append(signature)
    db.session.flush()
    for signature in carried:
        note(signature, "confirmed", 1, via=refs.get(coming[signature.person_id or 0].dossier_id))
    return carried


def _refs(dossier_ids: Iterable[int]) -> dict[int, str]:
    wanted = db.select(Dossier.id, Dossier.ref).where(Dossier.id.in_(set(dossier_ids)))
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _signatures(petition: Dossier, people: Collection[int]) -> dict[int, Signature]:
    """The signatures of these people under this petition, whatever their state."""
    wanted = db.select(Signature).filter_by(dossier_id=petition.id)
    if len(people) <= FEW:
        wanted = wanted.where(Signature.person_id.in_(people))
    found = db.session.scalars(wanted.with_for_update())
    return {s.person_id: s for s in found if s.person_id in people}


def _may_be_carried(signature: Signature) -> bool:
    """It waits for its mail, or it was carried before and let go; and its owner did not step out."""
    waits = signature.state in {SignatureState.PENDING, SignatureState.WITHDRAWN}
    return waits and signature.withdrawn_at is None


def tell(petition: Dossier, carried: Iterable[Signature], *, but: int | None = None) -> None:
    """Have a mail with one tap to step out sent to each; `but` is the person who did it. Told once."""
    told = [s.id for s in carried if s.person_id != but]
    jobs.each("notices.carried", "signature_id", told, key=f"carried:{petition.id}")


def release(petition: Dossier, leaving: Collection[int]) -> int:
    """Take out whom only these dossiers brought; return how many. The lineages say already that they left."""
    wanted = db.select(Signature).filter_by(dossier_id=petition.id)
    rows = wanted.where(Signature.via_id.in_(leaving), Signature.state.in_(COUNTED))
    still = brought_by(joined_ids(petition))
    return sum(_let_go(signature, still) for signature in db.session.scalars(rows.with_for_update()))


def _let_go(signature: Signature, still: dict[int, Bringing]) -> bool:
    """Whether it no longer counts; what else brings this person takes over."""
    if signature.person_id in still:
        signature.via_id = still[signature.person_id].dossier_id
        return False
    waits = signature.mails > 0  # signed under the petition too, and the mail is not confirmed
    note(signature, "withdrawn", -1, via=signature.via.ref if signature.via else None)
    signature.state = SignatureState.PENDING if waits else SignatureState.WITHDRAWN
    signature.via_id = signature.confirmed_at = None
    return True


def joined_ids(petition: Dossier) -> list[int]:
    wanted = db.select(Lineage.dossier_id).filter_by(petition_id=petition.id, consent=Consent.JOINED)
    return list(db.session.scalars(wanted.order_by(Lineage.dossier_id)))


def petitions_joined_by(dossier_id: int) -> list[Dossier]:
    """The petitions that are being signed and that this dossier is part of."""
    wanted = (
        db.select(Dossier)
        .join(Lineage, Lineage.petition_id == Dossier.id)
        .where(
            Lineage.dossier_id == dossier_id,
            Lineage.consent == Consent.JOINED,
            Dossier.state.in_(SIGNABLE),
            Dossier.forgotten_at.is_(None),
        )
    )
    return list(db.session.scalars(wanted.order_by(Dossier.id)))


def bring_one(petition: Dossier, signature: Signature) -> None:
    """A supporter of a joined dossier, with the tick, comes along."""
    coming = brought_by([signature.dossier_id], person_id=signature.person_id)
    tell(petition, carry(petition, coming))


def take_one(petition: Dossier, signature: Signature) -> None:
    """Who steps out of a joined dossier goes from the petition too, unless something else brings them."""
    wanted = db.select(Signature).filter_by(dossier_id=petition.id, person_id=signature.person_id)
    carried = db.session.scalar(
        wanted.where(Signature.via_id == signature.dossier_id, Signature.state.in_(COUNTED)).with_for_update()
    )
    if carried is None:
        return
    others = brought_by(joined_ids(petition), person_id=signature.person_id, but=signature.id)
    _let_go(carried, others)
