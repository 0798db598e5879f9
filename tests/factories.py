"""Ready-made people, organisations and dossiers, made through the doors that everybody uses, and committed.

Names are made up, addresses end in `.example`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestedCredentialData

from portal.accounts import addresses
from portal.accounts import commands as accounts
from portal.accounts.models import Membership, Organisation, OrganisationKind, Passkey, Person, Role, Session
from portal.accounts.queries import session_key
from portal.dossiers import commands as dossiers
from portal.dossiers.models import LIFECYCLE, AddresseeState, Dossier, Kind, Signature, SignatureState, State
from portal.dossiers.timeline import record
from portal.kernel.clock import ZONE, now, today
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM

number = count(1)
BULLEWIJK = {"lat": 52.3217, "lon": 4.9711}
K_BUURT = "TH04"
"""A buurt in K-buurt (`K`)."""

STONE = bytes(
    AttestedCredentialData.create(
        Aaguid.NONE, bytes(16), ES256.from_cryptography_key(generate_private_key(SECP256R1()).public_key())
    )
)
"""What is known of a passkey that was thrown into the water."""

KIND_FOR = {
    Role.CONTACT: OrganisationKind.CORE,
    Role.ORGANISER: OrganisationKind.PLATFORM,
    Role.OFFICIAL: OrganisationKind.AUTHORITY,
    Role.MEMBER: OrganisationKind.COMMITTEE,
    Role.MODERATOR: OrganisationKind.PLATFORM,
}
"""Where a person has a role, when a test does not care where."""


def in_days(days: int) -> datetime:
    """So many days from now, or ago, at this time of the day in the neighbourhood: clocks change between."""
    return now().astimezone(ZONE) + timedelta(days=days)


def a_person(
    *roles: Role | str, of: Organisation | None = None, confirmed: bool = True, **given: Any
) -> Person:
    """A neighbour; with roles, each in `of` or in a new organisation of a fitting kind."""
    n = next(number)
    email = given.pop("email", f"neighbour{n}@homes.example")
    known = {"name": f"Neighbour {n}", "locale": "nl", "confirmed_at": now() if confirmed else None}
    with transaction():
        person = Person(email=email, email_key=email and addresses.key(email), **known | given)
        db.session.add(person)
    for role in roles:
        a_membership(person, of or an_organisation(KIND_FOR[Role(role)]), Role(role))
    return person


def an_organisation(kind: OrganisationKind | str = OrganisationKind.AUTHORITY, **given: Any) -> Organisation:
    """An organisation; a platform or a core lies in K-buurt."""
    n = next(number)
    known: dict[str, Any] = {"kind": OrganisationKind(kind), "key": f"{kind}-{n}", "name": f"The {kind} {n}"}
    if kind in {OrganisationKind.PLATFORM, OrganisationKind.CORE}:
        known["neighbourhood_code"] = "K"
    made: Organisation = accounts.found(SYSTEM, None, **known | given)
    return made


def a_membership(
    person: Person | None = None,
    organisation: Organisation | None = None,
    role: Role | str = Role.ORGANISER,
    *,
    until: date | None = None,
) -> Membership:
    organisation = organisation or an_organisation(KIND_FOR[Role(role)])
    made: Membership = accounts.appoint(
        SYSTEM, organisation, person=person or a_person(), role=Role(role), until=until
    )
    return made


def an_issue(*, state: State | str = State.OPEN, opener: Person | None = None, **given: Any) -> Dossier:
    """A report from K-buurt, by a neighbour of its own unless `opener` is given; brought to this state."""
    n = next(number)
    known = {"title": f"The lamp by number {n} is broken", "body": "It has been dark since Monday."}
    known |= {"place_name": f"Number {n}", "neighbourhood_code": K_BUURT, **BULLEWIJK}
    return _a_dossier(Kind.ISSUE, State(state), opener or a_person(), known | given)


def a_plan(*, state: State | str = State.OPEN, opener: Person | None = None, **given: Any) -> Dossier:
    known = {"title": f"A garden on roof {next(number)}", "neighbourhood_code": K_BUURT, **BULLEWIJK}
    return _a_dossier(Kind.PLAN, State(state), opener or a_person(), known | given)


def a_petition(
    *,
    state: State | str = State.GATHERING,
    addressees: Sequence[Organisation] | None = None,
    opener: Person | None = None,
    organisation: Organisation | None = None,
    **given: Any,
) -> Dossier:
    """A petition in the name of a platform, to one new authority unless `addressees` are given."""
    organisation = organisation or an_organisation(OrganisationKind.PLATFORM)
    opener = opener or a_person(Role.ORGANISER, of=organisation)
    known: dict[str, Any] = {"title": f"Light for square {next(number)}", "body": "We ask for light."}
    known |= {"neighbourhood_code": K_BUURT, "organisation_id": organisation.id}
    to = [an_organisation()] if addressees is None else addressees
    return _a_dossier(Kind.PETITION, State(state), opener, known | given, to)


def _a_dossier(
    kind: Kind, state: State, opener: Person, known: dict[str, Any], to: Sequence[Organisation] = ()
) -> Dossier:
    first = State.DRAFT if kind == Kind.PETITION else State.OPEN
    first = state if state == State.UNCONFIRMED else first
    with transaction():
        dossier = dossiers.establish(opener, kind=kind, state=first, opener_id=opener.id, **known)
        for organisation in to:
            dossiers.name_addressee(dossier, organisation)
        if first == State.DRAFT and state != first:
            LIFECYCLE.make(dossier, "publish")
            record(dossier, "published", by=opener)
    if state != dossier.state:
        STEPS[state](dossier, opener)
    assert dossier.state == state
    return dossier


def _handed_over(dossier: Dossier, opener: Person) -> None:
    to = [a.organisation for a in dossier.addressees] or [an_organisation()]
    dossiers.hand_over(opener, dossier, to=to)


def _moved(move: str) -> Callable[[Dossier, Person], None]:
    """What an authority answers is a feature's business: here only that it did."""

    def step(dossier: Dossier, opener: Person) -> None:
        _handed_over(dossier, opener)
        with transaction():
            LIFECYCLE.make(dossier, move)
            for addressee in dossier.addressees:
                addressee.state, addressee.answered_on = AddresseeState.ANSWERED, today()
            record(
                dossier,
                "answered",
                organisation=dossier.addressees[0].organisation,
                role=Role.OFFICIAL,
                text="We have looked at it.",
                kind="done" if move == "finish" else "granted",
            )

    return step


