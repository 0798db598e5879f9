"""Which term holds, which clocks ran out, and what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Organisation, OrganisationKind
from portal.accounts.queries import organisation as find_organisation
from portal.dossiers.commands import counted
from portal.dossiers.models import (
    LIFECYCLE,
    PUBLIC,
    Addressee,
    AddresseeState,
    Category,
    Dossier,
    Kind,
    State,
)
from portal.dossiers.queries import categories, lies_in
from portal.dossiers.timeline import REPLIES, Entry
from portal.kernel.clock import today
from portal.kernel.db import db, find
from portal.kernel.errors import NotFound
from portal.kernel.policy import require
from portal.kernel.tickets import For, read
from portal.kernel.workdays import term
from portal.terms.models import OTHER, PETITION, AgreedTerm, Feed, Silence
from portal.terms.policy import Do

WITH_AUTHORITY = LIFECYCLE.moves["answer"][0]
"""States of a dossier in which an answer is awaited."""
OVER = frozenset({State.SOLVED, State.WITHDRAWN})
PAST = timedelta(days=90)
"""How long what is overdue stays in a calendar."""
MOST = 2000
"""Events in a calendar; those that are due first."""


def authority(key: str) -> Organisation:
    """The authority with this key, or NotFound."""
    found = find_organisation(key)
    if found.kind != OrganisationKind.AUTHORITY:
        raise NotFound(f"authority {key}")
    return found


# --- terms


def agreed_term(dossier: Dossier, organisation: Organisation) -> tuple[int, bool] | None:
    """What this authority set for itself for a dossier like this, the nearest first."""
    abouts = [PETITION] if dossier.kind == Kind.PETITION else [dossier.category_slug, OTHER]
    own = current_terms(organisation)
    found = next((own[about] for about in abouts if about is not None and about in own), None)
    return (found.days, found.calendar) if found is not None and found.days is not None else None


def current_terms(organisation: Organisation) -> dict[str, AgreedTerm]:
    """About -> the newest that this authority set, without those with which it went back."""
    rows = db.session.scalars(_set_by(organisation).order_by(AgreedTerm.id))
    newest = {row.about: row for row in rows}
    return {about: row for about, row in newest.items() if row.days is not None}


def history(organisation: Organisation, most: int = 50) -> list[AgreedTerm]:
    """All that was set, the newest first."""
    return list(db.session.scalars(_set_by(organisation).order_by(AgreedTerm.id.desc()).limit(most)))


def _set_by(organisation: Organisation) -> Any:
    return db.select(AgreedTerm).where(AgreedTerm.organisation_id == organisation.id)


def subjects() -> list[Category]:
    return categories()


# --- clocks that run, and those that ran out


@dataclass(frozen=True)
class Clock:
    """Of an authority that has the dossier, or of a letter that asks for an answer."""

    of: Addressee | Entry
    due_on: date
    term: dict[str, Any]
    """The sum that led to it."""
    told: bool = False
    """Whether the first silence is written down."""

    @property
    def addressee(self) -> Addressee | None:
        return self.of if isinstance(self.of, Addressee) else None

    @property
    def letter(self) -> Entry | None:
        return self.of if isinstance(self.of, Entry) else None

    @property
    def days(self) -> dict[int, date]:
        """1 -> the due date, 2 -> twice the term; of what was put off, a term after the later day."""
        days, calendar = self.term["days"], self.term["calendar"]
        twice = term(self.due_on, days, calendar=calendar).due
        if "extended" not in self.term:
            twice = term(date.fromisoformat(self.term["start"]), 2 * days, calendar=calendar).due
        return {1: self.due_on, 2: max(twice, self.due_on + timedelta(days=1))}

    def silences(self, until: date) -> list[tuple[int, date]]:
        """Those of its days that passed before this one and are not written down."""
        return [(n, on) for n, on in self.days.items() if on < until and not (n == 1 and self.told)]


def of_addressee(addressee: Addressee, told: bool = False) -> Clock | None:
    """None where nothing was handed over, or no sum was kept."""
    if addressee.due_on is None or "start" not in addressee.term:
        return None
    return Clock(addressee, addressee.due_on, addressee.term, told)


def of_letter(letter: Entry, told: bool = False) -> Clock:
    """Letters from before they had a due date get one by the rules of today."""
    if "due_on" in letter.data:
        return Clock(letter, date.fromisoformat(letter.data["due_on"]), letter.data["term"], told)
    due, known = counted(letter.dossier, None, letter.on, letter.precision)
    return Clock(letter, due, known, told)


def unanswered() -> Any:
    """The condition that a letter has no answer yet; that it was received, or a question, is none."""
    answer = aliased(Entry)
    real = db.func.coalesce(answer.data["kind"].as_string(), "").not_in(REPLIES)
    found = db.exists().where(
        answer.dossier_id == Entry.dossier_id, answer.data["answers"].as_integer() == Entry.seq, real
    )
    return db.and_(Entry.verb == "told", Entry.data["awaits_answer"].as_boolean(), ~found)


def letters(*conditions: Any) -> Any:
    """Letters that wait for an answer, of dossiers that everybody can see and that are not over."""
    wanted = db.select(Entry).join(Entry.dossier).options(contains_eager(Entry.dossier))
    return wanted.where(unanswered(), PUBLIC, Dossier.state.not_in(OVER), *conditions)


def waiting(*conditions: Any) -> Any:
    """Addressees whose clock runs."""
    wanted = db.select(Addressee).join(Addressee.dossier).options(contains_eager(Addressee.dossier))
    running = Addressee.state == AddresseeState.WAITING, Dossier.state.in_(WITH_AUTHORITY)
    return wanted.where(*running, *conditions)


def _written(times: int, *whose: Any) -> Any:
    return db.exists().where(Silence.times == times, *whose)


def late_clocks(*conditions: Any) -> list[Clock]:
    """Clocks past their day of which not both silences are written down; `conditions` on their dossiers."""
    own = Silence.addressee_id == Addressee.id, Silence.due_on == Addressee.due_on
    late = waiting(Addressee.due_on < today(), ~_written(2, *own), *conditions)
    found = [of_addressee(*row) for row in db.session.execute(late.add_columns(_written(1, *own)))]
    sent = letters(~_written(2, Silence.letter_id == Entry.id), *conditions)
    asked = sent.add_columns(_written(1, Silence.letter_id == Entry.id))
    found += [of_letter(*row) for row in db.session.execute(asked)]
    return [clock for clock in found if clock is not None and clock.silences(today())]


def silent_dossiers() -> list[int]:
    """Numbers of the dossiers about which something is to be written down."""
    return sorted({clock.of.dossier_id for clock in late_clocks()})


def told_of(addressee: Addressee) -> set[int]:
    """Which silences of the clock that runs, or ran, there are written down."""
    wanted = db.select(Silence.times).filter_by(addressee_id=addressee.id, due_on=addressee.due_on)
    return set(db.session.scalars(wanted))


def twice_silent(addressees: Iterable[Addressee]) -> set[int]:
    """Numbers of those that are silent since twice their term."""
    known = {addressee.id: addressee.due_on for addressee in addressees}
    wanted = db.select(Silence.addressee_id, Silence.due_on).where(Silence.times == 2)
    rows = db.session.execute(wanted.where(Silence.addressee_id.in_(known)))
    return {row[0] for row in rows if known[row[0]] == row[1]}


# --- calendars


def feed_of(organisation: Organisation) -> Feed | None:
    return db.session.scalar(db.select(Feed).filter_by(organisation_id=organisation.id))


def feed_by_ticket(given: str) -> Feed:
    """NotFound when a newer address replaced this one."""
    return find(Feed, read(For.CALENDAR, given))


def subscriber(actor: Any, key: str) -> Organisation:
    """The organisation with this key, of which the actor may have the calendar."""
    organisation = find_organisation(key)
    require(actor, Do.SUBSCRIBE, organisation)
    return organisation


def due_for(organisation: Organisation) -> list[Clock]:
    """What this authority has to answer, or what this platform waits for; the first due before the others."""
    mine = organisation.kind == OrganisationKind.AUTHORITY
    since = Addressee.due_on > today() - PAST
    whose = Addressee.organisation_id == organisation.id if mine else _near(organisation)
    rows = db.session.scalars(waiting(PUBLIC, whose, since).order_by(Addressee.due_on).limit(MOST))
    found = [of_addressee(addressee) for addressee in rows]
    to = Entry.data["to"]["key"].as_string() == organisation.key if mine else _near(organisation)
    asked = letters(to, Dossier.hidden_at.is_(None)).order_by(Entry.on.desc()).limit(MOST)
    found += [of_letter(letter) for letter in db.session.scalars(asked)]
    recent = [clock for clock in found if clock is not None and clock.due_on > today() - PAST]
    return sorted(recent, key=lambda clock: clock.due_on)[:MOST]


def _near(organisation: Organisation) -> Any:
    """Of this platform, or in its neighbourhood; a coalition's is everywhere."""
    if organisation.kind == OrganisationKind.COALITION:
        return db.true()
    code = organisation.neighbourhood_code
    own = Dossier.organisation_id == organisation.id
    return db.or_(own, lies_in(code)) if code else own
