"""What the demonstration lacks: mails that were sent, sheets of paper, somebody who helps, a crowd, extremes.

Each part returns the words by which the album finds its pages.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from portal import create_app
from portal.accounts.commands import prepare_sign_in
from portal.accounts.models import Organisation, Person, Role
from portal.accounts.queries import organisation
from portal.assistance import codes
from portal.assistance import commands as assistance
from portal.assistance.models import TakeOver
from portal.assistance.texts import CONSENT_VERSION
from portal.dossiers import commands as dossiers
from portal.dossiers.conditions import Conditions
from portal.dossiers.models import Dossier, Held, SignatureState
from portal.integrity.forms import as_query
from portal.kernel import storage
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM
from portal.kernel.tickets import For, ticket
from portal.petitions import commands as petitions
from portal.printing import commands as printing
from portal.sheets import commands as sheets
from portal.sheets.models import Mark, Typed
from tests.factories import K_BUURT, a_passkey, a_person, a_plan, a_signature, an_issue
from tests.integrity.signing import many
from tests.petitions.making import lineage_of
from tests.screens.neighbours import neighbours
from tests.screens.offices import known, offices
from tests.sheets.making import a_sheet, entered

SHEET = Path(__file__).parent.parent.parent / "docs" / "screens" / "print-sheets.png"
LONG = (
    "Verkeersveiligheidsvoorzieningen, galerijverlichtingsinstallaties en huisvuilinzamelingsvoorzieningen "
    "bij alle fietsersonderdoorgangen, bromfietsparkeerplaatsen, kinderspeelplaatsen en "
    "buurtmoestuinverenigingen rondom de hoogbouwflatgebouwen Kikkenstein, Kempering en Klieverink, zoals "
    "eerder beloofd"
)
"""Three hundred characters, many of them in long words."""
CODE = "the picture of a receipt"


def scene(data: Path) -> dict[str, str]:
    """Set it all up in the portal that runs on this folder."""
    app = create_app(DATA_DIR=str(data), DATABASE_URL="")
    with app.app_context(), app.test_request_context():
        platform, organiser = organisation("hvdk"), known("organisator@kbuurt.example")
        bus = titled("Laat de bus rijden%")
        a_passkey(known("ambtenaar@stadsdeel.example"), "Mijn telefoon")
        words = {"bus": str(bus.ref), "square": str(titled("Vertel het de buurt%").ref)}
        words |= {"done": str(titled("Eén nummer voor%").ref), "hidden": str(titled("Ik weet wie%").ref)}
        words |= links() | bundle(platform, organiser) | succession(platform, organiser)
        words |= crowd(bus, organiser) | paper(bus, organiser) | helped(bus, organiser)
        words |= extremes(platform, organiser) | offices(LONG) | neighbours()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return words


def titled(like: str) -> Dossier:
    return db.session.scalars(db.select(Dossier).where(Dossier.title.like(like))).one()


def links() -> dict[str, str]:
    """What stands in mails: to sign in, to confirm a signature or a report."""
    bins = titled("Bak bij het voetpad%")
    asked = prepare_sign_in(SYSTEM, None, email="nieuwe.buur@kbuurt.example", locale="nl")
    states = {"pending": SignatureState.PENDING, "signed": SignatureState.CONFIRMED}
    given: dict[str, Any] = {"name": "Buurvrouw van de zesde", "shown": True}
    words = {
        name: ticket(For.SIGNATURE, a_signature(bins, state=state, **given).id)
        for name, state in states.items()
    }
    report = titled("Het hek van het schoolplein%")
    return words | {"in": ticket(For.SIGN_IN, asked.id), "report": ticket(For.REPORT, report.id)}


def bundle(platform: Organisation, organiser: Person) -> dict[str, str]:
    """A draft that asks two neighbours, one of them the one who signs in."""
    asked = [titled("Bak bij het voetpad%"), titled("Het fietspad achter Klieverink%")]
    draft = petitions.draft(
        organiser,
        platform,
        title="Maak de voetpaden van Kortvoort schoon en licht",
        body="Op de paden tussen de flats ligt afval, en na vijf uur zie je niet waar je loopt.",
        demands=["Zet de bakken terug.", "Maak de lampen binnen een week."],
        to=[organisation("demo_stadsdeel")],
        dossiers=asked,
    )
    part = lineage_of(draft, asked[0])
    found = {"draft": str(draft.ref), "asked": str(asked[0].ref), "part": str(part.id)}
    return found | {"consent": ticket(For.CONSENT, part.id)}


BODY = "Na vijf uur zie je niet waar je loopt of fietst. Wij vragen licht, het hele jaar door."


def open_petition(platform: Organisation, organiser: Person, title: str) -> Dossier:
    demands = ["Maak elke lamp binnen een week.", "Vertel ons wanneer er een lamp bij komt."]
    to = [organisation("demo_stadsdeel")]
    words = {"title": title[: petitions.TITLE], "body": BODY, "demands": demands, "to": to}
    made: Dossier = petitions.draft(organiser, platform, neighbourhood_code=K_BUURT, **words)
    petitions.publish(organiser, made)
    return made


def succession(platform: Organisation, organiser: Person) -> dict[str, str]:
    """A petition that goes on as another one, and a supporter who is asked along."""
    title = "Licht op elk fietspad in de K-buurt"
    old, new = (open_petition(platform, organiser, name) for name in (title, f"{title} en onder elk viaduct"))
    signed = [a_signature(old, name=f"Buur van nummer {number}") for number in range(12, 19)]
    petitions.succeed(organiser, old, successor=new)
    return {"old": str(old.ref), "new": str(new.ref), "move": ticket(For.MOVE, signed[0].id)}


def crowd(petition: Dossier, organiser: Person) -> dict[str, str]:
    """Two crowds, of which one is struck out; some that wait for a look; a stand."""
    moderator, evening = known("moderator@rotonde.example"), now() - timedelta(hours=20)
    many(petition, 9, name="Wegwerp", at=evening - timedelta(days=2), network=None, domain="mailinator.com")
    reason = "Negen wegwerpadressen binnen een uur. Op onze mail kwam geen antwoord."
    struck = {"conditions": Conditions(disposable=True), "expected": 9, "reason": reason}
    strike = dossiers.strike(moderator, petition, **struck)
    found = many(petition, 24, name="Proef", at=evening, network="f" * 16)
    for number in range(1, 6):
        trace = dossiers.Trace(network="a" * 16, held=Held.NETWORK)
        email = f"wacht{number}@kbuurt.example"
        dossiers.sign(NOBODY, petition, name=f"Buur van {number} hoog", email=email, trace=trace)
    stand = dossiers.open_stand(organiser, petition, place="Markt bij Kraaiennest", hours=4, most=100)
    over = dossiers.open_stand(organiser, petition, place="Buurthuis", hours=2, most=50)
    dossiers.close_stand(organiser, over)
    query = as_query(Conditions(network=found[0].id))
    return {
        "crowd": "&".join(f"{name}={value}" for name, value in query.items()),
        "strike": str(strike.id),
        "stand": ticket(For.STAND, stand.id),
        "over": ticket(For.STAND, over.id),
    }


LINES = [
    Typed("Buurvrouw met de groene jas", "12", "Kempering"),
    Typed("Buurman van de lift", "34", "Kempering"),
    Typed(mark=Mark.UNREADABLE),
    Typed("Oma van Kempering 40", "40", "Kempering"),
    Typed(mark=Mark.CROSSED),
    Typed("Student van drie hoog", "318", "Kempering"),
]


def paper(petition: Dossier, organiser: Person) -> dict[str, str]:
    """A sheet as it was printed, one being typed in, one to be compared with its photo; and an order."""
    platform = petition.organisation
    assert platform is not None
    colleague = a_person(Role.ORGANISER, of=platform, name="Collega van het platform")
    printed, typing, closed = (
        a_sheet(petition, organiser, building=building)
        for building in ("Kikkenstein", "Kruitberg", "Kempering")
    )
    entered(closed, colleague, *LINES)
    sheets.photograph(colleague, closed, photo=storage.put(photo_of_a_sheet(), "webp"))
    sheets.start(organiser, typing)
    for name, number in (("Buurman met de duiven", "7"), ("Tante van nummer 9", "9")):
        sheets.write(organiser, typing, typed=Typed(name, number, "Kruitberg"))
    flats = [("Kleiburg", "1"), ("Kleiburg", "2")]
    order = {"organisation": platform, "buildings": flats, "copies": 2, "rows": 20, "language": "nl"}
    job = printing.order(organiser, petition, **order)
    codes_of = {"printed": printed, "typing": typing, "closed": closed}
    return {name: sheet.code for name, sheet in codes_of.items()} | {"job": str(job.id)}


def photo_of_a_sheet() -> bytes:
    file = BytesIO()
    Image.open(SHEET).convert("RGB").save(file, "WEBP")
    return file.getvalue()


def helped(petition: Dossier, organiser: Person) -> dict[str, str]:
    """A neighbour is trusted to help, and signed for somebody, who has a code and asks to take it over."""
    platform = petition.organisation
    assert platform is not None
    term = {"starts_at": now() - timedelta(hours=1), "ends_at": now() + timedelta(days=20)}
    given = {"name": "Demobuur Kortvoort", "email": "buur@kbuurt.example", **term}
    mandate = assistance.give_mandate(organiser, platform, **given)
    over = {"name": "Buurvrouw van het buurthuis", "email": "buurthuis@kbuurt.example", **term}
    ended = assistance.give_mandate(organiser, platform, **over)
    assistance.withdraw_mandate(organiser, ended, reason="Ze is verhuisd.")
    code = codes.code_for(CODE)
    said = {"name": "Meneer van de begane grond", "language": "nl", "building": "Kempering"}
    kept = {"code": codes.digest(code), "version": CONSENT_VERSION}
    receipt = assistance.sign_for(mandate.person, mandate, dossier=petition, **kept, **said)
    email = "begane.grond@kbuurt.example"
    assistance.ask_take_over(receipt.person, receipt, email=email, locale="nl")
    asked = db.session.scalars(db.select(TakeOver)).one()
    return {"code": code, "take_over": ticket(For.TAKE_OVER, asked.id)}


def extremes(platform: Organisation, organiser: Person) -> dict[str, str]:
    """The longest title, with nobody, with one, and with nearly a million behind it."""
    assert len(LONG) == 300, len(LONG)
    told: dict[str, Any] = {"title": LONG, "body": BODY, "place_name": "Plein van Kraaiennest"}
    none, one = an_issue(**told), a_plan(**told)
    most = open_petition(platform, organiser, LONG)
    a_signature(one, name="Buurvrouw van de zesde", shown=True)
    with transaction():
        most.title, most.counted = LONG, 999_999
    return {"none": str(none.ref), "one": str(one.ref), "most": str(most.ref)}
