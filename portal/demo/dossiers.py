"""The invented dossiers of the demonstration, told through the commands that neighbours and officials use."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.demo import signing
from portal.demo.happenings import Happening, moment
from portal.demo.people import LOCALE, Cast
from portal.dossiers import commands, pictures
from portal.dossiers.models import Attachment, Dossier, Kind, Signature, SignatureState, State
from portal.dossiers.timeline import Entry
from portal.issues import commands as issues
from portal.issues import pictures as photos
from portal.kernel import clock
from portal.kernel.clock import ZONE
from portal.kernel.db import db, one
from portal.kernel.policy import NOBODY, SYSTEM
from portal.petitions import commands as petitions
from portal.petitions.models import Consent, Lineage
from portal.settings import VERDICT_DAYS, VERDICT_LEAST, VERDICT_SHARE
from portal.terms.commands import extend
from portal.together import commands as together
from portal.together.models import Says
from portal.verdicts import commands as verdicts
from portal.verdicts.models import Ballot, Round

PHOTOS = Path(__file__).parent / "data" / "photos"
READS_MAIL = timedelta(minutes=1)
CONSENTS = {"join": Consent.JOINED, "apart": Consent.APART, "later": Consent.LATER}
HOURS = {
    "judge": (0.5, 0.5),
    "drop": (9.0, 1.0),
    "hide": (9.5, 1.0),
    "answer": (10.0, 5.5),
    "note": (10.0, 5.5),
    "extend": (10.0, 5.5),
    "consent": (12.0, 3.0),
    "gather": (16.0, 0.5),
    "hand_over": (16.5, 0.5),
    "update": (19.0, 2.0),
    "reopen": (20.0, 1.0),
    "solve": (21.5, 0.5),
    "withdraw": (21.5, 0.5),
    "together": (20.0, 1.0),
}
"""When in a day each is done: from this hour on, within so many hours. Officials answer in office hours."""
Telling = dict[str, Any]


def happenings(cast: Cast, told: Telling) -> Iterator[Happening]:
    """All that happens to one dossier."""
    opening = _draft if told["kind"] == Kind.PETITION else _report
    key = f"{told['key']}:opened"
    yield Happening(moment(told["opened"], 8, 1.5, key), key, partial(opening, cast, told))
    yield from signing.happenings(cast, told)
    for n, event in enumerate(told.get("events", []), 1):
        key = f"{told['key']}:{n}:{event['do']}"
        do = partial(DO[event["do"]], cast, told, event)
        yield Happening(moment(event["on"], *HOURS[event["do"]], key), key, do)


def picture(told: Telling) -> Attachment | None:
    return pictures.keep((PHOTOS / told["photo"]).read_bytes(), told["alt"]) if "photo" in told else None


def described(told: Telling) -> Telling:
    """What a dossier is about and where, in the names of its columns."""
    return {
        "category_slug": told.get("category"),
        "place_name": told["place"],
        "lat": told.get("lat"),
        "lon": told.get("lon"),
        "neighbourhood_code": told.get("area"),
        **held(told),
    }


def held(told: Telling) -> dict[str, datetime]:
    """When a plan is held, if it has a day: from and until, on a clock of the neighbourhood."""
    names = ("begins_at", "ends_at")
    days = [datetime.fromisoformat(day).replace(tzinfo=ZONE) for day in told.get("held", [])]
    return dict(zip(names, days, strict=False))


def _report(cast: Cast, told: Telling, once: str) -> None:
    by_neighbour = told["by"] in cast.neighbours
    dossier = (_by_neighbour if by_neighbour else _for_organisation)(cast, told, once)
    cast.opened[told["key"]] = dossier.id


def _for_organisation(cast: Cast, told: Telling, once: str) -> Dossier:
    actor, organisation = cast.who(told["by"]), cast.organisation(told["by"])
    words = {name: told[name] for name in ("kind", "title", "body")}
    given = {"once": once, "picture": picture(told), **words, **described(told)}
    made: Dossier = issues.report_for(actor, organisation, **given)
    return made


def _by_neighbour(cast: Cast, told: Telling, once: str) -> Dossier:
    """Written in steps as on the screen; who has no account yet confirms by the link in the mail."""
    given, person = cast.neighbours[told["by"]], cast.neighbour(told["by"])
    stays = told["state"] == State.UNCONFIRMED
    known = person is not None and person.confirmed_at is not None and not stays
    actor = person if known else NOBODY
    draft = _fill_in(actor, told, once)
    by_mail = {} if known else {"email": given["email"], "locale": LOCALE}
    dossier: Dossier = issues.report(actor, draft, once=once, name=given["name"], **by_mail)
    if not known and not stays:
        with clock.at(clock.now() + READS_MAIL):
            issues.confirm_report(dossier.opener, dossier, once=f"{once}:confirmed")
    return dossier


def _fill_in(actor: Any, told: Telling, once: str) -> Any:
    words = {name: told[name] for name in ("kind", "category", "title", "body", "lat", "lon")}
    where = {"place_name": told["place"], "neighbourhood": told["area"]}
    where |= {name: day.isoformat() for name, day in held(told).items()}
    drawn = picture(told)
    if drawn is not None:
        photos.add_photo(actor, None, once=f"{once}:photo", key=once, picture=drawn)
    return issues.save_draft(actor, None, once=f"{once}:draft", key=once, **words, **where)


def _draft(cast: Cast, told: Telling, once: str) -> None:
    asked = [key for name in ("parts", "apart", "waiting", "dropped") for key in told.get(name, [])]
    petition = petitions.draft(
        cast.who(told["by"]),
        cast.organisation(told["by"]),
        once=once,
        title=told["title"],
        body=told["body"],
        demands=told["demands"],
        to=[cast.organisation(key) for key in told["addressees"]],
        dossiers=[cast.dossier(key) for key in asked],
        **described(told),
    )
    cast.opened[told["key"]] = petition.id


def _gather(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    petitions.publish(cast.who(event["by"]), cast.dossier(told["key"]), once=once)


def _lineage(cast: Cast, told: Telling, event: Telling) -> Lineage:
    part = cast.opened[event["dossier"]]
    return one(Lineage, petition_id=cast.opened[told["key"]], dossier_id=part)


def _consent(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    lineage = _lineage(cast, told, event)
    dossier = lineage.dossier
    actor = cast.who(dossier.organisation.key) if dossier.organisation else dossier.opener
    petitions.consent(actor, lineage, once=once, answer=CONSENTS[event["answer"]])


def _drop(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    petitions.drop(cast.who(event["by"]), _lineage(cast, told, event), once=once)


def _hand_over(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    to = [cast.organisation(key) for key in event["to"]]
    commands.hand_over(cast.who(event["by"]), cast.dossier(told["key"]), once=once, to=to)


def _answer(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    answers.answer(
        cast.with_address(event["as"]),
        cast.dossier(told["key"]),
        once=once,
        organisation=cast.organisation(event["by"]),
        kind=event["kind"],
        level=event["level"],
        text=event["text"],
        **_facts(cast, event),
    )


def _facts(cast: Cast, event: Telling) -> Telling:
    facts = {name: event[name] for name in ("reason",) if name in event}
    if "promise_on" in event:
        facts["promise_on"] = date.fromisoformat(event["promise_on"])
    if "to" in event:
        facts["transfer_to"] = cast.organisation(event["to"])
    if "trial" in event:
        trial = event["trial"]
        facts |= {"trial_place": trial["place"], "trial_outcome": trial["outcome"] or ""}
        facts |= {f"trial_{name}": date.fromisoformat(trial[name]) for name in ("from", "until")}
    return facts


def _extend(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    official, where = cast.with_address(event["as"]), cast.organisation(event["by"])
    given = {"organisation": where, "until": date.fromisoformat(event["until"]), "reason": event["text"]}
    extend(official, cast.dossier(told["key"]), once=once, **given)


def _note(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    official, where = cast.with_address(event["as"]), cast.organisation(event["by"])
    answers.note(official, cast.dossier(told["key"]), once=once, text=event["text"], organisation=where)


def _update(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    commands.tell(cast.who(event["by"]), cast.dossier(told["key"]), once=once, text=event["text"])


def _solve(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    text = event.get("text", "")
    commands.solve(cast.who(event["by"]), cast.dossier(told["key"]), once=once, text=text)


def _reopen(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    commands.reopen(cast.who(event["by"]), cast.dossier(told["key"]), once=once, text=event["text"])


def _judge(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    """What supporters said in the days after the last answer "done"; the round is over on this day."""
    dossier = cast.dossier(told["key"])
    answered = db.select(Entry).filter_by(dossier_id=dossier.id, verb="answered").order_by(Entry.seq)
    done = [entry for entry in db.session.scalars(answered) if entry.data["kind"] == "done"][-1]
    if db.session.scalar(db.select(Round.id).filter_by(dossier_id=dossier.id, seq=done.seq)) is not None:
        return
    supporters = db.select(Signature).filter_by(dossier_id=dossier.id, state=SignatureState.CONFIRMED)
    signed = iter(db.session.scalars(supporters.order_by(Signature.id)).all())
    with clock.at(done.at):
        asked = verdicts.ask(done, days=VERDICT_DAYS, share=VERDICT_SHARE, least=VERDICT_LEAST)
        for says, number in event["says"].items():
            for signature in islice(signed, number):
                verdicts.vote(signature.person, Ballot(asked, signature), says=says)
    verdicts.close(SYSTEM, dossier, once=once)


def _withdraw(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    commands.withdraw(cast.who(event["by"]), cast.dossier(told["key"]), once=once, text=event["text"])


def _together(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    """Asked by hand, and all say yes: those who carry the other one already have a say, too."""
    own, other = cast.dossier(told["key"]), cast.dossier(event["with"])
    asked = together.propose(cast.who(event["by"]), own, once=once, other=other)
    for party in list(asked.parties):
        organisation = party.dossier.organisation
        actor = cast.who(organisation.key) if organisation else party.dossier.opener
        given = {"says": Says.YES, "version": asked.version, "once": f"{once}:{party.dossier.ref}"}
        together.answer(actor, party, **given)


def _hide(cast: Cast, told: Telling, event: Telling, once: str) -> None:
    moderator = next(m for m in cast.members if m["role"] == Role.MODERATOR)
    hides = cast.with_address(moderator["email"])
    commands.hide(hides, cast.dossier(told["key"]), once=once, reason=event["reason"])


DO: dict[str, Callable[[Cast, Telling, Telling, str], None]] = {
    "gather": _gather,
    "consent": _consent,
    "drop": _drop,
    "hand_over": _hand_over,
    "answer": _answer,
    "note": _note,
    "extend": _extend,
    "update": _update,
    "solve": _solve,
    "reopen": _reopen,
    "judge": _judge,
    "withdraw": _withdraw,
    "hide": _hide,
    "together": _together,
}
"""What an event of the data file is called there, and the command that does it."""
