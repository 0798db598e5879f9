"""Who supports a dossier: signing, confirming, stepping out. Nobody who signs waits for another."""

from dataclasses import dataclass
from typing import Any

from portal.accounts import addresses
from portal.accounts.commands import newcomer, second_of_household
from portal.accounts.models import Person
from portal.accounts.queries import of_household
from portal.dossiers.commands.moving import in_whose_name
from portal.dossiers.journal import note
from portal.dossiers.models import Dossier, Held, Signature, SignatureState, Way
from portal.dossiers.policy import Do
from portal.dossiers.queries.alike import of_this_name
from portal.dossiers.rules import Known, Verdict, same
from portal.dossiers.timeline import record
from portal.dossiers.words import name_key
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import AtOnce, command
from portal.kernel.db import db, one
from portal.kernel.language import spoken
from portal.kernel.rows import Of, Row, add_row, known_as

CONFIRMATIONS = 5
"""How often one signature's confirmation is mailed."""
DOMAIN = 120
"""So much of a mail domain is kept."""
STANDS = {SignatureState.CONFIRMED, SignatureState.INVALID, SignatureState.ANONYMISED}


@dataclass(frozen=True)
class Trace:
    """From where a signature came, in keyed digests; why it waits for a look, if it does; at which stand."""

    network: str | None = None
    device: str | None = None
    held: Held | None = None
    stand_id: int | None = None


NO_TRACE = Trace()


def _newcomer(
    actor: Any, dossier: Dossier, *, name: str = "", email: str = "", locale: str = "nl", **said: Any
) -> AtOnce | None:
    """The rows of somebody of whom nobody heard before: nothing that is there has to be looked at."""
    if actor.is_authenticated:
        return None
    whose = {"dossier_id": dossier.id, "person_id": Of(0), "mails": 1, "mail_domain": domain(email)}
    rows = [newcomer(email, name, locale), Row(Signature, _given(name, **said) | whose)]
    return AtOnce([*rows, *jobs.among("notices.signature", signature_id=Of(1), number=1)], result=1)


def _given(
    name: str,
    *,
    building: str = "",
    shown: bool = False,
    reason: str = "",
    joins_bundle: bool = False,
    trace: Trace = NO_TRACE,
) -> dict[str, Any]:
    """What a signature says that begins now."""
    given = {"name": name.strip(), "name_key": name_key(name), "building": building, "shown": shown}
    given |= {"reason": reason.strip(), "joins_bundle": joins_bundle, **vars(trace)}
    begun = {"state": SignatureState.PENDING, "via_id": None, "way": Way.ONLINE, "unit": ""}
    return given | begun | {"language": spoken(), "signed_at": now()}


@command(Do.SIGN, alone=False, quick=_newcomer)
def sign(
    actor: Any,
    dossier: Dossier,
    *,
    name: str = "",
    email: str = "",
    building: str = "",
    locale: str = "nl",
    **said: Any,
) -> Signature:
    """Support a dossier. Signed in, it counts at once; else it waits for the mail to be confirmed.

    One person counts once. Somebody who signed before gets the same answer and, unless signed in, a mail: so
    nobody can find out or change with another's address what that person signed.
    """
    building = _home(actor, building) if actor.is_authenticated else building
    person_id, earlier, third = _who(actor, dossier, name, email, building, locale)
    own = person_id == actor.id
    if earlier is not None and (third or earlier.state in STANDS or _waits(earlier)):
        if own:
            _make_own(earlier)
        else:
            _mail(earlier, third=third)
        return earlier
    given = _given(name, building=building, **said) | {"mail_domain": domain(actor.email if own else email)}
    signature = _written(dossier, person_id, earlier, given, mails=int(not own))
    if own:
        count(signature)
    elif earlier is None:
        jobs.later("notices.signature", signature_id=signature.id, number=1)
    else:
        _mail(signature)
    return signature


def domain(email: str | None) -> str | None:
    """What is kept of a mail address beside a signature."""
    return (email or "").rpartition("@")[2].strip().lower()[:DOMAIN] or None


def _written(
    dossier: Dossier, person_id: int, earlier: Signature | None, given: dict[str, Any], mails: int
) -> Signature:
    """A new row, or the one of somebody who stepped out or did not confirm, begun anew."""
    if earlier is None:
        given |= {"dossier_id": dossier.id, "person_id": person_id, "mails": mails}
        return known_as(Signature, add_row(Signature, **given))
    given["held"] = given["held"] or earlier.held  # nobody gets past a look by signing again
    for name, value in given.items():
        setattr(earlier, name, value)
    db.session.flush()
    return earlier


def _home(person: Person, building: str) -> str:
    """In which building somebody lives: who said so once is not asked again."""
    person.building = person.building or building
    return building or person.building


def _waits(signature: Signature) -> bool:
    """Its owner confirmed it, and it waits for a look: like one that counts, nobody else writes over it."""
    return signature.held is not None and signature.ready_at is not None


