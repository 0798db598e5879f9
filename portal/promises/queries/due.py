"""Promises whose day asks for something, and the voices of those who are asked."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from portal.accounts.models import Membership, Role
from portal.dossiers.models import Signature, SignatureState
from portal.kernel.clock import today
from portal.kernel.db import db, find
from portal.kernel.tickets import For, read
from portal.promises.models import RUNNING, Promise, PromiseState, Voice, Voiced

SOON = timedelta(days=7)
AT_ONCE = 500


def promise(promise_id: int) -> Promise:
    return find(Promise, promise_id)


def due() -> list[int]:
    """Numbers of the promises for which `look_after` has something to do today, the first day first."""
    day = Promise.by_on
    soon = db.and_(day > today(), day <= today() + SOON, Promise.reminded_for.is_distinct_from(day))
    here = db.and_(day <= today(), Promise.asked_for.is_distinct_from(day))
    passed = db.and_(day < today(), Promise.state == PromiseState.OPEN)
    wanted = db.select(Promise.id).where(Promise.state.in_(RUNNING), db.or_(soon, here, passed))
    return list(db.session.scalars(wanted.order_by(day, Promise.id).limit(AT_ONCE)))


def tallies(promise_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Promise -> what its supporters said -> how many; `silent` said nothing. One query for all."""
    ids = list(promise_ids)
    rows = db.select(Voice.promise_id, Voice.said, db.func.count(Voice.id))
    rows = rows.where(Voice.promise_id.in_(ids)).group_by(Voice.promise_id, Voice.said)
    found = {number: dict.fromkeys([*map(str, Voiced), "silent"], 0) for number in ids}
    for number, said, many in db.session.execute(rows):
        found[number][said or "silent"] = many
    return found


def tally(promise: Promise) -> dict[str, int]:
    return tallies([promise.id])[promise.id]


def makers(promise: Promise) -> list[int]:
    """Who is reminded: the official who promised it; all of them when that one is gone or wrote nothing."""
    wanted = db.select(Membership.person_id).where(
        Membership.organisation_id == promise.organisation_id,
        Membership.role == Role.OFFICIAL,
        Membership.starts_on <= today(),
        db.or_(Membership.ends_on.is_(None), Membership.ends_on >= today()),
    )
    found = sorted(set(db.session.scalars(wanted)))
    own = promise.entry.actor_id
    return [own] if own is not None and own in found else found


def voice(voice_id: int) -> Voice:
    return find(Voice, voice_id)


def voice_by_ticket(ticket: str) -> Voice:
    """The voice for which a link in a mail stands; who holds it acts as the one who signed."""
    return find(Voice, read(For.KEPT, ticket))


def unasked(dossier_id: int, person_id: int) -> list[Voice]:
    """What this supporter can say about promises of this dossier, and got no mail about yet."""
    wanted = _of(dossier_id, person_id).where(Voice.said.is_(None)).order_by(Voice.id)
    return [voice for voice in db.session.scalars(wanted) if voice.open and not voice.told]


def told_today(dossier_id: int, person_id: int) -> bool:
    """Whether a mail of today asked this supporter about a promise of this dossier."""
    wanted = _of(dossier_id, person_id).where(Voice.told_on == today())
    return db.session.scalar(wanted.with_only_columns(Voice.id).limit(1)) is not None


def _of(dossier_id: int, person_id: int) -> Any:
    theirs = db.select(Voice).join(Voice.signature).join(Voice.promise)
    return theirs.where(Promise.dossier_id == dossier_id, Signature.person_id == person_id)


def voices_to_ask(after: int, most: int, *, promise_id: int) -> list[int]:
    """The next of those who can be written to, and said nothing yet."""
    wanted = db.select(Voice.id).join(Voice.signature)
    wanted = wanted.where(Voice.promise_id == promise_id, Voice.id > after, Voice.said.is_(None))
    able = Signature.state == SignatureState.CONFIRMED, Signature.person_id.is_not(None)
    return list(db.session.scalars(wanted.where(*able).order_by(Voice.id).limit(most)))


def asked_something(dossier_id: int, people: Sequence[int]) -> set[int]:
    """Of these supporters those who have a voice about a promise of this dossier."""
    wanted = (
        db.select(Signature.person_id).join(Voice, Voice.signature_id == Signature.id).join(Voice.promise)
    )
    wanted = wanted.where(Promise.dossier_id == dossier_id, Signature.person_id.in_(people))
    return {number for number in db.session.scalars(wanted) if number is not None}
