"""Letting somebody help, helping, and what the one who was helped does with the code."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from portal.accounts import addresses
from portal.accounts.commands import person_for
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import person_with
from portal.assistance.models import LINK_WORKS, MOST_PER_DAY, Mandate, Receipt, TakeOver, Tries
from portal.assistance.policy import Do
from portal.assistance.queries import lies_within, may_count_already, receipt_with
from portal.dossiers import commands as dossiers
from portal.dossiers.models import LIFECYCLE, Dossier, Kind, Signature, SignatureState, State, Way
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.rules import Known
from portal.dossiers.timeline import record
from portal.dossiers.words import name_key
from portal.kernel import jobs
from portal.kernel.clock import ZONE, now, today
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM, require
from portal.ties.commands import Said
from portal.ties.commands import keep as keep_said

AT_ONCE, WITHIN = 5, timedelta(minutes=10)
"""So many neighbours can be helped in so short a time; more would be a list that somebody types over."""
WRONG_CODES, WRONG_IN_ALL, TRIES_LAST = 10, 300, timedelta(hours=1)
"""From one network, and from all of them together, in an hour."""
ALL = "all"
LINKS_PER_RECEIPT, LINKS_PER_ADDRESS = 3, 5
"""Take-over links in an hour; beyond it nothing is mailed, and the page says what it always says."""
TWICE, ENOUGH = "twice", "enough"
DECIDED = frozenset({SignatureState.CONFIRMED, SignatureState.INVALID, SignatureState.ANONYMISED})


class Enough(Invalid):
    """A helper has helped as many as they may; `until` says when they can go on."""

    def __init__(self, number: int, until: datetime) -> None:
        super().__init__("mandate", ENOUGH)
        self.number, self.until = number, until


@command(Do.GIVE_MANDATE)
def give_mandate(
    actor: Person,
    organisation: Organisation,
    *,
    name: str,
    email: str,
    starts_at: datetime,
    ends_at: datetime,
    most_per_day: int = MOST_PER_DAY,
) -> Mandate:
    """Trust the person with this address to help others. Nothing tells whether they have an account yet."""
    mandate = Mandate(organisation=organisation, person=person_for(email, name=name), name=name.strip())
    mandate.starts_at, mandate.ends_at, mandate.most_per_day = starts_at, ends_at, most_per_day
    mandate.given_by_id = actor.id
    db.session.add(mandate)
    db.session.flush()
    return mandate


@command(Do.WITHDRAW_MANDATE)
def withdraw_mandate(actor: Person, mandate: Mandate, *, reason: str = "") -> Mandate:
    """It stops at this very moment, also in a form that is open. Its organisation may, and the helper."""
    mandate.withdrawn_at, mandate.withdrawn_reason = now(), reason.strip()
    return mandate


@command(Do.SIGN_FOR)
def sign_for(
    actor: Person,
    mandate: Mandate,
    *,
    dossier: Dossier,
    code: str,
    version: str,
    another: bool = False,
    **given: Any,
) -> Receipt:
    """Sign for somebody who said yes; it counts at once. `code`: the digest of the one they are given.

    Invalid("twice") when somebody counts already who may be the same, unless it is `another`.
    """
    lock(actor)
    lock(dossier)
    require(actor, DossierDo.SIGN, dossier)
    if not lies_within(mandate.organisation, dossier):
        raise NotAllowed(f"{Do.SIGN_FOR} elsewhere")
    _refuse_too_many(mandate)
    helped = Known("", name_key(given["name"]), given.get("building", ""), given.get("unit", ""))
    if not another and may_count_already(dossier, helped):
        raise Invalid(TWICE, TWICE)
    signature = _signature(actor, dossier, **given)
    return _receipt(mandate, signature, code_digest=code, consent_text_version=version)


@command(Do.REPORT_FOR)
def report_for(
    actor: Person,
    mandate: Mandate,
    *,
    code: str,
    version: str,
    told: dict[str, Any],
    said: Said | None = None,
    **given: Any,
) -> Receipt:
    """Open a report for somebody who said yes and supports it; in nobody's name. `told`: columns of it.

    `said` of others while it was written: it stands there in nobody's name, too.
    """
    lock(actor)
    _refuse_too_many(mandate)
    opened = dossiers.establish(NOBODY, kind=Kind.ISSUE, state=State.OPEN, language=given["language"], **told)
    if not lies_within(mandate.organisation, opened):
        raise NotAllowed(f"{Do.REPORT_FOR} elsewhere")
    signature = _signature(actor, opened, **given)
    keep_said(SYSTEM, opened, said or {})
    return _receipt(mandate, signature, code_digest=code, consent_text_version=version, reported=opened)


def _refuse_too_many(mandate: Mandate) -> None:
    """Whatever the mandate: it is the same helper. Needs the helper's lock."""
    midnight = datetime.combine(today(), time(), ZONE)
    wanted = db.select(Receipt.made_at).join(Receipt.mandate).where(Mandate.person_id == mandate.person_id)
    wanted = wanted.where(Receipt.made_at > min(midnight, now() - WITHIN))
    made = list(db.session.scalars(wanted.order_by(Receipt.made_at.desc())))
    if sum(moment >= midnight for moment in made) >= mandate.most_per_day:
        raise Enough(mandate.most_per_day, datetime.combine(today() + timedelta(days=1), time(), ZONE))
    lately = [moment for moment in made if moment > now() - WITHIN]
    if len(lately) >= AT_ONCE:
        raise Enough(AT_ONCE, lately[AT_ONCE - 1] + WITHIN)


