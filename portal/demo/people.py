"""Who appears in the demonstration: organisations, those who work there, and neighbours."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.accounts import commands
from portal.accounts.models import Organisation, OrganisationKind, Person, Role
from portal.accounts.queries import organisation, person, person_with
from portal.demo.happenings import Happening, moment
from portal.dossiers.models import Dossier
from portal.dossiers.queries import find_dossier
from portal.kernel.policy import NOBODY, SYSTEM
from portal.mailroom.commands import set_mailbox
from portal.places.loading import buildings

FIRST_DAY = "2019-01-01"
"""The organisations are there before the first dossier."""
SPEAKS = {Role.ORGANISER, Role.CONTACT}
LOCALE = "nl"


class Cast:
    """People, organisations and dossiers, found by the keys that the data files give them."""

    def __init__(self, invented: dict[str, Any], story: dict[str, Any]) -> None:
        self.organisations = [*story["organisations"], *invented["organisations"]]
        self.members: list[dict[str, Any]] = invented["members"]
        self.neighbours = {given["key"]: given for given in invented["people"]}
        self.opened: dict[str, int] = {}
        """Key -> number of every dossier that was opened so far."""
        self._numbers: dict[str, int] = {}
        """Address -> number of everybody who was seen so far: they act a thousand times."""

    def neighbour(self, key: str) -> Person | None:
        """The neighbour, once the portal knows them."""
        return self._known(self.neighbours[key]["email"])

    def _known(self, email: str) -> Person | None:
        if email in self._numbers:
            return person(self._numbers[email])
        found = person_with(email)
        if found is not None:
            self._numbers[email] = found.id
        return found

    def who(self, key: str) -> Person:
        """The neighbour with this key, or who speaks for the organisation with this key."""
        given = self.neighbours.get(key) or self._speaker(key)
        return self.with_address(given["email"])

    def with_address(self, email: str) -> Person:
        found = self._known(email)
        if found is None:
            raise LookupError(f"{email} acts before anybody signed in with it")
        return found

    def _speaker(self, key: str) -> dict[str, Any]:
        return next(m for m in self.members if m["organisation"] == key and m["role"] in SPEAKS)

    def organisation(self, key: str) -> Organisation:
        return organisation(key)

    def dossier(self, key: str) -> Dossier:
        return find_dossier(self.opened[key])


def home(given: dict[str, Any]) -> str:
    """The building of a neighbour: that of their core, or the one they are called after; else unknown."""
    called = f"{given.get('core', '')} {given['name']}".lower()
    return next((name for name in buildings() if name.lower() in called), "")


def happenings(cast: Cast, codes: dict[str, str]) -> Iterator[Happening]:
    """Organisations are founded, and those who work there sign in and are appointed, each on their day.

    `codes`: in which neighbourhood the organisations of the story work.
    """
    for given in cast.organisations:
        facts = {name: given[name] for name in ("kind", "key", "name", "email_domain") if name in given}
        if given["kind"] == OrganisationKind.CORE:
            facts["buildings"] = [name for name in buildings() if name.lower() == given["key"]]
        facts["neighbourhood_code"] = codes.get(given["key"]) or given.get("neighbourhood")
        yield _founded(cast, facts, given.get("parent"))
    for given in cast.members:
        yield _appears(cast, given)


def _founded(cast: Cast, facts: dict[str, Any], parent: str | None) -> Happening:
    def do(once: str) -> None:
        above = cast.organisation(parent) if parent else None
        made = commands.found(SYSTEM, None, once=once, parent_id=above and above.id, **facts)
        if facts["kind"] == OrganisationKind.AUTHORITY and facts.get("email_domain"):
            address = f"dossiers@{facts['email_domain']}"
            set_mailbox(SYSTEM, made, once=f"{once}:mailbox", address=address)

    return Happening(moment(FIRST_DAY, 9), f"found:{facts['key']}", do)


def _appears(cast: Cast, given: dict[str, Any]) -> Happening:
    """Somebody signs in for the first time, gives their name, and is given their role."""

    def do(once: str) -> None:
        link = commands.prepare_sign_in(
            SYSTEM, None, once=f"{once}:link", email=given["email"], locale=LOCALE
        )
        member = commands.sign_in(NOBODY, link, once=once)
        commands.change_account(member, member, once=f"{once}:name", name=given["name"], locale=LOCALE)
        if given["organisation"]:
            until = given["until"] and date.fromisoformat(given["until"])
            where, role = cast.organisation(given["organisation"]), Role(given["role"])
            commands.appoint(SYSTEM, where, once=f"{once}:role", person=member, role=role, until=until)

    key = f"appears:{given['organisation'] or 'neighbour'}:{given['email']}"
    return Happening(moment(given["from"], 10), key, do)
