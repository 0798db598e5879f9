"""Who works at an authority today, in which teams, and what they saved for themselves."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Organisation, Role
from portal.dossiers.models import Addressee
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import db, find
from portal.kernel.errors import NotFound
from portal.staff.models import Case, SavedFilter, Team


@dataclass(frozen=True)
class Staff:
    """Everybody who works, or worked, at an authority; and its teams. Two queries, however many they are."""

    organisation: Organisation
    everybody: dict[int, Membership]
    every_team: dict[int, Team]

    @property
    def colleagues(self) -> list[Membership]:
        """Of today, by name."""
        return sorted((m for m in self.everybody.values() if m.current), key=lambda m: (called(m), m.id))

    @property
    def teams(self) -> list[Team]:
        open_ones = (team for team in self.every_team.values() if team.closed_at is None)
        return sorted(open_ones, key=lambda team: team.name.casefold())

    @property
    def gone(self) -> list[int]:
        """Numbers of the memberships that are over, or not begun."""
        return [number for number, membership in self.everybody.items() if not membership.current]

    @property
    def closed(self) -> list[int]:
        """Numbers of the teams that are no more."""
        return [number for number, team in self.every_team.items() if team.closed_at is not None]

    def own(self, actor: Any) -> list[int]:
        """The actor's memberships here."""
        return [m.id for m in self.everybody.values() if m.person_id == actor.id and m.current]

    def own_teams(self, actor: Any) -> list[int]:
        own = set(self.own(actor))
        return [team.id for team in self.teams if own & {m.membership_id for m in team.members}]

    def person(self, number: int | None) -> Membership | None:
        """The colleague with this membership, as long as they work here."""
        found = self.everybody.get(number or 0)
        return found if found is not None and found.current else None

    def team(self, number: int | None) -> Team | None:
        found = self.every_team.get(number or 0)
        return found if found is not None and found.closed_at is None else None


def called(membership: Membership) -> str:
    """How colleagues know somebody: by name, or by what stands before the @."""
    person = membership.person
    return person.name or (person.email or "").partition("@")[0]


def staff_of(organisation: Organisation) -> Staff:
    people = db.select(Membership).filter_by(organisation_id=organisation.id, role=Role.OFFICIAL)
    known = db.session.scalars(people.options(joinedload(Membership.person))).all()
    found = db.select(Team).filter_by(organisation_id=organisation.id)
    groups = db.session.scalars(found.options(joinedload(Team.members))).unique().all()
    return Staff(organisation, {m.id: m for m in known}, {t.id: t for t in groups})


def teams(organisation: Organisation) -> list[Team]:
    """Those that are not closed."""
    wanted = db.select(Team).filter_by(organisation_id=organisation.id, closed_at=None)
    return list(db.session.scalars(wanted.order_by(Team.name)))


def team(organisation: Organisation, number: int) -> Team:
    """One of this authority's teams that is not closed."""
    found = find(Team, number)
    if found.organisation_id != organisation.id or found.closed_at is not None:
        raise NotFound(f"team {number}")
    return found


def open_team(organisation: Organisation, number: int | None) -> Team | None:
    found = db.session.get(Team, number) if number else None
    mine = found is not None and found.organisation_id == organisation.id and found.closed_at is None
    return found if mine else None


def longest_there(organisation: Organisation) -> Membership | None:
    """The official who works here longest of those of today."""
    day = today()
    wanted = db.select(Membership).filter_by(organisation_id=organisation.id, role=Role.OFFICIAL)
    wanted = wanted.where(
        Membership.starts_on <= day, db.or_(Membership.ends_on.is_(None), Membership.ends_on >= day)
    )
    return db.session.scalar(wanted.order_by(Membership.starts_on, Membership.id).limit(1))


def said_back_to(entry: Entry) -> list[Addressee]:
    """To which authorities neighbours say something back by this: a reply, or that it is not solved.

    What only mirrors a petition is said there.
    """
    to = entry.data["to"]
    if entry.verb == "judged" and entry.data["outcome"] != "not_solved":
        return []
    keys = {named["key"] for named in (to if entry.verb == "judged" else [to])}
    mirrored = "via" in entry.data
    return [] if mirrored else [a for a in entry.dossier.addressees if a.organisation.key in keys]


def whom_to_tell(addressee: Addressee, said: int) -> list[int]:
    """Numbers of those who work on it: whose it is, else their team; else who wrote entry `said`.

    When none of them works there any more it is the one who works there longest: never nobody.
    """
    organisation = addressee.organisation
    staff, case = staff_of(organisation), db.session.get(Case, addressee.id)
    own = staff.person(case.membership_id) if case is not None else None
    team = staff.team(case.team_id) if case is not None else None
    if own is not None:
        return [own.person_id]
    members = [m for member in team.members if (m := staff.person(member.membership_id))] if team else []
    writer = db.session.scalar(db.select(Entry.actor_id).filter_by(dossier_id=addressee.dossier_id, seq=said))
    wrote = [m for m in staff.colleagues if m.person_id == writer]
    longest = longest_there(organisation)
    found = members or wrote or ([longest] if longest is not None else [])
    return sorted({membership.person_id for membership in found})


def saved(actor: Any, organisation: Organisation) -> list[SavedFilter]:
    """The actor's own filters of this queue, by name."""
    wanted = db.select(SavedFilter).filter_by(person_id=actor.id, organisation_id=organisation.id)
    return list(db.session.scalars(wanted.order_by(SavedFilter.name)))