def _who(
    actor: Any, dossier: Dossier, name: str, email: str, building: str, locale: str
) -> tuple[int, Signature | None, bool]:
    """Who signs, what they signed before, and whether they are a third at one address.

    Two people of one household may share a mail address: the second when the name differs and the building is
    the same as the first one's. A third is taken for the first, who hears of it by mail and loses nothing.
    """
    person = actor if actor.is_authenticated else one(Person, email_key=addresses.key(email))
    signature = own_signature(dossier.id, person)
    if person is actor or signature is None or not _another(signature, name, email, building):
        return person.id, signature, False
    second = of_household(person)
    if second is None:
        return second_of_household(person, name=name, locale=locale).id, None, False
    theirs = own_signature(dossier.id, second)
    if theirs is None or theirs.name_key == name_key(name):
        return second.id, theirs, False
    return person.id, signature, True


def _another(signature: Signature, name: str, email: str, building: str) -> bool:
    """Whether the one who signs is another person of the same household than the one who signed."""
    one = Known(addresses.key(email), name_key(name), building)
    return same(one, Known.of(signature)) == Verdict.ANOTHER


def own_signature(dossier_id: int, person: Person) -> Signature | None:
    """What this person signed there, whatever came of it; locked. For use inside a command."""
    wanted = db.select(Signature).filter_by(dossier_id=dossier_id, person_id=person.id)
    found: Signature | None = db.session.scalar(wanted.with_for_update())
    return found


def _mail(signature: Signature, *, third: bool = False) -> None:
    if signature.mails < CONFIRMATIONS:
        signature.mails += 1
        jobs.later("notices.signature", signature_id=signature.id, number=signature.mails, third=third)


def _make_own(signature: Signature) -> None:
    """Somebody whom a bundle carried here signs themselves: from now on the signature is not the bundle's."""
    if signature.state == SignatureState.CONFIRMED and signature.via_id is not None:
        signature.via_id = None


def count(signature: Signature) -> None:
    """Let a signature count, after a look if it waits for one. For use inside a command."""
    if signature.held is not None:
        signature.ready_at = signature.ready_at or now()
        return
    signature.state, signature.confirmed_at, signature.withdrawn_at = SignatureState.CONFIRMED, now(), None
    db.session.flush()
    note(signature, "confirmed", 1)
    if signature.way == Way.ONLINE and signature.building and signature.name_key:
        _merge_paper(signature)


def _merge_paper(signature: Signature) -> None:
    """Who stood on a paper sheet and signs themselves counts once; whoever helps or types was asked before.

    One of those on paper, for this is one person: another of that name lives behind another door.
    Whoever left a mail address on paper is found by that.
    """
    own = Known(name=signature.name_key, building=signature.building, unit=signature.unit)
    wanted = of_this_name(signature.dossier_id, own).filter_by(way=Way.PAPER).with_for_update()
    found = [one for one in db.session.scalars(wanted) if one.person_id is None]
    paper = next((one for one in found if same(own, Known.of(one)) == Verdict.SAME), None)
    if paper is not None:
        leave(paper)
        paper.forget_owner()


@command(Do.CONFIRM)
def confirm(actor: Person, signature: Signature) -> Signature:
    """The mail was read: the signature counts. A second tap changes nothing."""
    actor.confirmed_at = actor.confirmed_at or now()
    actor.building = actor.building or signature.building
    if signature.state == SignatureState.PENDING:
        count(signature)
    else:
        _make_own(signature)
    return signature


@command(Do.WITHDRAW_SIGNATURE)
def withdraw_signature(actor: Person, signature: Signature) -> Signature:
    """Step out, in one tap, also out of a bundle. A second tap changes nothing."""
    if signature.state != SignatureState.WITHDRAWN or signature.withdrawn_at is None:
        leave(signature)
    return signature


def leave(signature: Signature) -> None:
    """Take a signature out for who gave it. For use inside a command."""
    counted = signature.state == SignatureState.CONFIRMED
    signature.state, signature.withdrawn_at, signature.ready_at = SignatureState.WITHDRAWN, now(), None
    signature.shown, signature.reason = False, ""
    note(signature, "withdrawn", -1 if counted else 0)


@command(Do.INVALIDATE)
def invalidate(actor: Person, signature: Signature, *, why: str) -> None:
    """A moderator takes a signature out of the count, with the reason on the timeline."""
    counted = signature.state == SignatureState.CONFIRMED
    signature.state, signature.why_invalid, signature.shown = SignatureState.INVALID, why, False
    whose = in_whose_name(actor, signature.dossier)
    note(signature, "invalidated", -1 if counted else 0)
    record(signature.dossier, "signature_invalidated", by=actor, why=why, signature=signature.id, **whose)


@command(Do.RENAME_SIGNATURE)
def rename_signature(actor: Person, signature: Signature, *, name: str, shown: bool) -> Signature:
    """Change the name that is shown, or show none. The same person still counts once."""
    signature.name, signature.name_key, signature.shown = name.strip(), name_key(name), shown
    return signature


@command(Do.QUIETEN)
def quieten(actor: Person, signature: Signature, *, quiet: bool) -> Signature:
    """Get no mails about what happens to it, or get them again; the signature counts as before."""
    signature.quiet = quiet
    return signature
