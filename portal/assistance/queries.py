"""What can be seen of helping: by the helper, by who trusts them, by who was helped, and by everybody."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation, Person, Role
from portal.accounts.queries import organisation as organisation_with
from portal.assistance.models import Mandate, Receipt, TakeOver
from portal.assistance.policy import Do
from portal.dossiers.models import PUBLIC, SIGNABLE, Dossier, Signature
from portal.dossiers.queries import Filter, Page, chosen, lies_in, paged
from portal.dossiers.queries.alike import WITH_OWNER, of_this_name
from portal.dossiers.rules import Known, Verdict, same
from portal.kernel.clock import ZONE, today
from portal.kernel.db import db, find
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import allowed, require
from portal.kernel.tickets import For, read
from portal.places.models import Neighbourhood

SHOWN = 50
"""Mandates on the page of helpers."""
CHOICES = 10
"""Dossiers on one page of those that can be signed."""


def mandate_for(actor: Any, key: str) -> Mandate:
    """The actor's mandate from the organisation with this key, or from any; one that works before others."""
    wanted = db.select(Mandate).filter_by(person_id=actor.id).join(Mandate.organisation)
    if key:
        wanted = wanted.where(Organisation.key == key)
    found = list(db.session.scalars(wanted.order_by(Mandate.ends_at.desc(), Mandate.id.desc())))
    if not found or not actor.is_authenticated:
        raise NotAllowed(str(Do.HELP))
    return next((mandate for mandate in found if mandate.works), found[0])


def mandate(mandate_id: int) -> Mandate:
    return find(Mandate, mandate_id)


def run_by(actor: Any) -> list[Organisation]:
    """The platforms and cores whose helpers the actor looks after."""
    if not actor.is_authenticated:
        return []
    roles = (Role.ORGANISER, Role.CONTACT)
    found = [m.organisation for m in actor.current_memberships if m.role in roles]
    return [organisation for organisation in found if allowed(actor, Do.SEE_HELPERS, organisation)]


def run_with(actor: Any, key: str) -> Organisation:
    """The one with this key, or the first."""
    found = [organisation_with(key)] if key else run_by(actor)
    if not found:
        raise NotAllowed(str(Do.SEE_HELPERS))
    require(actor, Do.SEE_HELPERS, found[0])
    return found[0]


@dataclass(frozen=True)
class Helper:
    """One mandate, and how many were helped with it: a number, not whom."""

    mandate: Mandate
    helped: int


def helpers(organisation: Organisation) -> list[Helper]:
    """Those who help for this organisation; those who did, after them."""
    helped = db.select(Receipt.mandate_id, db.func.count(Receipt.id).label("number"))
    counts = helped.group_by(Receipt.mandate_id).subquery()
    wanted = db.select(Mandate, db.func.coalesce(counts.c.number, 0))
    wanted = wanted.outerjoin(counts, counts.c.mandate_id == Mandate.id)
    wanted = wanted.where(Mandate.organisation_id == organisation.id)
    rows = db.session.execute(wanted.order_by(Mandate.ends_at.desc(), Mandate.id.desc()).limit(SHOWN))
    return sorted((Helper(row[0], row[1]) for row in rows), key=lambda helper: helper.mandate.over)


def helped_today(mandate: Mandate) -> int:
    """How many this helper helped today, whatever the mandate."""
    wanted = db.select(db.func.count(Receipt.id)).join(Receipt.mandate)
    midnight = datetime.combine(today(), time(), ZONE)
    wanted = wanted.where(Mandate.person_id == mandate.person_id, Receipt.made_at >= midnight)
    return db.session.scalar(wanted) or 0


def home(organisation: Organisation) -> Neighbourhood | None:
    """The neighbourhood it works in, its own or that of the platform above it; None: everywhere."""
    above = organisation.parent
    return organisation.neighbourhood or (above.neighbourhood if above else None)


def lies_within(organisation: Organisation, dossier: Dossier) -> bool:
    """Whether somebody who helps for this organisation may sign it: of its own, or of its neighbourhood."""
    around = home(organisation)
    own = dossier.organisation_id == organisation.id
    return own or around is None or around.contains(dossier.neighbourhood_code)


def to_sign(organisation: Organisation, words: str, number: int) -> Page:
    """Open dossiers of this organisation and its neighbourhood, found by words or by their reference."""
    around = home(organisation)
    within = lies_in(around.code) if around is not None else db.true()
    wanted = db.select(Dossier).where(PUBLIC, Dossier.state.in_(SIGNABLE), Dossier.hidden_at.is_(None))
    wanted = wanted.where(Dossier.forgotten_at.is_(None))
    wanted = wanted.where(db.or_(within, Dossier.organisation_id == organisation.id))
    return paged(chosen(wanted, Filter(words=words)), number, size=CHOICES)


def parts(organisation: Organisation) -> list[Neighbourhood]:
    """The parts of its neighbourhood, by name."""
    around = home(organisation)
    wanted = db.select(Neighbourhood).where(Neighbourhood.level == "buurt")
    if around is not None:
        inside = (Neighbourhood.code.startswith(part, autoescape=True) for part in around.covers)
        wanted = wanted.where(db.or_(*inside))
    return list(db.session.scalars(wanted.order_by(Neighbourhood.name)))


def may_count_already(dossier: Dossier, helped: Known) -> bool:
    """Whether somebody supports it who is the same person, or for all that is known may be."""
    found = db.session.scalars(of_this_name(dossier.id, helped).options(WITH_OWNER))
    return any(same(helped, Known.of(signature)) != Verdict.ANOTHER for signature in found)


def receipt_with(code_digest: str) -> Receipt | None:
    whole = (
        joinedload(Receipt.signature).joinedload(Signature.dossier),
        joinedload(Receipt.mandate).joinedload(Mandate.organisation),
        joinedload(Receipt.person),
        joinedload(Receipt.reported),
    )
    return db.session.scalar(db.select(Receipt).filter_by(code_digest=code_digest).options(*whole))


def take_over(take_over_id: int) -> TakeOver | None:
    """The link that was asked for, unless it was thrown away."""
    return db.session.get(TakeOver, take_over_id)


def take_over_by_ticket(ticket: str) -> TakeOver:
    return find(TakeOver, read(For.TAKE_OVER, ticket))


def entered_by(dossier: Dossier) -> list[tuple[Signature, Person]]:
    """What was entered for somebody under this dossier, and who did; for moderators only."""
    wanted = db.select(Signature, Person).join(Person, Person.id == Signature.helper_id)
    wanted = wanted.where(Signature.dossier_id == dossier.id)
    rows = db.session.execute(wanted.order_by(Signature.signed_at.desc(), Signature.id.desc()).limit(SHOWN))
    return [(row[0], row[1]) for row in rows]
