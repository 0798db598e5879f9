"""Everything that changes an account or an organisation."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from portal.accounts import addresses
from portal.accounts.commands.factors import forget_factor, forget_identity
from portal.accounts.commands.keys import forget_passkeys
from portal.accounts.commands.proving import purge_tries
from portal.accounts.commands.sessions import (
    begin_session,
    forget_sessions,
    purge_looks,
    purge_sessions,
    shorten_sessions,
)
from portal.accounts.models import STAFF, Household, Membership, Organisation, Person, Role, SignIn
from portal.accounts.own_data import PARTS
from portal.accounts.policy import Do
from portal.accounts.queries import known_among, person_with
from portal.kernel import jobs
from portal.kernel.clock import now, today
from portal.kernel.commands import command
from portal.kernel.db import db, one
from portal.kernel.errors import AlreadyDone
from portal.kernel.rows import Row, add_new, known_as
from portal.kernel.security import Event, happened, refused

LINK_WORKS = timedelta(minutes=15)
LINKS_PER_HOUR = 5
"""To one address; beyond it nothing is mailed, and the page says what it always says."""


def person_for(email: str, *, name: str = "", locale: str = "nl") -> Person:
    """The person with this address, made unconfirmed when nobody has it. For use inside a command."""
    number = new_person(email, name=name, locale=locale)
    return known_as(Person, number) if number is not None else one(Person, email_key=addresses.key(email))


def new_person(email: str, *, name: str = "", locale: str = "nl") -> int | None:
    """The number of a new, unconfirmed person; None when somebody has this address. Inside a command."""
    number: int | None = add_new(Person, **newcomer(email, name, locale).given)
    return number


def newcomer(email: str, name: str, locale: str) -> Row:
    """A new, unconfirmed person among rows that are added together."""
    written = {"email": addresses.normal(email), "email_key": addresses.key(email)}
    return Row(Person, written | {"name": name, "locale": locale}, new=True)


def second_of_household(first: Person, *, name: str, locale: str) -> Person:
    """Another person at the same mail address. For use inside a command."""
    person = Person(email=None, email_key=None, name=name.strip(), locale=locale)
    db.session.add(person)
    db.session.flush()
    db.session.add(Household(second_id=person.id, first_id=first.id))
    db.session.flush()
    return person


def let_go(numbers: Collection[int]) -> list[int]:
    """Remove those of these people of whom nothing else is here, unless they have an account on purpose.

    For use inside a command. The first of a household stays as long as the second one needs the mailbox.
    """
    if not numbers:
        return []
    wanted = db.select(Person.id).where(Person.id.in_(numbers), Person.signed_in_at.is_(None))
    people = set(db.session.scalars(wanted.with_for_update()))
    alone = people - known_among(people, but=Household.second_id)
    homes = db.select(Household).where(Household.second_id.in_(alone))
    for home in db.session.scalars(homes).all():
        people.add(home.first_id)
        db.session.delete(home)
    db.session.flush()
    free = db.select(Person).where(Person.id.in_(people - known_among(people)), Person.signed_in_at.is_(None))
    gone = db.session.scalars(free.with_for_update()).all()
    keys = [person.email_key for person in gone if person.email_key]
    db.session.execute(db.delete(SignIn).where(SignIn.email_key.in_(keys)))
    found = [person.id for person in gone]
    for person in gone:
        db.session.delete(person)
    db.session.flush()
    return found


@command(Do.ASK_SIGN_IN)
def ask_sign_in(actor: Any, _: None, *, email: str, locale: str, next_path: str = "/") -> None:
    """Have a link mailed. Nothing tells whether the address is known: opening the link makes the account."""
    key = addresses.key(email)
    recent = db.select(db.func.count(SignIn.id)).where(
        SignIn.email_key == key, SignIn.asked_at > now() - timedelta(hours=1)
    )
    if (db.session.scalar(recent) or 0) >= LINKS_PER_HOUR:
        return
    link = ready_sign_in(email, locale=locale, next_path=next_path)
    jobs.later("notices.sign_in", sign_in_id=link.id)


def ready_sign_in(email: str, *, locale: str, next_path: str, works: timedelta = LINK_WORKS) -> SignIn:
    """The row behind a link. For use inside a command.

    The mail goes to the address that the account has: whoever has another spelling of it (a `+tag` that is
    somebody else's mailbox after all) gets nothing.
    """
    known = person_with(email)
    link = SignIn(
        email=known.email if known else addresses.normal(email),
        email_key=addresses.key(email),
        locale=locale,
        next_path=next_path,
        expires_at=now() + works,
    )
    db.session.add(link)
    db.session.flush()
    return link


@command(Do.SIGN_IN)
def sign_in(actor: Any, link: SignIn, *, device: str = "") -> Person:
    """Use up a link, and be here by a new session. AlreadyDone when it was used or is too old."""
    if not link.works:
        refused(Event.SIGN_IN_FAILED, way="link")
        raise AlreadyDone("sign-in link")
    link.used_at = now()
    person = person_for(link.email, locale=link.locale)
    person.confirmed_at = person.confirmed_at or now()
    person.signed_in_at = person.signed_in_at or now()
    begin_session(person, device=device)
    happened(Event.SIGNED_IN, person=person.id, way="link")
    return person


@command(Do.CHANGE_ACCOUNT)
def change_account(
    actor: Person, person: Person, *, name: str, locale: str, building: str | None = None
) -> None:
    """Without a building it stays what it is; an empty one is forgotten."""
    person.name, person.locale = name, locale
    person.building = person.building if building is None else building


@command(Do.FOUND)
def found(actor: Any, _: None, **given: Any) -> Organisation:
    """Write down an organisation: kind, key, name and what else its model has."""
    organisation = Organisation(**given)
    db.session.add(organisation)
    db.session.flush()
    return organisation


@command(Do.RECOGNISE)
def recognise(
    actor: Any, platform: Organisation, *, recognised_on: date, until: date | None = None
) -> Organisation:
    """Write down the committee's decision that this platform speaks for its neighbourhood, for a term."""
    platform.recognised_on, platform.recognised_until = recognised_on, until
    return platform


@command(Do.APPOINT)
def appoint(
    actor: Any, organisation: Organisation, *, person: Person, role: Role, until: date | None = None
) -> Membership:
    """Give a person a role in an organisation, from today until and with `until`."""
    membership = Membership(person=person, organisation=organisation, role=role, ends_on=until)
    db.session.add(membership)
    db.session.flush()
    if role in STAFF:
        shorten_sessions(person)
    happened(Event.APPOINTED, person=person.id, role=role, organisation=organisation.id, by=actor.id)
    return membership


@command(Do.END_MEMBERSHIP)
def end_membership(actor: Any, membership: Membership) -> None:
    """It works until and with yesterday: from this minute on it gives no rights."""
    membership.ends_on = today() - timedelta(days=1)
    membership.starts_on = min(membership.starts_on, membership.ends_on)
    happened(Event.MEMBERSHIP_ENDED, person=membership.person_id, by=actor.id)


@command(Do.HIDE_TRACES)
def hide_traces(actor: Person, person: Person, *, words: bool) -> None:
    """From this moment on nothing that everybody sees tells of this person. What they support counts on.

    With `words` the reasons they gave and what they told on timelines go for good.
    """
    for part in PARTS:
        part.hide(person, words)
    person.name = ""
    happened(Event.HIDDEN, person=person.id)


@command(Do.ERASE)
def erase(actor: Person, person: Person) -> None:
    """Forget a person: address, name, memberships, and what each part of the portal keeps about them."""
    for part in PARTS:
        part.erase(person)
    forget_sessions(person)
    forget_factor(person)
    forget_passkeys(person)
    forget_identity(person)
    db.session.execute(db.delete(SignIn).where(SignIn.email_key == person.email_key))
    db.session.execute(db.delete(Membership).where(Membership.person_id == person.id))
    person.email, person.email_key, person.erased_at = None, None, now()
    person.name = person.building = ""
    happened(Event.ERASED, person=person.id)


@command(Do.PURGE)
def purge(actor: Any, _: None) -> None:
    """Remove sign-in links a day after they stopped working: they hold addresses; sessions that ended."""
    purge_sessions()
    purge_tries()
    purge_looks()
    db.session.execute(db.delete(SignIn).where(SignIn.expires_at < now() - timedelta(days=1)))


@command(Do.PREPARE_SIGN_IN)
def prepare_sign_in(
    actor: Any, _: None, *, email: str, locale: str, next_path: str = "/", works: timedelta = LINK_WORKS
) -> SignIn:
    """A link for the operator to hand to somebody; the tap on its page signs in as with a mailed one."""
    known = person_with(email)
    happened(Event.LINK_MADE, person=known.id if known else None, by=actor.id)
    return ready_sign_in(email, locale=locale, next_path=next_path, works=works)
