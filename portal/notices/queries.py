"""Who is to be told of what."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Household, Passkey, Person, Session, SignIn
from portal.assistance.models import TakeOver
from portal.dossiers.models import PUBLIC, Addressee, Dossier, Signature, SignatureState
from portal.dossiers.timeline import Entry
from portal.kernel.db import db, find
from portal.kernel.policy import allowed
from portal.kernel.tickets import For, read
from portal.notices.models import Bounce, Follow, NoDigest, NoNews, Subscription
from portal.notices.policy import Do
from portal.petitions.models import Consent, Demand, Lineage, Succession
from portal.questions.models import Asked
from portal.terms.models import Silence
from portal.terms.queries import letters, waiting
from portal.together.models import Party

UNITED = 100
"""Dossiers that are looked at in one query."""


def sign_in(sign_in_id: int) -> SignIn:
    return find(SignIn, sign_in_id)


def passkey(passkey_id: int) -> Passkey | None:
    """None once it was removed."""
    return db.session.get(Passkey, passkey_id)


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


def entries(numbers: Sequence[int]) -> list[Entry]:
    """In the order in which they were written down."""
    return list(db.session.scalars(db.select(Entry).where(Entry.id.in_(numbers)).order_by(Entry.id)))


def person(person_id: int) -> Person:
    return find(Person, person_id)


def succession(succession_id: int) -> Succession | None:
    """None once those who did it together go on by themselves again."""
    return db.session.get(Succession, succession_id)


def signers_after(after: int, most: int, *, entry_id: int) -> list[int]:
    """The next signatures under the dossier of this entry that count, of those who can be written to."""
    return _signers(entry(entry_id).dossier_id, after, most)


def who_may_move(after: int, most: int, *, succession_id: int) -> list[int]:
    """The same, under a petition that goes on as another one."""
    named = succession(succession_id)
    return _signers(named.petition_id, after, most) if named is not None else []


def _signers(dossier_id: int, after: int, most: int) -> list[int]:
    wanted = db.select(Signature.id).filter_by(dossier_id=dossier_id, state=SignatureState.CONFIRMED)
    wanted = wanted.where(Signature.person_id.is_not(None), Signature.id > after)
    return list(db.session.scalars(wanted.order_by(Signature.id).limit(most)))


def signs_too(person: Person, dossier: Dossier) -> bool:
    """Whether this person's own signature counts there, or was struck out."""
    wanted = db.select(Signature.id).filter_by(dossier_id=dossier.id, person_id=person.id)
    own = db.and_(Signature.state == SignatureState.CONFIRMED, Signature.via_id.is_(None))
    known = wanted.where(db.or_(own, Signature.state == SignatureState.INVALID))
    return db.session.scalar(known) is not None


def on_behalf_of(dossier: Dossier) -> str:
    """Who carries a dossier: all that is told about it to many is told on their behalf."""
    if dossier.organisation_id is not None:
        return f"organisation:{dossier.organisation_id}"
    return f"person:{dossier.opener_id}" if dossier.opener_id is not None else f"dossier:{dossier.id}"


def behind(told: Entry) -> str:
    """On whose behalf an entry is told to many."""
    return on_behalf_of(told.dossier)


def _told_of(told: Entry) -> list[int]:
    """The dossiers whose supporters hear of it: its own, and those that joined it."""
    joined = db.select(Lineage.dossier_id).filter_by(petition_id=told.dossier_id, consent=Consent.JOINED)
    return [told.dossier_id, *db.session.scalars(joined)]


def supporters_after(after: int, most: int, *, entry_id: int, others: Sequence[int] = ()) -> list[int]:
    """The next of those who support the dossier or one that joined it, each person once.

    `others`: entries of the same dossier, told in the same mail. Under each dossier the index gives the next
    ones at once, however many support it.
    """
    found: set[int] = set()
    dossiers = _told_of(entry(entry_id))
    for first in range(0, len(dossiers), UNITED):
        parts = [
            db.select(Signature.person_id)
            .filter_by(dossier_id=number, state=SignatureState.CONFIRMED)
            .where(Signature.person_id > after)
            .order_by(Signature.person_id)
            .limit(most)
            .subquery()
            for number in dossiers[first : first + UNITED]
        ]
        theirs = db.union_all(*(db.select(part.c.person_id) for part in parts))
        found.update(db.session.scalars(theirs))
    return sorted(found)[:most]


class Reader(NamedTuple):
    """Who is told of something, and what is filled in for them."""

    person_id: int
    owner_id: int
    """Whose address it is: their own, or that of the one with whom they share it."""
    address: str
    locale: str
    name: str
    signature_id: int


def readers(told: Entry, numbers: Sequence[int]) -> list[Reader]:
    """Of these supporters those who are told, by the signature for which they hear of it.

    Who wants no mails about one of the dossiers gets none about the others; nor does anybody whose mail comes
    back. A signature under the dossier itself goes before one under a dossier that joined it.
    """
    of, first = _told_of(told), aliased(Person)
    owner_id, address = db.func.coalesce(first.id, Person.id), db.func.coalesce(first.email, Person.email)
    name = db.func.coalesce(db.func.nullif(Signature.name, ""), Person.name)
    wanted = db.select(Person.id, owner_id, address, Person.locale, name, Signature.id, Signature.quiet)
    wanted = wanted.join(Signature, Signature.person_id == Person.id)
    wanted = wanted.outerjoin(Household, Household.second_id == Person.id)
    wanted = wanted.outerjoin(first, first.id == Household.first_id)
    wanted = wanted.outerjoin(Bounce, Bounce.person_id == owner_id).where(Bounce.person_id.is_(None))
    wanted = wanted.where(Person.id.in_(numbers), Signature.dossier_id.in_(of), address.is_not(None))
    confirmed = Signature.state == SignatureState.CONFIRMED
    wanted = wanted.where(db.or_(confirmed, Signature.quiet)).add_columns(confirmed)
    order = (Signature.dossier_id != told.dossier_id, Signature.id)
    found: dict[int, Reader] = {}
    quiet: set[int] = set()
    for *facts, wants_none, counts in db.session.execute(wanted.order_by(*order)):
        if wants_none:
            quiet.add(facts[0])
        elif counts:
            found.setdefault(facts[0], Reader(*facts))
    return [one for number, one in found.items() if number not in quiet]


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


def bounces(person: Person) -> bool:
    """Whether mail to this person's own address comes back for good."""
    return db.session.get(Bounce, person.id) is not None


def unreachable(actor: Any) -> int:
    """To how many people mail comes back, for who may know; 0 for others."""
    if not allowed(actor, Do.COUNT_BOUNCES):
        return 0
    return db.session.scalar(db.select(db.func.count(Bounce.person_id))) or 0


def with_address() -> int:
    """How many people there are who can be written to."""
    return db.session.scalar(db.select(db.func.count(Person.id)).where(Person.email.is_not(None))) or 0


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


def digest_readers(after: int, most: int, *, week: str) -> list[int]:
    """The next of those who support something in this week's digest, without those who want none."""
    wanted = db.select(Signature.person_id).join(Silence, _supports()).where(Silence.digest == week)
    no = db.exists().where(NoDigest.person_id == Signature.person_id)
    wanted = wanted.where(Signature.person_id > after, ~no).distinct().order_by(Signature.person_id)
    return [number for number in db.session.scalars(wanted.limit(most)) if number is not None]


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
