"""Reporting: the draft, sending it, confirming it by mail, and cleaning up what was never sent or confirmed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from portal.accounts.commands import person_for
from portal.accounts.models import Membership, Person
from portal.dossiers import pictures
from portal.dossiers.commands import count, establish
from portal.dossiers.models import LIFECYCLE, Attachment, Dossier, Kind, Signature, SignatureState, State
from portal.dossiers.timeline import Entry, record
from portal.issues import incoming
from portal.issues.models import TITLE, Draft
from portal.issues.policy import Do
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone, IllegalMove, Invalid

DRAFTS_STAY = timedelta(days=7)
UNCONFIRMED_STAY = timedelta(days=14)
MOST_WAITING = 5
"""Reports of one address that wait for its confirmation: nobody can fill a stranger's mailbox with them."""
TOO_MANY_WAITING = "too_many_waiting"


@command(Do.SAVE_DRAFT)
def save_draft(
    actor: Any,
    _: None,
    *,
    key: str,
    picture: Attachment | None = None,
    without_picture: bool = False,
    **values: Any,
) -> Draft:
    """Write down what was filled in so far, right or not. A new description or place is to be compared anew."""
    draft = db.session.scalar(db.select(Draft).filter_by(key=key).with_for_update())
    if draft is None:
        draft = Draft(key=key, values={})
        db.session.add(draft)
    if actor.is_authenticated:
        draft.person_id = actor.id
    changed = {name: value for name, value in values.items() if draft.values.get(name) != value}
    if changed and "compared" not in changed:
        changed["compared"] = False
    draft.values, draft.changed_at = {**draft.values, **changed}, now()
    if picture is not None or without_picture:
        _replace_picture(draft, picture)
    db.session.flush()
    return draft


def _replace_picture(draft: Draft, picture: Attachment | None) -> None:
    old, draft.attachment = draft.attachment, picture
    db.session.flush()
    if old is not None:
        pictures.forget(old)


@command(Do.REPORT)
def report(
    actor: Any,
    draft: Draft | None,
    *,
    name: str = "",
    email: str = "",
    joins_bundle: bool = False,
    locale: str = "nl",
) -> Dossier:
    """Open the dossier that was drafted. Signed in it is there at once; else when the mail is confirmed."""
    if draft is None:
        raise AlreadyDone("draft")
    if not (draft.described and draft.placed):
        raise IllegalMove("report a draft that is not finished")
    known = actor.is_authenticated
    person = actor if known else person_for(email, name=name, locale=locale)
    if not known:
        _refuse_too_many(person)
    state = State.OPEN if known else State.UNCONFIRMED
    dossier = establish(person, opener_id=person.id, state=state, language=locale, **_told(draft))
    signature = _own_signature(dossier, person, name or person.name, joins_bundle)
    if known:
        count(signature)
    else:
        jobs.later("notices.report", dossier_id=dossier.id)
    _move_picture(draft, dossier)
    db.session.delete(draft)
    return dossier


def _told(draft: Draft) -> dict[str, Any]:
    """The draft as columns of a dossier."""
    given = draft.values
    return {
        "kind": Kind(given["kind"]),
        "title": given["title"].strip(),
        "body": given.get("body", "").strip(),
        "category_slug": given["category"],
        "place_name": given.get("place_name", ""),
        "lat": given.get("lat"),
        "lon": given.get("lon"),
        "neighbourhood_code": given["neighbourhood"],
    }


def _refuse_too_many(person: Person) -> None:
    waiting = db.select(db.func.count(Dossier.id)).filter_by(opener_id=person.id, state=State.UNCONFIRMED)
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Invalid("email", TOO_MANY_WAITING)


def _own_signature(dossier: Dossier, person: Person, name: str, joins_bundle: bool) -> Signature:
    """Whoever reports something supports it; their name is not shown unless they ask for that."""
    signature = Signature(dossier=dossier, person=person, name=name.strip(), joins_bundle=joins_bundle)
    signature.shown, signature.state, signature.signed_at = False, SignatureState.PENDING, now()
    db.session.add(signature)
    db.session.flush()
    record(dossier, "signed", by=person, signature=signature.id)
    return signature


def _move_picture(draft: Draft, dossier: Dossier) -> None:
    picture = draft.attachment
    if picture is not None:
        draft.attachment = None
        picture.dossier_id, picture.alt = dossier.id, dossier.title


@command(Do.CONFIRM_REPORT)
def confirm_report(actor: Person, dossier: Dossier) -> Dossier:
    """The mail was read: everybody can see the report. A second tap changes nothing."""
    actor.confirmed_at = actor.confirmed_at or now()
    if LIFECYCLE.can(dossier, "confirm"):
        LIFECYCLE.make(dossier, "confirm")
        record(dossier, "confirmed_report", by=actor)
        own = db.select(Signature).filter_by(
            dossier_id=dossier.id, person_id=actor.id, state=SignatureState.PENDING
        )
        signature = db.session.scalar(own)
        if signature is not None:
            count(signature)
    return dossier


@command(Do.PURGE)
def purge(actor: Any, _: None) -> None:
    """Remove drafts after a week, and reports that nobody confirmed after two: nobody but the writer saw them."""
    for draft in db.session.scalars(db.select(Draft).where(Draft.changed_at < now() - DRAFTS_STAY)):
        forget_draft(draft)
    stale = db.select(Dossier).where(
        Dossier.state == State.UNCONFIRMED, Dossier.opened_at < now() - UNCONFIRMED_STAY
    )
    for dossier in db.session.scalars(stale.with_for_update()).all():
        _forget_report(dossier)


def forget_draft(draft: Draft) -> None:
    """Remove a draft and its picture. For use inside a command."""
    _replace_picture(draft, None)
    db.session.delete(draft)


def _forget_report(dossier: Dossier) -> None:
    person = dossier.opener
    for picture in list(dossier.attachments):
        pictures.forget(picture)
    for model in (Entry, Signature):
        db.session.execute(db.delete(model).where(model.dossier_id == dossier.id))
    db.session.delete(dossier)
    db.session.flush()
    if person is not None and person.confirmed_at is None and not _is_known(person):
        db.session.delete(person)


def _is_known(person: Person) -> bool:
    """Whether anything else here is this person's."""
    owners: Iterable[Any] = (
        Dossier.opener_id,
        Signature.person_id,
        Membership.person_id,
        Entry.actor_id,
        Draft.person_id,
    )
    return any(db.session.scalar(db.select(owner).where(owner == person.id).limit(1)) for owner in owners)


@command(Do.IMPORT)
def import_reports(actor: Any, _: None, *, rows: list[incoming.Report]) -> int:
    """Write down reports from another system; those that are here already are left as they are.

    Returns how many were new. One insert for many: a dossier, its reference and its one entry each.
    """
    new = incoming.unknown(rows)
    if new:
        incoming.insert(new)
    return len(new)
