"""Passkeys: adding one, removing one, and whether one was shown."""

from typing import Any

from portal.accounts import passkeys
from portal.accounts.models import Factor, Passkey, Person
from portal.accounts.passkeys import NotRight
from portal.accounts.policy import Do
from portal.kernel import jobs
from portal.kernel.clock import today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.security import Event, happened

MOST = 10
"""So many a person may have."""


@command(Do.SET_FACTOR)
def add_passkey(actor: Person, person: Person, *, name: str, made: str) -> Passkey:
    """Beside an app, which is there when the passkey is lost; a mail says that it happened."""
    if db.session.get(Factor, person.id) is None:
        raise Invalid("", "none")
    try:
        found = passkeys.made(bound(actor), made)
    except NotRight as error:
        raise Invalid("", "passkey") from error
    if db.session.scalar(db.select(Passkey.id).filter_by(key=found.key)) or _number(person) >= MOST:
        raise Invalid("", "passkey")
    given = {"counter": found.counter, "last_tick": found.tick}
    added = Passkey(person_id=person.id, key=found.key, known=found.known, name=name, **given)
    db.session.add(added)
    db.session.flush()
    happened(Event.PASSKEY_ADDED, person=person.id)
    jobs.later("notices.passkey", passkey_id=added.id)
    return added


@command(Do.REMOVE_PASSKEY)
def remove_passkey(actor: Person, passkey: Passkey) -> None:
    """It opens nothing any more."""
    db.session.delete(passkey)
    happened(Event.PASSKEY_REMOVED, person=actor.id)


def bound(person: Person) -> str:
    """The word by which the browser of a session is known to its passkey."""
    return f"session {person.here.session_id}"


def shows_passkey(person: Person, whose: str, answer: str) -> bool:
    """Whether the browser that is known by this word showed a passkey of this person. Inside a command.

    One that counted on since, elsewhere, was copied: it is refused.
    """
    try:
        wanted = db.select(Passkey).filter_by(key=passkeys.name_in(answer), person_id=person.id)
        passkey = db.session.scalar(wanted.with_for_update())
        found = passkeys.shown(whose, answer, passkey.known) if passkey is not None else None
    except NotRight:
        return False
    if passkey is None or found is None or found.tick <= passkey.last_tick:
        return False
    if (found.counter or passkey.counter) and found.counter <= passkey.counter:
        return False
    passkey.counter, passkey.last_tick, passkey.used_on = found.counter, found.tick, today()
    return True


def forget_passkeys(person: Person) -> None:
    """Remove them all. For use inside a command."""
    db.session.execute(db.delete(Passkey).where(Passkey.person_id == person.id))


def _number(person: Person) -> Any:
    return db.session.scalar(db.select(db.func.count(Passkey.id)).filter_by(person_id=person.id))
