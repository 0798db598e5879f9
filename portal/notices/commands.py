"""Following a dossier on a device, and the weekly digest of what was not answered."""

from typing import Any

from portal.accounts.models import Person
from portal.dossiers.models import Dossier
from portal.kernel import series
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.notices import queries
from portal.notices.models import Bounce, Follow, NoDigest, NoNews, Subscription
from portal.notices.policy import Do
from portal.notices.queries import subscription
from portal.terms.models import Silence

MOST = 200
TOO_MANY = "too_many"
"""Dossiers that one device follows."""


@command(Do.FOLLOW)
def follow(
    actor: Any, dossier: Dossier, *, endpoint: str, p256dh: str, auth: str, locale: str = "nl"
) -> Follow:
    """Have this device hear of this dossier. Done twice it is the same; newer keys replace the older ones."""
    device = subscription(endpoint)
    if device is None:
        device = Subscription(endpoint=endpoint, p256dh=p256dh, auth=auth)
        db.session.add(device)
    device.p256dh, device.auth, device.locale = p256dh, auth, locale
    if actor.is_authenticated:
        device.person_id = actor.id
    known = next((one for one in device.follows if one.dossier_id == dossier.id), None)
    if known is not None:
        return known
    if len(device.follows) >= MOST:
        raise Invalid("endpoint", TOO_MANY)
    made = Follow(subscription=device, dossier=dossier)
    db.session.add(made)
    db.session.flush()
    return made


@command(Do.UNFOLLOW)
def unfollow(actor: Any, _: None, *, endpoint: str, ref: str) -> None:
    """This device hears of it no more. Whoever knows its endpoint is the device."""
    device = subscription(endpoint)
    if device is not None:
        _end(device, [one for one in device.follows if one.dossier.ref == ref])


@command(Do.STOP)
def stop(actor: Any, follow: Follow) -> None:
    _end(follow.subscription, [follow])


def _end(device: Subscription, follows: list[Follow]) -> None:
    """A device that follows nothing is forgotten."""
    for one in follows:
        device.follows.remove(one)
    if not device.follows:
        db.session.delete(device)


@command(Do.FORGET)
def forget(actor: Any, device: Subscription) -> None:
    """Its browser says that this device is no more."""
    db.session.delete(device)


@command(Do.GATHER)
def gather(actor: Any, _: None, *, week: str) -> int:
    """Give what was not answered to this week's digest, and queue its mails, one for each reader.

    A week has one digest: what comes after it waits for the next one. Returns how much was not answered.
    """
    if queries.has_digest(week):
        return 0
    fresh = queries.fresh_silences()
    if not fresh:
        return 0
    given = db.update(Silence).where(Silence.id.in_(fresh), Silence.digest.is_(None)).values(digest=week)
    db.session.execute(given.execution_options(synchronize_session=False))
    series.queue("notices.silences", key=f"silences:{week}", week=week)
    return len(fresh)


@command(Do.NOTE_BOUNCE)
def note_bounce(actor: Any, person: Person, *, status: str) -> None:
    """Send no more notices to this person's address. Done twice it is the same."""
    if db.session.get(Bounce, person.id) is None:
        db.session.add(Bounce(person_id=person.id, status=status))


@command(Do.REACH)
def reach(actor: Any, person: Person) -> None:
    """The address works again: notices go there as before."""
    db.session.execute(db.delete(Bounce).where(Bounce.person_id == person.id))


@command(Do.CHOOSE_DIGEST)
def choose_digest(actor: Any, person: Person, *, wanted: bool) -> None:
    """Have the digest, or no longer. Done twice it is the same."""
    _choose(NoDigest, person, wanted)


@command(Do.CHOOSE_NEWS)
def choose_news(actor: Any, person: Person, *, wanted: bool) -> None:
    """As an official, be told what neighbours say back, or no longer."""
    _choose(NoNews, person, wanted)


def _choose(no: type[NoDigest] | type[NoNews], person: Person, wanted: bool) -> None:
    known = db.session.get(no, person.id)
    if wanted and known is not None:
        db.session.delete(known)
    elif not wanted and known is None:
        db.session.add(no(person_id=person.id))
