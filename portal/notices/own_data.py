"""The devices on which a person follows dossiers, and which mails they want."""

from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Person, Role
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.kernel.tickets import For, ticket
from portal.notices.models import Bounce, Follow, NoDigest, NoNews, Subscription


def follows_of(person: Person) -> list[Follow]:
    """What this person follows, on whatever device, the newest first."""
    wanted = db.select(Follow).join(Follow.subscription).where(Subscription.person_id == person.id)
    return list(db.session.scalars(wanted.options(joinedload(Follow.dossier)).order_by(Follow.at.desc())))


def _export(person: Person) -> list[dict[str, Any]]:
    return [
        {"dossier": one.dossier.ref, "device": one.subscription_id, "since": one.at.isoformat()}
        for one in follows_of(person)
    ]


def _erase(person: Person) -> None:
    """The devices are forgotten: none of them hears of anything any more."""
    for device in db.session.scalars(db.select(Subscription).filter_by(person_id=person.id)).all():
        db.session.delete(device)


PARTS.append(Part("follows", _export, _erase, "notices/own_follows.html", follows_of))


def _export_digest(person: Person) -> list[dict[str, Any]]:
    known = db.session.get(NoDigest, person.id)
    return [{"stopped_at": known.at.isoformat()}] if known is not None else []


def _erase_digest(person: Person) -> None:
    db.session.execute(db.delete(NoDigest).where(NoDigest.person_id == person.id))


def _shown_digest(person: Person) -> dict[str, Any]:
    """Whether they get it, and the address of the page on which that is changed."""
    wanted = db.session.get(NoDigest, person.id) is None
    return {"wanted": wanted, "ticket": ticket(For.DIGEST, person.id)}


PARTS.append(Part("no_digest", _export_digest, _erase_digest, "notices/own_digest.html", _shown_digest))


def _export_news(person: Person) -> list[dict[str, Any]]:
    known = db.session.get(NoNews, person.id)
    return [{"stopped_at": known.at.isoformat()}] if known is not None else []


def _erase_news(person: Person) -> None:
    db.session.execute(db.delete(NoNews).where(NoNews.person_id == person.id))


def _shown_news(person: Person) -> dict[str, Any] | None:
    """For an official; nobody else gets such mails."""
    if not person.organisation_ids(Role.OFFICIAL):
        return None
    wanted = db.session.get(NoNews, person.id) is None
    return {"wanted": wanted, "ticket": ticket(For.NEWS, person.id)}


PARTS.append(Part("no_news", _export_news, _erase_news, "notices/own_news.html", _shown_news))


def _export_bounce(person: Person) -> list[dict[str, Any]]:
    known = db.session.get(Bounce, person.id)
    return [{"since": known.at.isoformat(), "status": known.status}] if known is not None else []


def _erase_bounce(person: Person) -> None:
    db.session.execute(db.delete(Bounce).where(Bounce.person_id == person.id))


def _shown_bounce(person: Person) -> dict[str, Any] | None:
    """For somebody whose mail comes back: since when, and to which address."""
    owner = person.household_of or person
    known = db.session.get(Bounce, owner.id)
    if known is None:
        return None
    return {"since": known.at, "address": owner.email, "own": owner is person}


PARTS.append(Part("bounces", _export_bounce, _erase_bounce, "notices/own_bounce.html", _shown_bounce))
