"""What the demonstration lacks of the work of officials: a colleague, questions, rounds, promises, mails."""

from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.accounts.queries import organisation, person_with
from portal.answers import commands as answers
from portal.composer import commands as composer
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from portal.kernel import clock
from portal.kernel.clock import now, today
from portal.kernel.commands import transaction
from portal.kernel.db import db, one
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For, ticket
from portal.mailroom import commands as mailroom
from portal.mailroom.models import MailState, Why
from portal.petitions import commands as petitions
from portal.promises import commands as promises
from portal.promises.models import Promise, Trial, Voice
from portal.questions.models import Asked
from portal.staff import commands as staff
from portal.staff.rules import Rule
from portal.terms import commands as terms
from portal.verdicts import commands as verdicts
from portal.verdicts.models import Ballot, Round
from tests.factories import K_BUURT, a_signature

BODY = "Na vijf uur zie je niet waar je loopt. Wij vragen licht, het hele jaar door."
DONE = {"kind": "done", "level": "decision", "text": "De lampen branden weer. Kijk gerust na vijf uur."}


class Office:
    """The platform and its organiser, the district and its official, and what is put to it."""

    def __init__(self) -> None:
        self.platform, self.district = organisation("hvdk"), organisation("demo_stadsdeel")
        self.organiser, self.official = (
            known(f"{name}.example") for name in ("organisator@kbuurt", "ambtenaar@stadsdeel")
        )
        self.colleague = known("collega@stadsdeel.example")

    def put(self, title: str) -> Dossier:
        """A petition that was handed over to the district today."""
        demands = ["Maak elke lamp binnen een week."]
        words = {"title": title, "body": BODY, "demands": demands, "to": [self.district]}
        made: Dossier = petitions.draft(self.organiser, self.platform, neighbourhood_code=K_BUURT, **words)
        petitions.publish(self.organiser, made)
        dossiers.hand_over(self.organiser, made)
        return made

    def answer(self, dossier: Dossier, **said: Any) -> Any:
        return answers.answer(self.official, dossier, organisation=self.district, **said)


def known(email: str) -> Person:
    found = person_with(email)
    assert found is not None, email
    return found


def offices(longest: str) -> dict[str, str]:
    """All of it, and the words for the album. `longest`: a title that has to fit everywhere."""
    office = Office()
    words = solved(office) | question(office) | promised(office) | trial(office)
    words |= writing(office) | divided(office) | mails(office)
    words |= long(office, longest)
    mailed = {
        "digest": (For.DIGEST, "buur@kbuurt.example"),
        "news": (For.NEWS, "ambtenaar@stadsdeel.example"),
    }
    return words | {name: ticket(purpose, known(to).id) for name, (purpose, to) in mailed.items()}


def solved(office: Office) -> dict[str, str]:
    """Fifteen supporters are asked whether it is done, and nine have said something; a round that is over."""
    asked, over = (office.put(f"Zet de lampen {where} weer aan") for where in ("in de tunnel", "op de dijk"))
    signed = {
        dossier: [a_signature(dossier, name=f"Buur van nummer {n}") for n in range(1, 16)]
        for dossier in (asked, over)
    }
    mine = a_signature(asked, known("buur@kbuurt.example"))
    for dossier in (asked, over):
        office.answer(dossier, **DONE)
        said = ["solved"] * 3 + ["not_solved"] * 5 + ["cannot_tell"]
        for signature, says in zip(signed[dossier], said, strict=False):
            verdicts.vote(signature.person, Ballot(one(Round, dossier_id=dossier.id), signature), says=says)
    with clock.at(now() + timedelta(days=15)):
        verdicts.close(SYSTEM, over)
    links = {"vote": mine, "voted": signed[asked][0], "judged": signed[over][0]}
    found = {name: ticket(For.VERDICT, signature.id) for name, signature in links.items()}
    return found | {"asked_done": str(asked.ref), "not_done": str(over.ref)}


def question(office: Office) -> dict[str, str]:
    """An official asks the platform something."""
    dossier = office.put("Maak de trap naar de metro veilig")
    said = "Welke treden zijn los? En is het elke dag glad, of alleen als het regent?"
    office.answer(dossier, kind="question", level=None, text=said)
    asked = db.session.scalars(db.select(Asked).filter_by(person_id=office.organiser.id)).all()[-1]
    words = {"question": ticket(For.QUESTION, asked.id), "asked_back": str(dossier.ref)}
    return words | {"question_id": str(asked.question.id)}


def promised(office: Office) -> dict[str, str]:
    """A promise whose day is today; it was put off once, and one supporter was asked."""
    dossier = office.put("Vervang de kapotte banken op het plein")
    signed = [a_signature(dossier, name=f"Buur van nummer {n}") for n in (3, 5)]
    told = office.answer(
        dossier, kind="promise", level="decision", text="Er komen vijf nieuwe banken.", promise_on=today()
    )
    promise = one(Promise, entry_id=told.id)
    promises.look_after(SYSTEM, promise)
    asked, said = (one(Voice, promise_id=promise.id, signature_id=signature.id) for signature in signed)
    promises.say(signed[1].person, said, said="no")
    links = {"kept": ticket(For.KEPT, asked.id), "kept_said": ticket(For.KEPT, said.id)}
    return links | {"benches": str(dossier.ref), "promise": str(promise.id)}


