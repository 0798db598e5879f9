"""The story of the clothes: three who give clothes away at the metro station, in the same week."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.accounts.models import OrganisationKind, Person, Role
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.together import commands, queries
from portal.together.models import Partner, Party, Proposal, Says
from tests.access_rows import Row
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_plan, an_organisation, in_days

PLACE = {"place_name": "Metrostation Kraaiennest", "lat": 52.317, "lon": 4.9791}
TITLES = (
    "Kleding weggeven onder de overkapping van het metrostation",
    "Weggeefactie met kleding bij metrostation Kraaiennest",
    "Warme kleding weggeven aan wie het nodig heeft",
)
QUESTION = "main form"


def at_noon(days: int) -> datetime:
    """So many days from now, or ago."""
    return in_days(days).replace(hour=12, minute=0, second=0, microsecond=0)


def a_platform() -> Person:
    """The organiser of a platform of K-buurt."""
    return a_person(Role.ORGANISER, of=an_organisation(OrganisationKind.PLATFORM))


def clothes(number: int, opener: Person | None = None, **given: Any) -> Dossier:
    """One of the three plans; in the name of the organiser's platform, or of a neighbour."""
    known = {"title": TITLES[number], "body": f"Sorteren begint om {9 + number} uur.", **PLACE}
    if opener is not None and opener.memberships and "organisation_id" not in given:
        known["organisation_id"] = opener.memberships[0].organisation_id
    known["begins_at"] = at_noon(20 + number)
    return a_plan(opener=opener, **known | given)


def between(one: Dossier, other: Dossier) -> Proposal:
    """What the people of these two are asked, as it is now."""
    wanted = db.select(Proposal).filter_by(pair=queries.pair(one, other))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def seat(proposal: Proposal, dossier: Dossier) -> Party:
    wanted = db.select(Party).filter_by(proposal_id=proposal.id, dossier_id=dossier.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def a_yes() -> dict[str, str]:
    """The whole form, as it stands in the first draft of two petitions."""
    words = {"title": "Light for both squares", "body": "It is dark.", "demands": "A lamp."}
    return {**words, "version": "1", "name": "Sam", "note": "", "says": "yes"}


def agree(proposal: Proposal, *actors: Person) -> None:
    """Each of these says yes for what they carry."""
    for actor in actors:
        party = queries.own_party(actor, proposal)
        commands.answer(actor, party, says=Says.YES, version=proposal.version, name="Sam")


def together_rows(organiser: Person, make: Callable[[], Dossier]) -> dict[str, list[Row]]:
    """A petition of the organiser's platform that is asked to go together with another; and one that does."""

    def asked() -> tuple[Dossier, Proposal]:
        own, other = make(), a_petition(addressees=[an_organisation()])
        made: Proposal = commands.propose(organiser, own, other=other)
        return other, made

    def party() -> Party:
        return queries.own_party(organiser, asked()[1])

    def partner() -> Partner:
        other, proposal = asked()
        agree(proposal, organiser, other.opener or organiser)
        return queries.partner_of(queries.own_party(organiser, proposal).dossier)

    def place(party: Party) -> dict[str, Any]:
        return {"ref": party.dossier.ref, "party_id": party.id}

    return {
        "party": [Row("the platform's petition", "asked to go together", party, place)],
        "partner": [Row("the platform's petition", "together", partner, lambda p: {"ref": p.dossier.ref})],
    }


def opens_mail(visit: Browser, person: Person) -> Browser:
    """Follow the newest question in this person's mails."""
    mails = [m for m in visit.mails(person.email or "") if "/together/" in m.get_content()]
    visit.get(visit.link(mails[-1], "/together/"))
    return visit


def says(visit: Browser, answer: str, **words: Any) -> Browser:
    """Press one of the buttons of the page that asks."""
    visit.submit(QUESTION, press=f"button[value={answer}]", **words)
    return visit
