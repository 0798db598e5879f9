"""What the queues keep of an official: shown to them as data, and gone with their account."""

from typing import Any

from portal.accounts.models import Membership, Person
from portal.accounts.own_data import PARTS, Part
from portal.kernel.db import db
from portal.staff.models import Case, Routing, SavedFilter, TeamMember


def _export_filters(person: Person) -> list[dict[str, Any]]:
    wanted = db.select(SavedFilter).filter_by(person_id=person.id).order_by(SavedFilter.id)
    return [{"name": saved.name, "filter": saved.given} for saved in db.session.scalars(wanted)]


def _erase_filters(person: Person) -> None:
    db.session.execute(db.delete(SavedFilter).where(SavedFilter.person_id == person.id))


def _export_teams(person: Person) -> list[dict[str, Any]]:
    own = db.select(Membership.id).filter_by(person_id=person.id)
    wanted = db.select(TeamMember).where(TeamMember.membership_id.in_(own)).order_by(TeamMember.team_id)
    return [{"team": m.team.name, "of": m.team.organisation.name} for m in db.session.scalars(wanted)]


def _erase_teams(person: Person) -> None:
    """What was theirs is nobody's. Before their memberships go, to which all of this refers."""
    own = db.select(Membership.id).filter_by(person_id=person.id)
    db.session.execute(db.delete(TeamMember).where(TeamMember.membership_id.in_(own)))
    for column in (Case.membership_id, Routing.fallback_id):
        table = column.class_
        theirs = db.update(table).where(column.in_(own)).values({column.key: None})
        db.session.execute(theirs.execution_options(synchronize_session=False))


PARTS.append(Part("saved_filters", _export_filters, _erase_filters))
PARTS.append(Part("teams", _export_teams, _erase_teams))
