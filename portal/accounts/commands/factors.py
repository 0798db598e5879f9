"""The second factor of who works here: a password and an app, and codes on paper for when the app is lost."""

from dataclasses import replace
from typing import Any

from portal.accounts import codes, passwords
from portal.accounts.commands.keys import forget_passkeys
from portal.accounts.commands.sessions import forget_sessions
from portal.accounts.models import Factor, Identity, Person, RecoveryCode, Session, Waits
from portal.accounts.policy import Do
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.security import Event, happened


@command(Do.SET_FACTOR)
def set_factor(actor: Person, person: Person, *, password: str, secret: str, code: str) -> list[str]:
    """Choose a password and an app, also anew; gives the recovery codes, which are shown once.

    Everywhere else one is signed out, and a mail says that it happened.
    """
    passwords.check(password, about=(person.name, (person.email or "").partition("@")[0]))
    step = codes.step_of(secret, code, now()) if codes.possible(secret) else None
    if step is None:
        raise Invalid("code", "wrong")
    forget_factor(person)
    given = {"password": passwords.kept(password), "secret": codes.locked(secret), "last_step": step}
    db.session.add(Factor(person_id=person.id, **given))
    here = db.session.get_one(Session, actor.here.session_id)
    here.factor_at = here.proven_at = now()
    forget_sessions(person, but=here.id)
    happened(Event.FACTOR_CHANGED, person=person.id)
    actor.here = replace(actor.here, waits=Waits.NOTHING, proven_at=now())
    jobs.later("notices.factor", person_id=person.id)
    return _paper(person)


@command(Do.SET_FACTOR)
def new_codes(actor: Person, person: Person) -> list[str]:
    """Recovery codes anew; those of before work no more."""
    if db.session.get(Factor, person.id) is None:
        raise Invalid("code", "none")
    happened(Event.CODES_CHANGED, person=person.id)
    return _paper(person)


def _paper(person: Person) -> list[str]:
    db.session.execute(db.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = codes.new_recovery()
    db.session.add_all(RecoveryCode(key=codes.recovery_key(code), person_id=person.id) for code in made)
    return made


@command(Do.DROP_FACTOR)
def drop_factor(actor: Any, person: Person) -> None:
    """Back to links by mail alone: for who lost both app and paper, by the operator."""
    forget_factor(person)
    forget_passkeys(person)
    forget_identity(person)
    forget_sessions(person)
    happened(Event.FACTOR_REMOVED, person=person.id, by=actor.id)


def forget_identity(person: Person) -> None:
    """Who they are at the provider is found anew, by their address. For use inside a command."""
    db.session.execute(db.delete(Identity).where(Identity.person_id == person.id))


def forget_factor(person: Person) -> None:
    """Remove password, app and recovery codes. For use inside a command."""
    for model in (RecoveryCode, Factor):
        db.session.execute(db.delete(model).where(model.person_id == person.id))
    db.session.flush()
