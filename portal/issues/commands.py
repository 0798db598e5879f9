"""Reporting: the draft, sending it, confirming it by mail, and removing what never came to that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine, inspect
from sqlalchemy.orm.attributes import set_committed_value

from portal.accounts import addresses
from portal.accounts.commands import let_go, new_person, newcomer
from portal.accounts.models import Organisation, Person
from portal.dossiers import pictures
from portal.dossiers.commands import count, establish, in_whose_name
from portal.dossiers.models import (
    LIFECYCLE,
    Attachment,
    Category,
    Dossier,
    Kind,
    Movement,
    Signature,
    SignatureState,
    State,
)
from portal.dossiers.timeline import Entry, first_entry, record, reference
from portal.issues import questions
from portal.issues.models import Draft, DraftMeaning
from portal.issues.own_data import forget_draft
from portal.issues.pictures import begun
from portal.issues.policy import Do
from portal.issues.queries import said
from portal.kernel import jobs
from portal.kernel.clock import ZONE, now, today
from portal.kernel.commands import command, lock
from portal.kernel.db import db, one
from portal.kernel.errors import AlreadyDone, IllegalMove, Invalid
from portal.kernel.rows import Of, Row, add_together, known_as, next_key
from portal.places.queries import neighbourhood_at
from portal.similar import meaning
from portal.similar.commands import catch_up
from portal.ties.commands import keep as keep_said
from portal.ties.models import Says

DRAFTS_STAY = timedelta(days=7)
UNCONFIRMED_STAY = timedelta(days=14)
MOST_WAITING = 5
"""Reports of one address that wait for its confirmation: nobody can fill a stranger's mailbox with them."""
TOO_MANY_WAITING = "too_many_waiting"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report as another system tells it."""

    source: str
    source_id: str
    title: str
    opened_at: datetime
    body: str = ""
    slug: str = ""
    """Its category there; ours only when we know one by this name."""
    place_name: str = ""
    lat: float | None = None
    lon: float | None = None
    closed: bool = False
    closed_at: datetime | None = None
    status: str = ""
    """The word for its state there."""


@command(Do.SAVE_DRAFT)
def save_draft(
    actor: Any,
    _: None,
    *,
    key: str,
    **values: Any,
) -> Draft:
    """Write down what was filled in so far, right or not."""
    draft = begun(actor, key)
    draft.values = {**draft.values, **values}
    if meaning.available():
        _ask_meaning(draft)
    return draft


def _ask_meaning(draft: Draft) -> None:
    """The worker finds out what it means while its writer reads on: for the look before it is sent."""
    known = db.session.get(DraftMeaning, draft.id) or DraftMeaning(draft_id=draft.id, text="")
    text = meaning.fingerprint(*said(draft.values))
    if draft.values.get("title") and known.text != text:
        known.text, known.made_by, known.whole, known.gist = text, "", None, None
        db.session.add(known)


@command(Do.DISCARD)
def discard(actor: Any, draft: Draft) -> None:
    """Throw away what was written, photos and all."""
    forget_draft(draft)


@command(Do.REPORT, alone=False)
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
    if not actor.is_authenticated and (taken := _taken(draft, email)) is not None:
        return _unconfirmed(draft, taken, newcomer(email, name, locale), joins_bundle)
    lock(draft)
    _ready(draft)
    known = actor.is_authenticated
    person = actor if known else _reporter(email, name, locale)
    state = State.OPEN if known else State.UNCONFIRMED
    dossier = establish(person, opener_id=person.id, state=state, language=locale, **_told(draft))
    signature = _own_signature(dossier, person, name or person.name, joins_bundle)
    if known:
        count(signature)
    else:
        jobs.later("notices.report", dossier_id=dossier.id)
    for photo in draft.photos:
        photo.draft_id, photo.dossier_id, photo.alt = None, dossier.id, photo.alt or dossier.title
    db.session.flush()
    keep_said(person, dossier, draft.values)
    set_committed_value(draft, "photos", [])  # they are the dossier's now
    db.session.delete(draft)
    return dossier


def _ready(draft: Draft) -> None:
    if not (draft.described and draft.placed):
        raise IllegalMove("report a draft that is not finished")


@cache
def _taking(engine: Engine) -> Any:
    """In one statement: take away a draft without photos; give its values, the number of the dossier that it
    becomes, who has this address, and how many reports of theirs wait.
    """
    number, key = db.bindparam("number", type_=db.Integer), db.bindparam("key", type_=db.String)
    whose = db.select(Person.id).where(Person.email_key == key).scalar_subquery()
    waiting = db.select(db.func.count()).select_from(Dossier)
    waiting = waiting.where(Dossier.opener_id == whose, Dossier.state == State.UNCONFIRMED)
    plain = db.delete(Draft).where(Draft.id == number, ~db.exists().where(Attachment.draft_id == number))
    return plain.returning(Draft.values, next_key(Dossier, engine), whose, waiting.scalar_subquery())


def _taken(draft: Draft, email: str) -> Any:
    """What is taken with it; None when it is gone, or has photos."""
    (number,) = inspect(draft).identity or (None,)
    given = {"number": number, "key": addresses.key(email)}
    return db.session.connection().execute(_taking(db.engine), given).one_or_none()


def _unconfirmed(draft: Draft, taken: Any, new: Row, joins_bundle: bool) -> Dossier:
    """Open it for somebody who confirms it by mail, without an object: until then nobody hears of it."""
    values, number, person_id, waiting = taken
    set_committed_value(draft, "values", values)
    _ready(draft)
    if waiting >= MOST_WAITING:
        raise Invalid("email", TOO_MANY_WAITING)
    rows = _rows(draft, number, Of(0) if person_id is None else person_id, new, joins_bundle)
    keys = add_together([new, *rows] if person_id is None else rows)
    if keys is None:  # their first report came at the same moment
        found = one(Person, email_key=new.given["email_key"])
        return _unconfirmed(draft, (values, number, found.id, waiting), new, joins_bundle)
    dossier = known_as(Dossier, number)
    if any(values.get(one) for one in (Says.BELONGS, Says.DIFFERENT)):
        keep_said(known_as(Person, person_id or keys[0]), dossier, values)
    return dossier


def _rows(draft: Draft, number: int, whose: Any, new: Row, joins_bundle: bool) -> list[Row]:
    entry = first_entry(number, "opened", today(), whose, kind=draft.values["kind"])
    begun = {"opened_at": now(), "changed_at": now(), "entry_count": 1, "head": entry["hash"], "cell": None}
    known = {"id": number, "ref": reference(number), "opener_id": whose, "state": State.UNCONFIRMED}
    name, locale = new.given["name"].strip(), new.given["locale"]
    signed = {"dossier_id": number, "person_id": whose, "name": name, "joins_bundle": joins_bundle}
    return [
        Row(Dossier, known | begun | {"language": locale} | _told(draft)),
        Row(Entry, entry),
        Row(Signature, signed | {"state": SignatureState.PENDING, "signed_at": now()}),
        *jobs.among("notices.report", dossier_id=number),
    ]


def _told(draft: Draft) -> dict[str, Any]:
    """The draft as columns of a dossier."""
    given, planned = draft.values, draft.values["kind"] == Kind.PLAN
    return {
        "kind": Kind(given["kind"]),
        "title": given["title"].strip(),
        "body": given.get("body", "").strip(),
        "category_slug": given["category"],
        "answers": questions.answered_in(given),
        "place_name": given.get("place_name", ""),
        "lat": given.get("lat"),
        "lon": given.get("lon"),
        "neighbourhood_code": given["neighbourhood"],
        "begins_at": draft.begins_at if planned else None,
        "ends_at": draft.ends_at if planned else None,
    }


def _reporter(email: str, name: str, locale: str) -> Person:
    """Whoever has this address, unless too much of theirs waits already."""
    new = new_person(email, name=name, locale=locale)
    if new is not None:
        return known_as(Person, new)
    person = one(Person, email_key=addresses.key(email))
    _refuse_too_many(person)
    return person


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
    return signature


@command(Do.REPORT_FOR)
def report_for(
    actor: Person,
    organisation: Organisation,
    *,
    kind: Kind,
    picture: Attachment | None = None,
    told_on: date | None = None,
    precision: str = "day",
    **given: Any,
) -> Dossier:
    """Open an issue or a plan in the name of an organisation, which is no supporter: only people are.

    `given`: columns of Dossier. `told_on`: the day it began, when it is written down afterwards.
    """
    given |= {"opener_id": actor.id, "organisation_id": organisation.id}
    dossier = establish(
        actor, told_on=told_on, precision=precision, kind=Kind(kind), state=State.OPEN, **given
    )
    if picture is not None:
        picture.dossier_id, picture.alt = dossier.id, picture.alt or dossier.title
        db.session.add(picture)
    return dossier


@command(Do.SET_DAY)
def set_day(actor: Any, dossier: Dossier, *, begins_at: datetime | None, ends_at: datetime | None) -> Entry:
    """Say when a plan is held, say another day, or that the day is not known any more."""
    dossier.begins_at, dossier.ends_at = begins_at, ends_at if begins_at else None
    told = begins_at.isoformat() if begins_at else None
    return record(dossier, "planned", by=actor, begins_at=told, **in_whose_name(actor, dossier))


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
    """Remove drafts after a week and unconfirmed reports after two: only their writer ever saw them."""
    for draft in db.session.scalars(db.select(Draft).where(Draft.changed_at < now() - DRAFTS_STAY)).all():
        forget_draft(draft)
    unseen = db.or_(Dossier.state == State.UNCONFIRMED, Dossier.stayed_private)
    stale = db.select(Dossier).where(
        unseen, Dossier.kind != Kind.PETITION, Dossier.opened_at < now() - UNCONFIRMED_STAY
    )
    for dossier in db.session.scalars(stale.with_for_update()).all():
        _forget_report(dossier)


def _forget_report(dossier: Dossier) -> None:
    person = dossier.opener
    for picture in list(dossier.attachments):
        pictures.forget(picture)
    for model in (Entry, Movement, Signature):
        db.session.execute(db.delete(model).where(model.dossier_id == dossier.id))
    db.session.delete(dossier)
    db.session.flush()
    if person is not None and person.confirmed_at is None:
        let_go([person.id])


@command(Do.IMPORT)
def import_reports(actor: Any, _: None, *, rows: list[Incoming]) -> int:
    """Write down reports from another system; those that are here already are left as they are.

    Returns how many were new. One insert for many: a dossier, its reference and its one entry each.
    """
    new = _unknown(rows)
    if new:
        _insert(new)
    return len(new)


def _unknown(reports: Iterable[Incoming]) -> list[Incoming]:
    """Those that are not here yet, each once."""
    first = {(report.source, report.source_id): report for report in reversed(list(reports))}
    for source in {source for source, _ in first}:
        ids = [number for name, number in first if name == source]
        here = db.select(Dossier.source_id).where(Dossier.source == source, Dossier.source_id.in_(ids))
        for number in db.session.scalars(here):
            del first[source, str(number)]
    return list(reversed(first.values()))


def _insert(reports: Sequence[Incoming]) -> None:
    """Write them down, in three statements for all of them."""
    slugs = set(db.session.scalars(db.select(Category.slug)))
    new = db.insert(Dossier).returning(Dossier.source, Dossier.source_id, Dossier.id)
    written = db.session.execute(new, [_imported(report, slugs) for report in reports])
    ids = {(source, source_id): number for source, source_id, number in written}
    entries, heads = [], []
    for report in reports:
        number = ids[report.source, report.source_id]
        facts = _import_entry(report, number)
        entries.append(facts)
        heads.append({"id": number, "ref": reference(number), "head": facts["hash"]})
    db.session.execute(db.insert(Entry), entries)
    db.session.execute(db.update(Dossier), heads)
    catch_up(ids.values())


def _imported(report: Incoming, slugs: set[str]) -> dict[str, Any]:
    has_point = report.lat is not None and report.lon is not None
    return {
        "kind": Kind.ISSUE,
        "state": State.SOLVED if report.closed else State.OPEN,
        "title": report.title,
        "body": report.body,
        "category_slug": report.slug if report.slug in slugs else None,
        "place_name": report.place_name,
        "lat": report.lat,
        "lon": report.lon,
        "neighbourhood_code": neighbourhood_at(report.lat, report.lon) if has_point else None,  # type: ignore[arg-type]
        "opened_at": report.opened_at,
        "changed_at": now(),
        "source": report.source,
        "source_id": report.source_id,
        "entry_count": 1,
    }


def _import_entry(report: Incoming, dossier_id: int) -> dict[str, Any]:
    """The one entry: that it came from elsewhere, on the day it was reported there."""
    data = {"source": report.source, "source_id": report.source_id, "status": report.status}
    if report.closed_at is not None:
        data["closed_on"] = report.closed_at.astimezone(ZONE).date().isoformat()
    return first_entry(dossier_id, "imported", report.opened_at.astimezone(ZONE).date(), **data)