def _signature(
    helper: Person,
    dossier: Dossier,
    *,
    name: str,
    language: str,
    building: str = "",
    unit: str = "",
    shown: bool = False,
    reason: str = "",
    joins_bundle: bool = False,
) -> Signature:
    """Of a new person without an address: later they can take it over. Counts at once."""
    person = Person(email=None, email_key=None, name=name.strip(), locale=language, building=building)
    db.session.add(person)
    db.session.flush()
    signature = Signature(dossier_id=dossier.id, person_id=person.id, name=name.strip(), mails=0)
    signature.name_key, signature.building, signature.unit = name_key(name), building, unit.strip()
    signature.shown, signature.reason, signature.joins_bundle = shown, reason.strip(), joins_bundle
    signature.way, signature.helper_id = Way.ASSISTED, helper.id
    signature.state, signature.language = SignatureState.PENDING, language
    db.session.add(signature)
    db.session.flush()
    dossiers.count(signature)
    return signature


def _receipt(mandate: Mandate, signature: Signature, **given: Any) -> Receipt:
    receipt = Receipt(mandate=mandate, helper_id=mandate.person_id, signature=signature, **given)
    receipt.person_id, receipt.language, receipt.made_at = signature.person_id, signature.language, now()
    db.session.add(receipt)
    db.session.flush()
    return receipt


@dataclass(frozen=True)
class Tried:
    """What came of typing a code: the receipt, nothing, or until when no code is looked at."""

    receipt: Receipt | None = None
    wait_until: datetime | None = None


@command(Do.TRY_CODE)
def try_code(actor: Any, _: None, *, code: str, network: str) -> Tried:
    """Look up the receipt with this digest. Wrong codes are counted, for all processes together."""
    counters = [(_tries(ALL), WRONG_IN_ALL), (_tries(network), WRONG_CODES)]
    full = [counter.began_at + TRIES_LAST for counter, most in counters if counter.number >= most]
    if full:
        return Tried(wait_until=max(full))
    receipt = receipt_with(code) if code else None
    if receipt is None:
        for counter, _most in counters:
            counter.number += 1
    return Tried(receipt)


def _tries(origin: str) -> Tries:
    """The counter of this hour, locked; a new one also throws away those of earlier hours."""
    counter = db.session.get(Tries, origin)
    if counter is None:
        db.session.execute(db.delete(Tries).where(Tries.began_at <= now() - TRIES_LAST, Tries.origin != ALL))
        counter = Tries(origin=origin, began_at=now(), number=0)
        db.session.add(counter)
        db.session.flush()
    lock(counter)
    if counter.began_at <= now() - TRIES_LAST:
        counter.began_at, counter.number = now(), 0
    return counter


@command(Do.WITHDRAW)
def withdraw(actor: Person, receipt: Receipt) -> Receipt:
    """Step out; a report that nobody else supports goes with its reporter."""
    receipt.withdrawn_at = now()
    dossiers.withdraw_signature(actor, receipt.signature)
    reported = receipt.reported
    if reported is not None:
        lock(reported)
        if not dossiers.supporters(reported) and LIFECYCLE.can(reported, "withdraw"):
            dossiers.stop(reported)
            record(reported, "withdrawn")
    return receipt


@command(Do.SHOW_NAME)
def show_name(actor: Person, receipt: Receipt, *, shown: bool) -> Receipt:
    """Show the name on the page of the dossier, or do not."""
    dossiers.rename_signature(actor, receipt.signature, name=receipt.signature.name, shown=shown)
    return receipt


