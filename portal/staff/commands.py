"""Dividing the work of an authority: whose a case is, teams, saved filters, routing."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from portal.accounts.models import Membership, Organisation, Person, Role
from portal.answers.policy import ASKED, addressed
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import record
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.staff import queries
from portal.staff.models import LONGEST_NAME, Case, Problem, Routing, RoutingState, SavedFilter, Team
from portal.staff.models import TeamMember as Member
from portal.staff.policy import Do
from portal.staff.rules import MOST, Rule

MOST_FILTERS = 20


@command(Do.ASSIGN)
def assign(
    actor: Person,
    dossier: Dossier,
    *,
    organisation: Organisation,
    team: Team | None = None,
    membership: Membership | None = None,
    text: str = "",
) -> Case:
    """Say whose it is: a colleague's, a team's, or (without either) nobody's. Only the authority sees it.

    Taking it, handing it over to a colleague and giving it back are all this.
    """
    if organisation not in [a.organisation for a in addressed(actor, dossier, ASKED)]:
        raise NotAllowed(f"{Do.ASSIGN} for {organisation.key}")
    if membership is not None and not _works_there(membership, organisation):
        raise Invalid("give_to", Problem.NO_COLLEAGUE)
    if team is not None and (team.organisation_id != organisation.id or team.closed_at is not None):
        raise Invalid("give_to", Problem.NO_TEAM)
    case = queries.case_of(dossier, organisation)
    if (case.team_id, case.membership_id) != (_number(team), _number(membership)):
        _give(case, organisation, team, membership, by=actor, role=Role.OFFICIAL, text=text.strip() or None)
    return case


def _works_there(membership: Membership, organisation: Organisation) -> bool:
    """Today, as an official."""
    same = membership.organisation_id == organisation.id and membership.role == Role.OFFICIAL
    return same and membership.current


def _number(thing: Any) -> int | None:
    return thing.id if thing is not None else None


def _give(
    case: Case, organisation: Organisation, team: Team | None, membership: Membership | None, **how: Any
) -> None:
    """No name in the entry: that of a colleague is looked up by number as long as they are known."""
    case.team_id, case.membership_id = _number(team), _number(membership)
    facts: dict[str, Any] = {
        "team": team and {"id": team.id, "name": team.name},
        "colleague": _number(membership),
    }
    record(case.dossier, "assigned", organisation=organisation, audience=organisation, **facts, **how)


@command(Do.ROUTE)
def route(actor: Any, dossier: Dossier, *, keys: Collection[str]) -> None:
    """Let those of these authorities that sort by rules say where it goes, unless it is somebody's."""
    for case, routing in queries.to_route(dossier, keys):
        rules = [Rule.read(kept) for kept in routing.rules]
        place = queries.first_that_fits(rules, dossier)
        rule = rules[place] if place is not None else Rule()
        team = queries.open_team(routing.organisation, rule.team)
        person = None if team else queries.who_takes(routing)
        if (team, person) != (None, None):
            _give(case, routing.organisation, team, person, rule=None if place is None else place + 1)


# --- teams


@command(Do.FOUND_TEAM)
def found_team(actor: Person, organisation: Organisation, *, name: str) -> Team:
    team = Team(organisation=organisation, name=_named(organisation, name))
    db.session.add(team)
    db.session.flush()
    return team


@command(Do.CHANGE_TEAM)
def change_team(actor: Person, team: Team, *, name: str, members: Iterable[Membership]) -> Team:
    """Its name, and who is in it: colleagues of today."""
    chosen = {membership.id: membership for membership in members}
    if not all(_works_there(membership, team.organisation) for membership in chosen.values()):
        raise Invalid("members", Problem.NO_COLLEAGUE)
    team.name = _named(team.organisation, name, but=team)
    known = {member.membership_id: member for member in team.members}
    team.members = [known.get(n) or Member(membership_id=n) for n in sorted(chosen)]
    return team


@command(Do.CHANGE_TEAM)
def close_team(actor: Person, team: Team) -> Team:
    """What was the team's is nobody's, until somebody takes it."""
    team.closed_at = now()
    return team


def _named(organisation: Organisation, name: str, but: Team | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("name", Problem.NO_NAME)
    taken = {team.name.casefold() for team in queries.teams(organisation) if team is not but}
    if name.casefold() in taken:
        raise Invalid("name", Problem.NAME_TAKEN)
    return name


# --- saved filters


@command(Do.SAVE_FILTER)
def save_filter(
    actor: Person, organisation: Organisation, *, name: str, given: dict[str, str]
) -> SavedFilter:
    """Keep what the queue is narrowed to under a name of one's own; the same name is written over."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("name", Problem.NO_NAME)
    own = {saved.name: saved for saved in queries.saved(actor, organisation)}
    if name not in own and len(own) >= MOST_FILTERS:
        raise Invalid("name", Problem.TOO_MANY)
    kept = own.get(name) or SavedFilter(person_id=actor.id, organisation_id=organisation.id, name=name)
    kept.given = given
    db.session.add(kept)
    db.session.flush()
    return kept


@command(Do.REMOVE_FILTER)
def remove_filter(actor: Person, saved: SavedFilter) -> None:
    db.session.delete(saved)


# --- routing


@command(Do.SET_ROUTING)
def write_rules(
    actor: Person, organisation: Organisation, *, rules: Sequence[Rule], fallback: Membership | None
) -> Routing:
    """Write at the list that is not on yet. From then on it has to be tried out before it may be."""
    if fallback is not None and not _works_there(fallback, organisation):
        raise Invalid("fallback", Problem.NO_COLLEAGUE)
    if len(rules) > MOST:
        raise Invalid("rules", Problem.TOO_MANY)
    draft = queries.routing(organisation, RoutingState.DRAFT) or Routing(organisation=organisation)
    draft.rules, draft.fallback, draft.changed_at = [rule.data() for rule in rules], fallback, now()
    draft.tried_at = None
    db.session.add(draft)
    db.session.flush()
    return draft


@command(Do.SET_ROUTING)
def note_trial(actor: Person, organisation: Organisation) -> Routing:
    """Somebody looked at what the list would have done with the dossiers of before."""
    draft = _draft(organisation)
    draft.tried_at = now()
    return draft


@command(Do.SET_ROUTING)
def switch_on(actor: Person, organisation: Organisation) -> Routing:
    """From now on what is put to this authority goes where the list says; the one before it is over."""
    draft = _draft(organisation)
    if not draft.tried:
        raise Invalid("step", Problem.NOT_TRIED)
    if draft.fallback is None or not _works_there(draft.fallback, organisation):
        raise Invalid("fallback", Problem.NO_FALLBACK)
    _end(organisation)
    draft.state, draft.on_at = RoutingState.ON, now()
    db.session.flush()
    return draft


@command(Do.SET_ROUTING)
def switch_off(actor: Person, organisation: Organisation) -> None:
    """What is put to this authority is nobody's again, until somebody takes it."""
    _end(organisation)


def _draft(organisation: Organisation) -> Routing:
    draft = queries.routing(organisation, RoutingState.DRAFT)
    if draft is None:
        raise Invalid("rules", Problem.NO_RULE)
    return draft


def _end(organisation: Organisation) -> None:
    known = queries.routing(organisation, RoutingState.ON)
    if known is not None:
        known.state, known.off_at = RoutingState.PAST, now()
        db.session.flush()
