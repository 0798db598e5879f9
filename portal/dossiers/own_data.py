"""What a person opened and signed: shown to them, taken along, erased."""

from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.own_data import PARTS, Part
from portal.dossiers.journal import note
from portal.dossiers.models import COUNTED, SIGNABLE, Dossier, Signature, SignatureState
from portal.dossiers.pictures import described, forget
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now
from portal.kernel.db import db


def dossiers_of(person: Person) -> list[Dossier]:
    """What this person opened, the newest first."""
    wanted = db.select(Dossier).filter_by(opener_id=person.id)
    return list(db.session.scalars(wanted.order_by(Dossier.opened_at.desc())))


def signatures_of(person: Person) -> list[Signature]:
    """What this person signed, the newest first."""
    wanted = db.select(Signature).filter_by(person_id=person.id).options(joinedload(Signature.dossier))
    return list(db.session.scalars(wanted.order_by(Signature.signed_at.desc())))


def _export_dossiers(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "reference": d.ref,
            "kind": d.kind,
            "state": d.state,
            "title": d.title,
            "text": d.body,
            "place": d.place_name,
            "answers": d.answers,
            "photos": described(d.attachments),
            "opened_at": d.opened_at.isoformat(),
        }
        for d in dossiers_of(person)
    ]


def _export_signatures(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "dossier": s.dossier.ref,
            "state": s.state,
            "name": s.name,
            "shown": s.shown,
            "reason": s.reason,
            "building": s.building,
            "count_me_too": s.joins_bundle,
            "signed_at": s.signed_at.isoformat(),
            "confirmed_at": s.confirmed_at.isoformat() if s.confirmed_at else None,
        }
        for s in signatures_of(person)
    ]


def _written_by(person: Person) -> list[Entry]:
    wanted = db.select(Entry).filter_by(actor_id=person.id).where(Entry.verb.not_in(["signed", "confirmed"]))
    return list(db.session.scalars(wanted.order_by(Entry.id)))


def _export_entries(person: Person) -> list[dict[str, Any]]:
    return [
        {"dossier": e.dossier.ref, "number": e.seq, "what": e.verb, "on": e.on.isoformat(), "text": e.text}
        for e in _written_by(person)
    ]


def _erase_signatures(person: Person) -> None:
    """Where one can still sign it is withdrawn; where that is over the number stays without its owner."""
    for signature in signatures_of(person):
        if signature.state in COUNTED and signature.dossier.state in SIGNABLE:
            note(signature, "withdrawn", -1)
            signature.state, signature.withdrawn_at = SignatureState.WITHDRAWN, now()
            signature.building = ""
        elif signature.state in COUNTED:
            signature.state = SignatureState.ANONYMISED
        signature.forget_owner()


def _erase_dossiers(person: Person) -> None:
    """What was reported stays without its opener; what nobody saw yet goes with its words and photos."""
    for dossier in dossiers_of(person):
        dossier.opener_id = None
        if not dossier.public and dossier.organisation_id is None:
            dossier.title, dossier.body, dossier.answers = "", "", {}
            for photo in list(dossier.attachments):
                forget(photo)


def _erase_entries(person: Person) -> None:
    """Words written as a neighbour go; words in the name of an organisation are the organisation's."""
    for entry in _written_by(person):
        if entry.organisation_id is None:
            entry.text = entry.salt = None
    db.session.execute(db.update(Entry).where(Entry.actor_id == person.id).values(actor_id=None))


def _hide_signatures(person: Person, words: bool) -> None:
    """No name beside any of them."""
    for signature in signatures_of(person):
        signature.shown, signature.name, signature.name_key = False, "", ""
        if words:
            signature.reason = ""


def _hide_entries(person: Person, words: bool) -> None:
    """Words written as a neighbour; those in the name of an organisation tell of nobody."""
    for entry in _written_by(person) if words else []:
        if entry.organisation_id is None:
            entry.text = entry.salt = None


PARTS.extend(
    [
        Part("dossiers", _export_dossiers, _erase_dossiers, "dossiers/own_dossiers.html", dossiers_of),
        Part(
            "signatures",
            _export_signatures,
            _erase_signatures,
            "dossiers/own_signatures.html",
            signatures_of,
            _hide_signatures,
        ),
        Part("timeline", _export_entries, _erase_entries, hide=_hide_entries),
    ]
)