@command(Do.ASK_TAKE_OVER)
def ask_take_over(actor: Person, receipt: Receipt, *, email: str, locale: str) -> None:
    """Have a link mailed, by which this becomes theirs who read the mail. Its row is removed after a day."""
    key = addresses.key(email)
    lately = db.select(db.func.count(TakeOver.id)).where(TakeOver.asked_at > now() - timedelta(hours=1))
    of_receipt = db.session.scalar(lately.where(TakeOver.receipt_id == receipt.id)) or 0
    of_address = db.session.scalar(lately.where(TakeOver.email_key == key)) or 0
    if of_receipt >= LINKS_PER_RECEIPT or of_address >= LINKS_PER_ADDRESS:
        return
    known = person_with(email)
    address = str(known.email) if known else addresses.normal(email)
    asked = TakeOver(receipt=receipt, email=address, email_key=key, locale=locale)
    db.session.add(asked)
    db.session.flush()
    jobs.later("notices.take_over", take_over_id=asked.id)
    jobs.later("assistance.forget", due=now() + LINK_WORKS, take_over_id=asked.id)


@command(Do.FORGET)
def forget(actor: Any, take_over: TakeOver) -> None:
    """Remove a link that no longer works: it holds an address."""
    db.session.delete(take_over)


@command(Do.TAKE_OVER)
def take_over(actor: Any, asked: TakeOver) -> Signature:
    """The mail was read: what was signed with help is from now on theirs alone, and they count once."""
    receipt = asked.receipt
    lock(receipt)
    require(actor, Do.TAKE_OVER, asked)
    helped, known = receipt.person, person_with(asked.email)
    if helped is None:
        raise NotAllowed(str(Do.TAKE_OVER))
    owner = known or _given_address(helped, asked)
    owner.confirmed_at = owner.confirmed_at or now()
    if owner is not helped:
        _move_all(helped, owner)
    if receipt.reported is not None:
        receipt.reported.opener_id = owner.id
    signature = dossiers.own_signature(receipt.signature.dossier_id, owner) or receipt.signature
    signature.helper_id = receipt.helper_id = None
    receipt.person_id, receipt.signature_id, receipt.taken_over_at = owner.id, signature.id, now()
    asked.used_at, asked.email, asked.email_key = now(), "", ""
    return signature


def _given_address(helped: Person, asked: TakeOver) -> Person:
    helped.email, helped.email_key = addresses.normal(asked.email), addresses.key(asked.email)
    helped.locale = asked.locale
    db.session.flush()
    return helped


def _move_all(helped: Person, owner: Person) -> None:
    """Give everything to somebody who is known already; what they signed themselves counts once."""
    wanted = db.select(Signature).filter_by(person_id=helped.id).order_by(Signature.via_id.is_not(None))
    for signature in db.session.scalars(wanted.order_by(Signature.id)).all():
        lock(signature)
        own = dossiers.own_signature(signature.dossier_id, owner)
        if own is None:
            signature.person_id, signature.helper_id = owner.id, None
            signature.mail_domain = dossiers.domain(owner.email)
        else:
            _merge(signature, own)
        db.session.flush()
    helped.name = helped.building = ""
    helped.erased_at = now()


KEPT = (
    *("name", "name_key", "building", "unit", "shown", "reason", "language", "joins_bundle"),
    *("way", "via_id"),
)


def _merge(helped: Signature, own: Signature) -> None:
    """Two signatures of one person: their own stays, and counts when the one with help did."""
    if helped.state == SignatureState.CONFIRMED:
        kept = {column: getattr(helped, column) for column in KEPT}
        dossiers.leave(helped)
        if own.state not in DECIDED:
            for column, value in kept.items():
                setattr(own, column, value)
            own.held = None
            dossiers.count(own)
        elif own.state == SignatureState.CONFIRMED and own.via_id is not None and kept["via_id"] is None:
            own.via_id = None
    helped.forget_owner()
    helped.helper_id = None


def forget_receipts(dossier: Dossier) -> None:
    """Nobody can tell any more who was helped to sign it, or by whom. For use inside a command."""
    own = db.select(Receipt.id).join(Receipt.signature).where(Signature.dossier_id == dossier.id)
    numbers = list(db.session.scalars(own))
    nobody = db.update(Receipt).where(Receipt.id.in_(numbers)).values(person_id=None, helper_id=None)
    db.session.execute(nobody)
    db.session.execute(db.delete(TakeOver).where(TakeOver.receipt_id.in_(numbers)))
