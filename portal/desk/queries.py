"""What lies on the desk of a platform, of a moderator, of the committee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Organisation, OrganisationKind
from portal.desk.policy import AT_THE_DESK, Do
from portal.dossiers.limits import held_anywhere
from portal.dossiers.models import (
    PUBLIC,
    SIGNABLE,
    Addressee,
    AddresseeState,
    Dossier,
    Signature,
    SignatureState,
)
from portal.dossiers.queries import Clash, Filter, Page, Planned, clashes_of, lies_in
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now, today
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import require
from portal.petitions import queries as petitions
from portal.petitions.queries import Progress
from portal.places.models import Neighbourhood
from portal.places.queries import neighbourhood
from portal.terms.queries import twice_silent, unanswered
from portal.ties.queries import tied_refs

SHOWN = 30
RISING_DAYS = 14
RISING_SHOWN = 5


@dataclass(frozen=True)
class Desk:
    """One organisation's desk."""

    organisation: Organisation
    to_bundle: Page
    joined: dict[int, list[str]]
    """Dossier id -> references of the petitions it is part of already."""
    tied: dict[int, list[str]]
    """Dossier id -> references of what it is said to belong with."""
    petitions: list[tuple[Dossier, Progress]]
    waiting: Sequence[Addressee]
    rising: list[tuple[Dossier, int]]
    """With how many supporters came in the last days."""


def own(actor: Any) -> list[Organisation]:
    """The organisations at whose desk the actor sits today."""
    require(actor, Do.SEE)
    return [m.organisation for m in actor.current_memberships if m.role in AT_THE_DESK]


def at(actor: Any, key: str) -> Organisation:
    """The one of them with this key, or the first."""
    found = [organisation for organisation in own(actor) if key in {"", organisation.key}]
    if not found:
        raise NotAllowed(str(Do.SEE))
    return found[0]


def desk(organisation: Organisation, given: Filter, number: int) -> Desk:
    """What lies on this organisation's desk."""
    code = area(organisation)
    page = petitions.to_bundle(organisation, given, number)
    return Desk(
        organisation,
        page,
        petitions.joined_refs(d.id for d in page.items),
        tied_refs([d.id for d in page.items]),
        petitions.petitions_of(organisation),
        waiting(organisation, code),
        rising(code),
    )


def clashing(organisation: Organisation) -> list[tuple[Dossier, list[Clash]]]:
    """What it plans itself from today on, where something else is near."""
    wanted = db.select(Dossier).where(
        Dossier.organisation_id == organisation.id,
        Dossier.begins_at >= now(),
        Dossier.state.in_(SIGNABLE),
        Dossier.hidden_at.is_(None),
    )
    own = list(db.session.scalars(wanted.order_by(Dossier.begins_at, Dossier.id).limit(SHOWN)))
    planned = [(plan, found) for plan in own if (found := Planned.of(plan)) is not None]
    near = clashes_of([found for _, found in planned])
    return [(plan, found) for (plan, _), found in zip(planned, near, strict=True) if found]


def area(organisation: Organisation) -> str:
    """The neighbourhood it works in, its own or that of the platform above it; empty: everywhere."""
    if organisation.neighbourhood is not None:  # loaded once; the queries that ask for it by code find it
        return organisation.neighbourhood.code
    above = organisation.parent
    return (above.neighbourhood_code if above else "") or ""


def _in(code: str) -> Any:
    return lies_in(code) if code else db.true()


def buurten(organisation: Organisation) -> list[Neighbourhood]:
    """The parts of its neighbourhood, by name."""
    home = neighbourhood(area(organisation))
    if home is None:
        return []
    parts = (Neighbourhood.code.startswith(part, autoescape=True) for part in home.covers)
    wanted = db.select(Neighbourhood).where(Neighbourhood.level == "buurt", db.or_(*parts))
    return list(db.session.scalars(wanted.order_by(Neighbourhood.name)))


def _awaited() -> Any:
    return (
        db.select(Addressee)
        .join(Addressee.dossier)
        .options(contains_eager(Addressee.dossier))
        .where(Addressee.state == AddresseeState.WAITING, PUBLIC)
        .order_by(Addressee.due_on, Addressee.id)
    )


