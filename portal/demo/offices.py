"""How the demonstration's authority divides its work: a team, a rule; and a mail that waits for a look."""

from collections.abc import Callable, Iterator
from typing import Any

from portal.accounts.models import Membership
from portal.demo.happenings import Happening, moment
from portal.demo.people import Cast
from portal.kernel.policy import SYSTEM
from portal.mailroom.commands import receive
from portal.mailroom.models import MailState, Why
from portal.staff import commands
from portal.staff.queries import staff_of, teams
from portal.staff.rules import Rule

MORNING = 10


def happenings(cast: Cast, told: dict[str, Any]) -> Iterator[Happening]:
    yield Happening(moment(told["team"]["on"], MORNING), "offices:team", _team(cast, told))
    yield Happening(moment(told["routing"]["on"], MORNING), "offices:routing", _routing(cast, told))
    for number, mail in enumerate(told["mails"], 1):
        yield Happening(moment(mail["on"], mail["hour"]), f"offices:mail:{number}", _mail(cast, told, mail))


def _colleagues(cast: Cast, told: dict[str, Any]) -> dict[str, Membership]:
    """By mail address."""
    known = staff_of(cast.organisation(told["organisation"])).colleagues
    return {str(membership.person.email): membership for membership in known}


def _team(cast: Cast, told: dict[str, Any]) -> Callable[[str], None]:
    def do(once: str) -> None:
        actor, given, known = cast.with_address(told["as"]), told["team"], _colleagues(cast, told)
        organisation = cast.organisation(told["organisation"])
        team = commands.found_team(actor, organisation, once=once, name=given["name"])
        members = [known[address] for address in given["members"]]
        commands.change_team(actor, team, once=f"{once}:members", name=given["name"], members=members)

    return do


def _routing(cast: Cast, told: dict[str, Any]) -> Callable[[str], None]:
    """Written, tried out and switched on, as an official does it."""

    def do(once: str) -> None:
        actor, given = cast.with_address(told["as"]), told["routing"]
        organisation = cast.organisation(told["organisation"])
        (team,) = teams(organisation)
        rules = [Rule(words=given["words"], team=team.id)]
        lands = _colleagues(cast, told)[given["fallback"]]
        commands.write_rules(actor, organisation, once=f"{once}:written", rules=rules, fallback=lands)
        commands.note_trial(actor, organisation, once=f"{once}:tried")
        commands.switch_on(actor, organisation, once=once)

    return do


def _mail(cast: Cast, told: dict[str, Any], mail: dict[str, Any]) -> Callable[[str], None]:
    """From an address of the authority, but nothing shows that it came from there."""

    def do(once: str) -> None:
        dossier, organisation = cast.dossier(mail["dossier"]), cast.organisation(told["organisation"])
        place = next(a for a in dossier.addressees if a.organisation_id == organisation.id)
        how: dict[str, Any] = {"state": MailState.WAITING, "why": Why.NOT_SURE, "sender": mail["sender"]}
        receive(SYSTEM, dossier, once=once, addressee=place, number=once, text=mail["text"], **how)

    return do
