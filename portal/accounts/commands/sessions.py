"""Beginning a session, and ending one or all."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from portal.accounts.models import STAFF, Here, Look, Person, Seen, Session
from portal.accounts.policy import Do
from portal.accounts.queries import session_key
from portal.kernel.clock import now, today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.security import Event, happened
from portal.kernel.settings import setting


def begin_session(person: Person, *, device: str = "", proven: bool = False) -> None:
    """Let this person be here by a new session. For use inside a command.

    `proven`: the second factor was shown. Who has a role in STAFF is signed out sooner.
    """
    token = secrets.token_urlsafe(32)
    made = Session(person_id=person.id, key=session_key(token), device=device, ends_at=now() + lasts(person))
    made.factor_at = now() if proven else None
    db.session.add(made)
    db.session.flush()
    person.here = Here(made.id, token, proven_at=made.proven_at, seen_on=made.seen_on)


def lasts(person: Person) -> timedelta:
    """How long a session of this person may last."""
    at_work = any(m.role in STAFF for m in person.all_memberships)
    if at_work:
        return timedelta(hours=setting("STAFF_SESSION_HOURS"))
    return timedelta(days=setting("SESSION_DAYS"))


def forget_sessions(person: Person, *, but: int = 0) -> None:
    """Sign out everywhere, but for one session. For use inside a command."""
    db.session.execute(db.delete(Session).where(Session.person_id == person.id, Session.id != but))
    happened(Event.SESSIONS_ENDED, person=person.id)


def shorten_sessions(person: Person) -> None:
    """Let who was given a role in STAFF be here no longer than such people are. For use inside a command."""
    latest = now() + lasts(person)
    theirs = db.update(Session).where(Session.person_id == person.id, Session.ends_at > latest)
    db.session.execute(theirs.values(ends_at=latest))


@command(Do.END_SESSION)
def end_session(actor: Person, session: Session) -> None:
    """Sign out on one device."""
    db.session.delete(session)
    happened(Event.SESSION_ENDED, person=actor.id, session=session.id)


@command(Do.END_SESSIONS)
def end_sessions(actor: Person, person: Person) -> None:
    """Sign out everywhere but here."""
    forget_sessions(person, but=actor.here.session_id)


@command(Do.NOTE_SEEN, alone=False)
def note_seen(actor: Person, _: None) -> None:
    """Write down the day on which a session was used; no hour."""
    mine = db.update(Session).where(Session.id == actor.here.session_id)
    db.session.execute(mine.values(seen_on=today()))
    actor.here = replace(actor.here, seen_on=today())


@command(Do.NOTE_LOOK, alone=False)
def note_look(actor: Person, _: None, *, what: Seen, about: str) -> None:
    """Write down that somebody who works here looked into something."""
    db.session.add(Look(person_id=actor.id, what=what, about=about[:100]))


def purge_looks() -> None:
    """Forget looks of long ago. For use inside a command."""
    db.session.execute(db.delete(Look).where(Look.at < now() - timedelta(days=setting("LOOKS_DAYS"))))


def purge_sessions() -> None:
    """Remove what ended. For use inside a command."""
    idle = today() - timedelta(days=setting("SESSION_IDLE_DAYS"))
    over: Any = db.or_(Session.ends_at < now(), Session.seen_on < idle)
    db.session.execute(db.delete(Session).where(over))