def waiting(organisation: Organisation, code: str) -> list[Addressee]:
    """Who still has to answer something of this organisation or its neighbourhood, the longest due first."""
    ours = db.or_(Dossier.organisation_id == organisation.id, _in(code))
    return list(db.session.scalars(_awaited().where(ours).limit(SHOWN)))


def rising(code: str) -> list[tuple[Dossier, int]]:
    """Where most supporters came in the last days."""
    came = db.func.count(Signature.id)
    wanted = (
        db.select(Dossier, came)
        .join(Signature, Signature.dossier_id == Dossier.id)
        .where(
            Signature.state == SignatureState.CONFIRMED,
            Signature.confirmed_at > now() - timedelta(days=RISING_DAYS),
            PUBLIC,
            Dossier.hidden_at.is_(None),
            _in(code),
        )
        .group_by(Dossier.id)
        .order_by(came.desc(), Dossier.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted.limit(RISING_SHOWN))]


@dataclass(frozen=True)
class Moderation:
    """What came in last, and what is hidden now."""

    dossiers: Sequence[Dossier]
    texts: Sequence[Entry]
    reasons: Sequence[Signature]
    hidden: Sequence[Dossier]
    held: list[tuple[Dossier, int]]
    """With how many signatures wait for a look."""


def moderation(actor: Any) -> Moderation:
    require(actor, Do.MODERATE)
    public = db.select(Dossier).where(PUBLIC)
    seen = public.where(Dossier.hidden_at.is_(None)).order_by(Dossier.opened_at.desc(), Dossier.id.desc())
    hidden = public.where(Dossier.hidden_at.is_not(None)).order_by(Dossier.hidden_at.desc())
    texts = (
        db.select(Entry)
        .join(Entry.dossier)
        .options(contains_eager(Entry.dossier))
        .where(Entry.text.is_not(None), Entry.audience_id.is_(None), Dossier.hidden_at.is_(None))
        .order_by(Entry.at.desc(), Entry.id.desc())
    )
    reasons = (
        db.select(Signature)
        .join(Signature.dossier)
        .options(contains_eager(Signature.dossier))
        .where(
            Signature.state == SignatureState.CONFIRMED, Signature.reason != "", Dossier.hidden_at.is_(None)
        )
        .order_by(Signature.confirmed_at.desc(), Signature.id.desc())
    )
    return Moderation(
        db.session.scalars(seen.limit(SHOWN)).all(),
        db.session.scalars(texts.limit(SHOWN)).all(),
        db.session.scalars(reasons.limit(SHOWN)).all(),
        db.session.scalars(hidden.limit(SHOWN)).all(),
        held_anywhere(),
    )


@dataclass(frozen=True)
class Oversight:
    """What authorities have not answered, and how long recognitions last."""

    overdue: Sequence[Addressee]
    twice: set[int]
    """Numbers of those that are silent since twice their term."""
    letters: Sequence[Entry]
    platforms: Sequence[Organisation]


def oversight(actor: Any) -> Oversight:
    require(actor, Do.OVERSEE)
    late = _awaited().where(Addressee.due_on < today()).limit(SHOWN * 2)
    overdue = db.session.scalars(late).all()
    kinds = [OrganisationKind.PLATFORM, OrganisationKind.COALITION]
    platforms = db.select(Organisation).where(Organisation.kind.in_(kinds)).order_by(Organisation.name)
    return Oversight(
        overdue,
        twice_silent(overdue),
        unanswered_letters(),
        db.session.scalars(platforms.options(joinedload(Organisation.neighbourhood))).all(),
    )


def unanswered_letters() -> Sequence[Entry]:
    """Invitations and letters that ask for an answer and got none, the oldest first."""
    wanted = (
        db.select(Entry)
        .join(Entry.dossier)
        .options(contains_eager(Entry.dossier))
        .where(
            unanswered(),
            PUBLIC,
            Dossier.hidden_at.is_(None),
        )
    )
    return db.session.scalars(wanted.order_by(Entry.on, Entry.id).limit(SHOWN)).all()