def trial(office: Office) -> dict[str, str]:
    """A trial that goes on, with something that was seen."""
    dossier = office.put("Houd de auto's uit de Karspeldreef bij de school")
    spots = [{"name": name, "lat": None, "lon": None} for name in ("Bij de school", "Bij de oversteek")]
    days: dict[str, date] = {"from_on": today() - timedelta(days=20), "until_on": today() + timedelta(days=9)}
    held: Trial = promises.hold_trial(
        office.organiser,
        dossier,
        text="Twee weken staan er paaltjes, van acht tot negen.",
        places=spots,
        by=office.district,
        with_whom="de school en de ouders",
        cost="ongeveer 1.200 euro",
        **days,
    )
    promises.observe(office.organiser, held, text="Op maandag stonden er nog twee auto's, op vrijdag geen.")
    return {"school": str(dossier.ref), "trial": str(held.id)}


def writing(office: Office) -> dict[str, str]:
    """A draft of a colleague who has the dossier open too; a template; answers to several at once."""
    lift, first, second = (
        office.put(f"{what} op station Kraaiennest")
        for what in ("Een lift die werkt", "Een bankje", "Een klok die loopt")
    )
    text = "Wij hebben de monteur gebeld. Hij komt deze week kijken."
    office_form = {"kind": "promise", "level": "decision", "text": text}
    composer.save(office.colleague, lift, organisation=office.district, values=office_form, form="colleague")
    desk = next(a for a in lift.addressees if a.organisation_id == office.district.id)
    with clock.at(now() + timedelta(hours=2)):  # so that it holds until the picture is taken
        composer.be_here(office.colleague, desk)
    made = composer.write_template(
        office.official,
        office.district,
        name="Ontvangen, wij kijken ernaar",
        text="Dank voor {title}. Wij kijken ernaar.",
    )
    terms.extend(
        office.official,
        second,
        organisation=office.district,
        until=workday(second.addressees[0].due_on),
        reason="De klok is van de vervoerder: wij vragen het daar na.",
    )
    refs = {"lift": lift, "bench": first, "clock": second}
    return {name: str(dossier.ref) for name, dossier in refs.items()} | {"template": str(made.id)}


def workday(due_on: date | None) -> date:
    """The same day of the week, later: a holiday is none of those that follow."""
    assert due_on is not None
    return due_on + timedelta(days=14)


def divided(office: Office) -> dict[str, str]:
    """Two teams, filters that are kept, and rules that are not switched on yet."""
    light = staff.found_team(office.official, office.district, name="Verlichting en verkeer")
    green = staff.found_team(office.official, office.district, name="Groen")
    own = [p.memberships[0] for p in (office.official, office.colleague)]
    staff.change_team(office.official, light, name=light.name, members=own)
    staff.change_team(office.official, green, name=green.name, members=own[:1])
    for name, given in {
        "Te laat, verlichting": {"show": "late", "q": "lamp"},
        "Nieuw": {"show": "new"},
    }.items():
        staff.save_filter(office.official, office.district, name=name, given=given)
    rules = [
        Rule(words="lamp, lantaarn, verlichting", team=light.id),
        Rule(neighbourhood="K", words="boom, struik", team=green.id),
        Rule(words="metro, bus", authority="demo_vervoer"),
    ]
    staff.write_rules(office.official, office.district, rules=rules, fallback=own[1])
    return {"team": str(light.id)}


def mails(office: Office) -> dict[str, str]:
    """Mails that wait with different reasons, one that came back, one whose sender can say what it is."""
    dossier = office.put("Zet de bakken bij de bushalte terug")
    place = dossier.addressees[0]
    said = "Geachte mevrouw,\n\nDe bakken staan er volgende week weer.\n\nMet vriendelijke groet"
    for why, sender in (
        (Why.NOT_SURE, "ambtenaar@stadsdeel.example"),
        (Why.OTHER_DOMAIN, "iemand.met.een.lang.adres@een-heel-ander-adviesbureau.example"),
        (Why.NO_WORDS, "collega@stadsdeel.example"),
    ):
        text = "" if why == Why.NO_WORDS else said
        given = {"number": f"picture {why}", "why": why, "sender": sender, "text": text}
        waits = mailroom.receive(
            SYSTEM, dossier, addressee=place, state=MailState.WAITING, left_out=1, **given
        )
    state: Any
    for state in (MailState.RETURNED, MailState.PLACED):
        number = f"picture {state}"
        made = mailroom.receive(
            SYSTEM,
            dossier,
            addressee=place,
            number=number,
            state=state,
            text="De bakken staan er in week 49.",
        )
    return {"mail": ticket(For.ANSWER, made.id), "pen": str(waits.id)}


def long(office: Office, longest: str) -> dict[str, str]:
    """The longest title with nearly a million behind it: one that waits, and one with a promise as long."""
    waits, dossier = (office.put(longest[: petitions.TITLE]) for _ in range(2))
    signature = a_signature(dossier, name="Buurvrouw van de zesde")
    said = {"kind": "promise", "level": "decision", "text": longest, "promise_on": today()}
    promise = one(Promise, entry_id=office.answer(dossier, **said).id)
    promises.look_after(SYSTEM, promise)
    with transaction():
        for one_of_them in (waits, dossier):
            one_of_them.title, one_of_them.counted = longest, 999_999
    asked = one(Voice, promise_id=promise.id, signature_id=signature.id)
    return {"long": str(dossier.ref), "waits": str(waits.ref), "long_kept": ticket(For.KEPT, asked.id)}
