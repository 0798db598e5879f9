"""Who is asked whether it is solved, what they said, and what seems to have come back."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from portal.dossiers.models import Dossier, Kind, Signature, SignatureState, State
from portal.dossiers.timeline import Entry
from portal.kernel.clock import ZONE, today
from portal.kernel.db import db, find
from portal.kernel.tickets import For, read
from portal.petitions.models import Consent, Lineage
from portal.places import grid
from portal.similar.queries import alike
from portal.verdicts.models import ASKING, Ballot, Round, Verdict

CLOSE_BY = 25
"""Within so many metres a new report may be about what was done."""
SINCE = timedelta(days=180)
LIKELY = 0.15
"""How likely it has to be the same: it is told on both timelines."""


def _joined(dossier_id: int) -> Any:
    return db.select(Lineage.dossier_id).filter_by(petition_id=dossier_id, consent=Consent.JOINED)


def backing(dossier_id: int) -> Any:
    """The condition that a signature counts, under this dossier or under one that joined it."""
    here = db.or_(Signature.dossier_id == dossier_id, Signature.dossier_id.in_(_joined(dossier_id)))
    return db.and_(here, Signature.state == SignatureState.CONFIRMED)


def _newest(query: Any, dossier_id: int) -> Any:
    """The round about this dossier, or about a petition that it joined."""
    petitions = db.select(Lineage.petition_id).filter_by(dossier_id=dossier_id, consent=Consent.JOINED)
    about = db.or_(Round.dossier_id == dossier_id, Round.dossier_id.in_(petitions))
    return query.where(about).order_by(Round.id.desc()).limit(1)


def open_round(dossier_id: int) -> Round | None:
    """The round about this dossier that is not closed; held until the end of the transaction."""
    wanted = db.select(Round).filter_by(dossier_id=dossier_id, closed_at=None).with_for_update()
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def ballot(person: Any, dossier: Dossier) -> Ballot:
    """What this person can say about this dossier, and said; nothing in it where nobody is asked."""
    return _of(person, dossier.id) if _may_have_one(dossier) else Ballot()


def _may_have_one(dossier: Dossier) -> bool:
    """Whether to look for a round: no page of a dossier that was never called done does."""
    if dossier.state in ASKING:
        return True
    contested = not dossier.addressees or any(a.term.get("contested") for a in dossier.addressees)
    return dossier.state == State.HANDED_OVER and contested


def _of(person: Any, dossier_id: int) -> Ballot:
    """The newest round, and as long as it is open what this person can say in it."""
    number = getattr(person, "id", None)
    own = db.select(Verdict.says).where(Verdict.round_id == Round.id, Verdict.person_id == number)
    said = db.select(db.func.count(Verdict.id)).where(Verdict.round_id == Round.id)
    wanted = db.select(Round, own.scalar_subquery(), said.scalar_subquery())
    row = db.session.execute(_newest(wanted, dossier_id)).first()
    if row is None:
        return Ballot()
    asked, says, number_said = row
    return Ballot(asked, _signature(number, asked) if asked.open else None, says, number_said)


def _signature(person_id: int | None, asked: Round) -> Signature | None:
    """By which somebody is asked: the one under the dossier itself before one under what joined it."""
    if person_id is None:
        return None
    own = db.select(Signature).where(Signature.person_id == person_id, backing(asked.dossier_id))
    order = (Signature.dossier_id != asked.dossier_id, Signature.id)
    return db.session.scalar(own.order_by(*order).limit(1))


def by_ticket(ticket: str) -> Ballot:
    """Whom a link in a mail asks, and about which round: the newest one."""
    signature = find(Signature, read(For.VERDICT, ticket))
    found = _of(signature.person, signature.dossier_id)
    return replace(found, signature=found.signature or signature)


def asked_with(entry: Entry) -> Round | None:
    """The round that this answer began, as long as one can say something in it."""
    wanted = db.select(Round).filter_by(dossier_id=entry.dossier_id, seq=entry.seq)
    found = db.session.scalar(wanted)
    return found if found is not None and found.open else None


def began_today(dossier_id: int) -> bool:
    """Whether a mail of today asks the supporters whether it is solved."""
    wanted = db.select(Round.opened_at).filter_by(dossier_id=dossier_id, closed_at=None)
    return any(moment.astimezone(ZONE).date() == today() for moment in db.session.scalars(wanted))


def tally(asked: Round) -> Counter[str]:
    """How many say what: those whose signature counts today, each once."""
    people = db.select(Signature.person_id).where(backing(asked.dossier_id))
    rows = db.select(Verdict.says, db.func.count(Verdict.id)).where(Verdict.round_id == asked.id)
    rows = rows.where(Verdict.person_id.in_(people)).group_by(Verdict.says)
    return Counter({row[0]: row[1] for row in db.session.execute(rows)})


def people_asked(asked: Round) -> int:
    number = db.select(db.func.count(Signature.person_id.distinct())).where(backing(asked.dossier_id))
    return db.session.scalar(number) or 0


def who_said_done(asked: Round) -> set[int]:
    """Numbers of the authorities that said so since the round began: one may follow another."""
    wanted = db.select(Entry).filter_by(dossier_id=asked.dossier_id, verb="answered")
    said = db.session.scalars(wanted.where(Entry.seq >= asked.seq))
    return {e.organisation_id for e in said if e.data.get("kind") == "done" and e.organisation_id}


def over() -> list[int]:
    """Numbers of the dossiers whose round is over and not closed, the longest first."""
    due = db.select(Round.dossier_id).where(Round.closed_at.is_(None), Round.ends_on < today())
    return list(db.session.scalars(due.order_by(Round.ends_on, Round.id)))


def rounds_of(signature: Signature) -> list[int]:
    """Numbers of the rounds, not closed, in which this signature gives somebody a say."""
    petitions = db.select(Lineage.petition_id).filter_by(
        dossier_id=signature.dossier_id, consent=Consent.JOINED
    )
    about = db.or_(Round.dossier_id == signature.dossier_id, Round.dossier_id.in_(petitions))
    return list(db.session.scalars(db.select(Round.id).where(about, Round.closed_at.is_(None))))


@dataclass(frozen=True)
class Earlier:
    """A dossier that was done or solved, and that a new report seems to be about."""

    dossier: Dossier
    metres: int
    days: int


def came_back(new: Dossier) -> Earlier | None:
    """The likeliest dossier that was done or solved lately, close by, in alike words."""
    if new.kind != Kind.ISSUE or new.lat is None or new.lon is None or new.hidden_at is not None:
        return None
    around = grid.within(CLOSE_BY, (new.lat, new.lon)).covers(Dossier.lat, Dossier.lon)
    lying = db.and_(around, Dossier.state.in_(ASKING))
    for old in alike(new, lying):
        near = old.metres is not None and old.metres <= CLOSE_BY
        same = old.likely >= LIKELY and old.says_the_same  # a subject alone does not tell that
        if near and same and 0 <= (days := _days(old.dossier)) <= SINCE.days:
            return Earlier(old.dossier, round(old.metres or 0), days)
    return None


def _days(dossier: Dossier) -> int:
    """Days since it was last said to be done or solved; -1 when that is not known."""
    wanted = db.select(Entry.on, Entry.verb, Entry.data).where(Entry.dossier_id == dossier.id)
    wanted = wanted.where(Entry.verb.in_(["answered", "solved", "judged"])).order_by(Entry.seq)
    done: list[date] = [
        on
        for on, verb, data in db.session.execute(wanted)
        if verb == "solved" or data.get("kind") == "done" or data.get("outcome") == "solved"
    ]
    return (today() - done[-1]).days if done else -1
