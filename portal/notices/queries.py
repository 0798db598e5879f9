"""Who is to be told of what."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import contains_eager

from portal.accounts.models import Person, Session, SignIn
from portal.assistance.models import TakeOver
from portal.dossiers.models import PUBLIC, Addressee, Dossier, Signature, SignatureState
from portal.dossiers.timeline import Entry
from portal.kernel.db import db, find
from portal.kernel.tickets import For, read
from portal.notices.models import Follow, NoDigest, NoNews, Subscription
from portal.petitions.models import Consent, Demand, Lineage, Succession
from portal.questions.models import Asked
from portal.terms.models import Silence
from portal.terms.queries import letters, waiting
from portal.together.models import Party


def sign_in(sign_in_id: int) -> SignIn:
    return find(SignIn, sign_in_id)


def session(session_id: int) -> Session | None:
    """None once it ended."""
    return db.session.get(Session, session_id)


def signature(signature_id: int) -> Signature:
    return find(Signature, signature_id)


def take_over(take_over_id: int) -> TakeOver | None:
    """None once it was thrown away."""
    return db.session.get(TakeOver, take_over_id)


def asked(asked_id: int) -> Asked | None:
    """None once it was forgotten who was asked."""
    return db.session.get(Asked, asked_id)


def dossier(dossier_id: int) -> Dossier:
    return find(Dossier, dossier_id)


def lineage(lineage_id: int) -> Lineage:
    return find(Lineage, lineage_id)


def party(party_id: int) -> Party:
    return find(Party, party_id)


def demands(petition: Dossier) -> list[Demand]:
    wanted = db.select(Demand).filter_by(petition_id=petition.id)
    return list(db.session.scalars(wanted.order_by(Demand.position)))


def entry(entry_id: int) -> Entry:
    return find(Entry, entry_id)


def person(person_id: int) -> Person:
    return find(Person, person_id)


def succession(succession_id: int) -> Succession | None:
    """None once those who did it together go on by themselves again."""
    return db.session.get(Succession, succession_id)


def signatures_with_person(petition: Dossier) -> list[int]:
    """Numbers of the signatures that count, of those who can be written to."""
    wanted = db.select(Signature.id).filter_by(dossier_id=petition.id, state=SignatureState.CONFIRMED)
    return list(db.session.scalars(wanted.where(Signature.person_id.is_not(None)).order_by(Signature.id)))


def signs_too(person: Person, dossier: Dossier) -> bool:
    """Whether this person's own signature counts there, or was struck out."""
    wanted = db.select(Signature.id).filter_by(dossier_id=dossier.id, person_id=person.id)
    own = db.and_(Signature.state == SignatureState.CONFIRMED, Signature.via_id.is_(None))
    known = wanted.where(db.or_(own, Signature.state == SignatureState.INVALID))
    return db.session.scalar(known) is not None


def supporter_ids(told: Entry) -> list[int]:
    """Everybody who supports the dossier or one that joined it, each person once.

    Who wants no mails about one of them gets none about the others.
    """
    joined = db.select(Lineage.dossier_id).filter_by(petition_id=told.dossier_id, consent=Consent.JOINED)
    about = db.or_(Signature.dossier_id == told.dossier_id, Signature.dossier_id.in_(joined))
    theirs = db.select(Signature.person_id).where(about, Signature.person_id.is_not(None))
    quiet = theirs.where(Signature.quiet)
    confirmed = theirs.where(Signature.state == SignatureState.CONFIRMED)
    wanted = confirmed.where(Signature.person_id.not_in(quiet)).distinct()
    return [number for number in db.session.scalars(wanted) if number is not None]


