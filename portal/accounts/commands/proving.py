"""Showing once more who one is: password and code at the door, a code inside; and how often one may be wrong.

Wrong tries are counted for the address or person, known here or not, and for where they come from. What is
full is refused with the same words as what is wrong. A link by mail is always a way in, so that nobody can
keep anybody else outside; and the code after it has a count of its own.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from portal.accounts import addresses, codes, passwords
from portal.accounts.commands.keys import bound, shows_passkey
from portal.accounts.commands.sessions import begin_session, lasts
from portal.accounts.models import Factor, Person, RecoveryCode, Session, Waits, WrongTry
from portal.accounts.policy import Do
from portal.accounts.queries import person_with
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.digests import keyed
from portal.kernel.security import Event, happened, refused_again

SOON, HOUR = timedelta(minutes=15), timedelta(hours=1)
FROM_HERE, FROM_ALL, FOR_ALL = 5, 30, 100
"""Wrong tries for one address from one home in a quarter of an hour; for it from everywhere in an hour; from
one home for all addresses in an hour."""
MAIL_WORKS = timedelta(minutes=10)
MAIL_AGAIN = timedelta(minutes=1)


def sign_in_with_password(
    actor: Any,
    *,
    email: str,
    password: str,
    code: str,
    origin: str,
    passkey: str = "",
    browser: str = "",
    device: str = "",
) -> Person | None:
    """Who this is, here by a new session; None when anything of it is wrong. It takes as long either way.

    `passkey`: what the browser known by this word answered in the place of a code.

    The password is looked at before the command begins, so that nobody who writes waits meanwhile; and not
    at all once there were too many tries, so that nobody keeps us busy with it.
    """
    if _full(_digest("door", addresses.key(email)), origin, FOR_ALL):
        return None
    person = person_with(email)
    factor = db.session.get(Factor, person.id) if person else None
    right = passwords.fits(factor.password if factor else None, password)
    given = {"code": code, "passkey": passkey, "browser": browser}
    found: Person | None = _enter(
        actor, None, email=email, right=right, given=given, origin=origin, device=device
    )
    return found


@command(Do.SIGN_IN)
def _enter(
    actor: Any, _: None, *, email: str, right: bool, given: dict[str, str], origin: str, device: str
) -> Person | None:
    whose = _digest("door", addresses.key(email))
    if _full(whose, origin, FOR_ALL):
        return None
    person = person_with(email)
    factor = db.session.get(Factor, person.id, with_for_update=True) if person else None
    if person is None or factor is None or not right or not _second(person, factor, **given):
        _wrong(whose, origin)
        happened(Event.SIGN_IN_FAILED, whose=whose, way="password")
        return None
    begin_session(person, device=device, proven=True)
    happened(Event.SIGNED_IN, person=person.id, way="password")
    return person


def _second(person: Person, factor: Factor, *, code: str, passkey: str, browser: str) -> bool:
    return shows_passkey(person, browser, passkey) if passkey else _fits(factor, code)


@command(Do.PROVE)
def prove(actor: Person, person: Person, *, code: str, origin: str, passkey: str = "") -> bool:
    """Whether it shows that it is them: a code of their app or paper, or of a mail where they have neither;
    or what a passkey of theirs answered.
    """
    whose = _digest("code", str(person.id))
    session = db.session.get_one(Session, actor.here.session_id)
    if _full(whose, origin):
        return False
    right = shows_passkey(person, bound(actor), passkey) if passkey else _shows(session, code)
    if not right:
        _wrong(whose, origin)
        happened(Event.PROOF_FAILED, person=person.id)
        return False
    note_proof(actor, person, strong=actor.here.waits == Waits.CODE)
    return True


def note_proof(actor: Person, person: Person, *, strong: bool) -> None:
    """It is them, in this session, now. `strong`: by a second factor. For use inside a command."""
    session = db.session.get_one(Session, actor.here.session_id)
    session.proven_at, session.asked_at = now(), None
    happened(Event.PROVED, person=person.id)
    if strong and actor.here.waits:
        session.factor_at, session.ends_at = now(), min(session.ends_at, now() + lasts(person))
    waits = Waits.NOTHING if strong else actor.here.waits
    actor.here = replace(actor.here, proven_at=now(), waits=waits)


@command(Do.PROVE)
def ask_proof(actor: Person, person: Person) -> None:
    """Have a code mailed to who has no app; once a minute."""
    session = db.session.get_one(Session, actor.here.session_id)
    lately: datetime | None = session.asked_at
    if lately is None or lately < now() - MAIL_AGAIN:
        session.asked_at = now()
        jobs.later("notices.proof", session_id=session.id)


def _shows(session: Session, typed: str) -> bool:
    factor = db.session.get(Factor, session.person_id, with_for_update=True)
    if factor is not None:
        return _fits(factor, typed)
    asked = session.asked_at
    fresh = asked is not None and asked > now() - MAIL_WORKS
    return asked is not None and fresh and codes.same(codes.mailed(session.id, asked), typed)


def _fits(factor: Factor, typed: str) -> bool:
    """Whether it is a later code of the app than the last one, or one of the paper, which is used up."""
    step = codes.step_of(codes.opened(factor.secret), typed, now())
    if step is not None and step > factor.last_step:
        factor.last_step = step
        return True
    mine = db.delete(RecoveryCode).where(
        RecoveryCode.person_id == factor.person_id, RecoveryCode.key == codes.recovery_key(typed)
    )
    used: Any = db.session.execute(mine)
    return bool(used.rowcount)


def _digest(kind: str, value: str) -> str:
    return keyed(f"try {kind}", value).hex()[:32]


def _full(whose: str, origin: str, most_here: int | None = None) -> bool:
    """Whether there were too many wrong tries already; `most_here` from one home, whomever they were for."""

    def counted(since: timedelta, *which: Any) -> Any:
        wanted = db.select(db.func.count(WrongTry.id)).where(WrongTry.at > now() - since, *which)
        return wanted.scalar_subquery()

    mine, here = WrongTry.whose == whose, WrongTry.origin == origin
    numbers = db.select(counted(SOON, mine, here), counted(HOUR, mine), counted(HOUR, here))
    soon, hour, all_here = db.session.execute(numbers).one()
    mine_full = soon >= FROM_HERE or hour >= FROM_ALL
    home_full = most_here is not None and all_here >= most_here
    if mine_full or home_full:
        refused_again(Event.LOCKED, whose if mine_full else origin, whose=whose)
    return bool(mine_full or home_full)


def _wrong(whose: str, origin: str) -> None:
    db.session.add(WrongTry(whose=whose, origin=origin))


def purge_tries() -> None:
    """Forget wrong tries that count no more. For use inside a command."""
    db.session.execute(db.delete(WrongTry).where(WrongTry.at < now() - HOUR))
