"""Ready-made teams, colleagues and filters of an authority; and rows about them for the table of access."""

from typing import Any

from portal.accounts.models import Membership, Organisation, Person, Role
from portal.dossiers.models import Dossier, State
from portal.kernel.db import db
from portal.staff import commands
from portal.staff.models import Case, SavedFilter, Team
from tests.access_rows import Row
from tests.factories import a_person, number


def a_colleague(of: Organisation, **given: Any) -> Membership:
    """An official of this authority; the membership is what they are known by there."""
    return a_person(Role.OFFICIAL, of=of, **given).memberships[0]


def a_team(official: Person, of: Organisation, *members: Membership, name: str = "") -> Team:
    team: Team = commands.found_team(official, of, name=name or f"Team {next(number)}")
    if members:
        commands.change_team(official, team, name=team.name, members=members)
    return team


def case_of(dossier: Dossier, organisation: Organisation) -> Case:
    """As it stands in the database now."""
    wanted = db.select(Case).filter_by(dossier_id=dossier.id, organisation_id=organisation.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def staff_rows(authority: Organisation, people: dict[str, Any]) -> dict[str, list[Row]]:
    """The queue of an authority, a team of it, and what its official keeps."""
    official = people["official"]

    def a_filter() -> SavedFilter:
        name = f"Filter {next(number)}"
        made: SavedFilter = commands.save_filter(official, authority, name=name, given={"show": "late"})
        return made

    key = {"key": authority.key}
    return {
        "queue": [Row("", "of the authority", lambda: authority, lambda organisation: key)],
        "team": [
            Row("", "a team of it", lambda: a_team(official, authority), lambda t: key | {"number": t.id})
        ],
        "saved filter": [Row("", "the official's", a_filter, lambda saved: key | {"number": saved.id})],
    }


def by_officials(world: Any) -> dict[str, dict[str, Any]]:
    """What goes through in the forms of an authority, if one may."""
    put = next(row.thing.ref for row in world.rows["dossier"] if row.state == State.HANDED_OVER)
    away = f"authority-{world.other.key}"
    return {
        "staff.divide": {"deed": "take", "refs": put},
        "staff.save": {"name": "Mine"},
        "staff.teams": {"name": f"Team {next(number)}"},
        "staff.team": {"name": f"Team {next(number)}"},
        "staff.routing": {"step": "add", "words": "lamp", "leads_to": away},
    }