STEPS: dict[State, Callable[[Dossier, Person], None]] = {
    State.HANDED_OVER: _handed_over,
    State.ANSWERED: _moved("answer"),
    State.DONE: _moved("finish"),
    State.SOLVED: lambda dossier, opener: dossiers.solve(opener, dossier),
    State.WITHDRAWN: lambda dossier, opener: dossiers.withdraw(opener, dossier),
}
"""How a dossier that is open comes to stand there."""


def a_signature(
    dossier: Dossier,
    person: Person | None = None,
    *,
    state: SignatureState | str = SignatureState.CONFIRMED,
    **given: Any,
) -> Signature:
    """Somebody's support for a dossier; `given` as for the command: name, shown, reason, joins_bundle."""
    person = person or a_person(confirmed=state != SignatureState.PENDING)
    signed = {"name": person.name} | given
    if state == SignatureState.PENDING:
        pending: Signature = dossiers.sign(NOBODY, dossier, email=person.email, **signed)
        return pending
    signature: Signature = dossiers.sign(person, dossier, **signed)
    if state == SignatureState.WITHDRAWN:
        dossiers.withdraw_signature(person, signature)
    if state == SignatureState.INVALID:
        dossiers.invalidate(a_person(Role.MODERATOR), signature, why="Not a neighbour.")
    return signature


def a_session(person: Person, **given: Any) -> str:
    """The token of a session of this person that lasts, and is fresh, however a test moves the clock."""
    late = now() + timedelta(days=20_000)
    known: dict[str, Any] = {"ends_at": late, "proven_at": late, "seen_on": late.date()}
    with transaction():
        token = f"session-{next(number)}"
        db.session.add(Session(person_id=person.id, key=session_key(token), **known | given))
    return token


def a_passkey(person: Person, name: str = "my phone") -> Passkey:
    """One whose device nobody has: a picture of a stone."""
    with transaction():
        kept = {"key": f"{next(number):064}", "known": STONE, "counter": 0, "last_tick": 0}
        made = Passkey(person_id=person.id, name=name, **kept)
        db.session.add(made)
    return made