def signature_behind(person_id: int, told: Entry) -> Signature | None:
    """The signature for which this person hears of it: under the dossier itself before one that joined it."""
    joined = db.select(Lineage.dossier_id).filter_by(petition_id=told.dossier_id, consent=Consent.JOINED)
    wanted = db.select(Signature).where(
        Signature.person_id == person_id,
        Signature.state == SignatureState.CONFIRMED,
        db.or_(Signature.dossier_id == told.dossier_id, Signature.dossier_id.in_(joined)),
    )
    order = (Signature.dossier_id != told.dossier_id, Signature.id)
    return db.session.scalar(wanted.order_by(*order).limit(1))


def subscription(endpoint: str) -> Subscription | None:
    """The device with this endpoint."""
    return db.session.scalar(db.select(Subscription).filter_by(endpoint=endpoint))


def device(subscription_id: int) -> Subscription | None:
    return db.session.get(Subscription, subscription_id)


def follow(follow_id: int) -> Follow:
    return find(Follow, follow_id)


def followed(endpoint: str) -> list[str]:
    """The references of the dossiers that this device follows."""
    known = subscription(endpoint)
    return [one.dossier.ref for one in known.follows if one.dossier.ref] if known else []


def device_ids(told: Entry) -> list[int]:
    """Every device that follows the dossier or one that joined it, each once."""
    joined = db.select(Lineage.dossier_id).filter_by(petition_id=told.dossier_id, consent=Consent.JOINED)
    about = db.or_(Follow.dossier_id == told.dossier_id, Follow.dossier_id.in_(joined))
    return list(db.session.scalars(db.select(Follow.subscription_id).where(about).distinct()))


def has_digest(week: str) -> bool:
    return db.session.scalar(db.select(Silence.id).filter_by(digest=week).limit(1)) is not None


def fresh_silences() -> list[int]:
    """Numbers of those that no digest told of."""
    return list(db.session.scalars(db.select(Silence.id).where(Silence.digest.is_(None))))


def _supports() -> Any:
    """The condition that a signature supports the dossier of a silence, or one that joined it."""
    joined = db.select(Lineage.dossier_id).where(
        Lineage.petition_id == Silence.dossier_id, Lineage.consent == Consent.JOINED
    )
    about = db.or_(Signature.dossier_id == Silence.dossier_id, Signature.dossier_id.in_(joined))
    return db.and_(Signature.state == SignatureState.CONFIRMED, about)


def digest_readers(week: str) -> list[int]:
    """Everybody who supports something in this week's digest, without those who want none."""
    wanted = db.select(Signature.person_id).join(Silence, _supports()).where(Silence.digest == week)
    no = db.exists().where(NoDigest.person_id == Signature.person_id)
    found = db.session.scalars(wanted.where(Signature.person_id.is_not(None), ~no).distinct())
    return [number for number in found if number is not None]


def silences_for(person_id: int, week: str) -> Sequence[Silence]:
    """What is still not answered of what this person supports, by dossier; hidden ones are not told of."""
    supports = db.exists().where(Signature.person_id == person_id, _supports())
    still = db.or_(
        Silence.addressee_id.in_(waiting(Addressee.due_on == Silence.due_on).with_only_columns(Addressee.id)),
        Silence.letter_id.in_(letters().with_only_columns(Entry.id)),
    )
    wanted = db.select(Silence).join(Silence.dossier).options(contains_eager(Silence.dossier))
    wanted = wanted.where(Silence.digest == week, supports, still, PUBLIC, Dossier.hidden_at.is_(None))
    return db.session.scalars(wanted.order_by(Silence.dossier_id, Silence.entry_id)).all()


def wants_digest(person: Person) -> bool:
    return db.session.get(NoDigest, person.id) is None


def wants_news(person: Person) -> bool:
    return db.session.get(NoNews, person.id) is None


def digest_owner(given: str) -> Person:
    """Whose digest the link at its end is about."""
    return find(Person, read(For.DIGEST, given))


def news_owner(given: str) -> Person:
    """The official whose mails about their dossiers the link is about."""
    return find(Person, read(For.NEWS, given))


def quiet_signature(given: str) -> Signature:
    """The signature for which somebody gets mails, by the link that ends them."""
    return find(Signature, read(For.QUIET, given))
