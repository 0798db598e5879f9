"""What belongs together: reports that grew into a group, plans whose people are asked to do it together."""

from portal.accounts.models import Person
from portal.accounts.queries import organisation
from portal.kernel.tickets import For, ticket
from portal.ties.commands import tie
from portal.together import commands as together
from tests.clusters.making import a_bin, the_worker_looks
from tests.factories import a_person, a_signature, an_issue
from tests.screens.offices import known
from tests.together.making import agree, between, clothes, seat

BINS = (
    ("De afvalbakken zijn weg", "De bakken bij de metro zijn weggehaald. Zet de bakken terug."),
    ("Geen afvalbak meer bij de metro", "Sinds de zomer staat er geen afvalbak. Overal ligt afval."),
    ("Waar is onze afvalbak gebleven?", "Ik neem mijn afval mee naar huis, want de bak is weg."),
)


def neighbours() -> dict[str, str]:
    """All of it, and the words for the album."""
    organiser = known("organisator@kbuurt.example")
    return grown() | belonging() | asked(organiser) | partners(organiser)


def grown() -> dict[str, str]:
    """Three reports of one thing at one place."""
    bins = [a_bin(said, metres=20 * n, language="nl") for n, said in enumerate(BINS)]
    signature = a_signature(bins[0], name="Buurman van de derde")
    the_worker_looks()
    return {"bins": str(bins[0].ref), "quiet": ticket(For.QUIET, signature.id)}


def belonging() -> dict[str, str]:
    """Two reports that belong together, as whoever wrote the second one said."""
    lamp = an_issue(title="De lamp bij de trap is stuk", language="nl")
    stairs = an_issue(title="De trap is te donker om te lopen", language="nl")
    tie(stairs.opener, stairs, other=lamp)
    return {"tied": str(lamp.ref)}


def asked(organiser: Person) -> dict[str, str]:
    """The platform's plan and a neighbour's, near each other in place and time: both are asked."""
    own = clothes(0, organiser, organisation_id=organisation("hvdk").id, language="nl")
    other = clothes(1, a_person(name="Buurvrouw", locale="nl"), language="nl")
    together.propose(organiser, own, other=other)
    link = ticket(For.TOGETHER, seat(between(own, other), other).id)
    party = str(seat(between(own, other), own).id)
    return {"clothes": str(own.ref), "like": str(other.ref), "to_other": link, "party": party}


def partners(organiser: Person) -> dict[str, str]:
    """Two that are done together: one goes on with both named."""
    beside = a_person(name="Buurman", locale="nl")
    title = "Soep koken voor de hele flat"
    given = {"title": title, "body": "Op zaterdag, met wat er over is.", "language": "nl"}
    own = clothes(0, organiser, organisation_id=organisation("hvdk").id, **given)
    other = clothes(1, beside, **given | {"title": "Samen soep eten in de hal"})
    proposal = together.propose(organiser, own, other=other)
    agree(proposal, organiser, beside)
    return {"soup": str(own.ref)}
