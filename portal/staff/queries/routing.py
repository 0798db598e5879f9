"""By which rules cases are sorted, and what those would have done with the dossiers of before."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Organisation
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.kernel.policy import require
from portal.places.queries import area
from portal.similar.words import terms
from portal.staff.models import Case, Part, Routing, RoutingState
from portal.staff.policy import Do
from portal.staff.queries.people import longest_there, staff_of
from portal.staff.rules import Look, Rule, first

TRIED = 500
"""On so many dossiers of before a list is tried out, the newest first."""
EXAMPLES = 5


def routing(organisation: Organisation, state: RoutingState) -> Routing | None:
    wanted = db.select(Routing).filter_by(organisation_id=organisation.id, state=state)
    return db.session.scalar(wanted.options(joinedload(Routing.fallback)))


def rules_of(known: Routing | None) -> list[Rule]:
    return [Rule.read(kept) for kept in known.rules] if known else []


def to_route(dossier: Dossier, keys: Collection[str]) -> Iterator[tuple[Case, Routing]]:
    """The cases of it at these authorities that wait and are nobody's, with the list that works there."""
    wanted = (
        db.select(Case, Routing)
        .join(Routing, Routing.organisation_id == Case.organisation_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.dossier_id == dossier.id, Case.part == Part.OPEN, Organisation.key.in_(keys))
        .where(Routing.state == RoutingState.ON)
        .order_by(Case.addressee_id)
        .execution_options(populate_existing=True)
    )
    for case, known in db.session.execute(wanted).all():
        staff = staff_of(known.organisation)
        if staff.person(case.membership_id) is None and staff.team(case.team_id) is None:
            yield case, known


def who_takes(known: Routing) -> Membership | None:
    """The person with whom lands what no rule fits; once they left, who works there longest.

    None only where nobody works any more.
    """
    named = known.fallback
    return named if named is not None and named.current else longest_there(known.organisation)


def first_that_fits(rules: Sequence[Rule], dossier: Dossier) -> int | None:
    main = dossier.category.main if dossier.category else ""
    said = terms(f"{dossier.title} {dossier.body} {dossier.place_name}", dossier.language)
    look = Look(dossier.category_slug or "", main, dossier.neighbourhood_code or "", f" {' '.join(said)} ")
    return first(rules, look, covers)


def covers(wide: str, narrow: str) -> bool:
    known = area(wide)
    return known.contains(narrow) if known else narrow == wide


def lies(dossier: Dossier, organisation: Organisation) -> tuple[Case, str]:
    """Its case at this authority; and the key of the authority for which it is according to the list that
    works there, empty if that says nothing.
    """
    works = db.and_(Routing.organisation_id == Case.organisation_id, Routing.state == RoutingState.ON)
    wanted = db.select(Case, Routing).outerjoin(Routing, works)
    wanted = wanted.where(Case.dossier_id == dossier.id, Case.organisation_id == organisation.id)
    case, known = db.session.execute(wanted).one()
    rules = rules_of(known)
    place = first_that_fits(rules, dossier) if rules else None
    return case, rules[place].authority if place is not None else ""


def proposed(dossier: Dossier) -> list[str]:
    """Keys of the authorities to which it belongs by the lists that work: of those that would keep it."""
    wanted = db.select(Routing).filter_by(state=RoutingState.ON).order_by(Routing.organisation_id)
    found = []
    for known in db.session.scalars(wanted.options(joinedload(Routing.organisation))):
        rules = rules_of(known)
        place = first_that_fits(rules, dossier)
        if place is not None and not rules[place].authority:
            found.append(known.organisation.key)
    return found


@dataclass
class Outcome:
    """What one rule (or none: the last one) would have been given."""

    rule: Rule | None
    number: int = 0
    examples: list[Dossier] = field(default_factory=list)


def try_out(actor: Any, organisation: Organisation, rules: Sequence[Rule]) -> list[Outcome]:
    """What each rule would have done with what was put to this authority before; the last: fits none."""
    require(actor, Do.SET_ROUTING, organisation)
    put = db.select(Case.dossier_id).filter_by(organisation_id=organisation.id)
    newest = put.order_by(Case.handed_over_on.desc(), Case.dossier_id.desc()).limit(TRIED)
    wanted = db.select(Dossier).where(Dossier.id.in_(newest.subquery().select()))
    wanted = wanted.options(joinedload(Dossier.category))
    outcomes = [*(Outcome(rule) for rule in rules), Outcome(None)]
    for dossier in db.session.scalars(wanted.order_by(Dossier.id.desc())):
        place = first_that_fits(rules, dossier)
        outcome = outcomes[len(rules) if place is None else place]
        outcome.number += 1
        if len(outcome.examples) < EXAMPLES:
            outcome.examples.append(dossier)
    return outcomes
