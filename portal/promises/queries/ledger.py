"""The ledger: what was put to an authority, how long answers took, and what was promised. It counts, no more.

Lines stand in the order of their days. Nothing is ranked, and no figure says who does better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import Organisation, OrganisationKind
from portal.accounts.queries import organisation, organisations
from portal.dossiers.models import LIFECYCLE, PUBLIC, Addressee, AddresseeState, Dossier
from portal.dossiers.queries import Page, lies_in
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.places.models import Neighbourhood
from portal.places.queries import neighbourhood, neighbourhoods
from portal.promises.models import Promise, PromiseState

LINES = 25
LETTERS = 50
WITH_AUTHORITY = LIFECYCLE.moves["answer"][0]
"""States in which an answer is still waited for."""
SPEAK = (OrganisationKind.AUTHORITY, OrganisationKind.COMMITTEE)


@dataclass(frozen=True)
class Scope:
    """Whose ledger it is: one authority's, or that of one neighbourhood."""

    name: str
    organisation: Organisation | None = None
    place: Neighbourhood | None = None

    def narrow(self, query: Any, model: Any) -> Any:
        """Of rows with an organisation and a dossier, those that are public and belong here."""
        query = query.join(model.dossier).where(PUBLIC)
        if self.organisation is not None:
            return query.where(model.organisation_id == self.organisation.id)
        return query.where(lies_in(self.place.code)) if self.place is not None else query


@dataclass(frozen=True)
class Line:
    """What an authority can reply to: that something was put to it, a promise of its own, a letter to it."""

    dossier: Dossier
    organisation: Organisation
    promise: Promise | None = None
    letter: Entry | None = None

    @property
    def organisation_id(self) -> int:
        return self.organisation.id


@dataclass(frozen=True)
class Numbers:
    """Counted today. Days are calendar days from handing over to the first real answer."""

    open: int
    silent: int
    """Of those, how many wait beyond their day."""
    answered: int
    after_day: int
    """Of those, how many were answered after their day."""
    median: float | None
    slowest: Addressee | None
    promises: dict[str, int]
    """State -> how many."""

    @property
    def slowest_days(self) -> int:
        found = self.slowest
        if found is None or found.answered_on is None or found.handed_over_on is None:
            return 0
        return max(0, (found.answered_on - found.handed_over_on).days)


def by_authority(key: str) -> Scope:
    found = organisation(key)
    if found.kind not in SPEAK:
        raise NotFound(key)
    return Scope(found.name, organisation=found)


def by_neighbourhood(code: str) -> Scope:
    found = neighbourhood(code)
    if found is None:
        raise NotFound(code)
    return Scope(found.name, place=found)


def named_authorities() -> list[Organisation]:
    """Everybody to whom something can be put, by name: also those about whom there is no line yet."""
    return organisations(*SPEAK)


def named_neighbourhoods(home: str) -> list[Neighbourhood]:
    """Those of the district in which the portal's own neighbourhood lies."""
    own = neighbourhood(home)
    return neighbourhoods(own.district) if own is not None else []


def numbers(scope: Scope) -> Numbers:
    waits = db.and_(Addressee.state == AddresseeState.WAITING, Dossier.state.in_(WITH_AUTHORITY))
    answered = Addressee.answered_on.is_not(None)
    late = db.and_(answered, Addressee.answered_on > Addressee.due_on)
    columns = [_many(c) for c in (waits, db.and_(waits, Addressee.due_on < today()), answered, late)]
    row = db.session.execute(scope.narrow(db.select(*columns).select_from(Addressee), Addressee)).one()
    spans = _spans(scope)
    promised = db.select(Promise.state, db.func.count(Promise.id)).group_by(Promise.state)
    states = {row[0]: row[1] for row in db.session.execute(scope.narrow(promised, Promise))}
    counted = [int(many or 0) for many in row]
    return Numbers(
        open=counted[0],
        silent=counted[1],
        answered=counted[2],
        after_day=counted[3],
        median=median([(days, many) for days, many, _first, _last in spans]),
        slowest=_slowest(scope, spans),
        promises={state: states.get(state, 0) for state in map(str, PromiseState)},
    )


def _many(condition: Any) -> Any:
    return db.func.sum(db.case((condition, 1), else_=0))


def _spans(scope: Scope) -> list[tuple[int, int, Any, Any]]:
    """Days, how many took so long, and between which two days: as few rows as there are pairs of days."""
    pair = Addressee.handed_over_on, Addressee.answered_on
    wanted = db.select(*pair, db.func.count(Addressee.id)).select_from(Addressee)
    wanted = wanted.where(Addressee.answered_on.is_not(None), Addressee.handed_over_on.is_not(None))
    rows = db.session.execute(scope.narrow(wanted, Addressee).group_by(*pair))
    return sorted((max(0, (last - first).days), many, first, last) for first, last, many in rows)


def median(spans: Sequence[tuple[int, int]]) -> float | None:
    """The middle one of so many days, of which each occurs so many times; sorted by days."""
    total = sum(many for _days, many in spans)
    if not total:
        return None
    middle = [_at(spans, place) for place in ((total - 1) // 2, total // 2)]
    return sum(middle) / 2


def _at(spans: Sequence[tuple[int, int]], place: int) -> int:
    for days, many in spans:
        place -= many
        if place < 0:
            return days
    raise IndexError(place)


def _slowest(scope: Scope, spans: Sequence[tuple[int, int, Any, Any]]) -> Addressee | None:
    if not spans:
        return None
    _days, _many, first, last = spans[-1]
    wanted = db.select(Addressee).filter_by(handed_over_on=first, answered_on=last)
    wanted = scope.narrow(wanted.options(contains_eager(Addressee.dossier)), Addressee)
    return db.session.scalars(wanted.order_by(Addressee.id).limit(1)).one_or_none()


def terms_in(scope: Scope, number: int) -> Page:
    """What was put to an authority, the newest first."""
    wanted = db.select(Addressee).where(Addressee.state != AddresseeState.NAMED)
    wanted = scope.narrow(wanted.options(contains_eager(Addressee.dossier)), Addressee)
    return _paged(wanted, Addressee.id, number, Addressee.handed_over_on.desc(), Addressee.id.desc())


def promises_in(scope: Scope, number: int) -> Page:
    """What was promised, the newest first."""
    wanted = db.select(Promise).join(Promise.entry)
    wanted = wanted.options(contains_eager(Promise.entry), contains_eager(Promise.dossier))
    return _paged(scope.narrow(wanted, Promise), Promise.id, number, Entry.on.desc(), Promise.id.desc())


def _paged(query: Any, key: Any, number: int, *order: Any) -> Page:
    ids = query.with_only_columns(key).subquery()
    total = db.session.scalar(db.select(db.func.count()).select_from(ids))
    page = Page([], max(1, number), total or 0, LINES)
    page.number = min(page.number, page.last)
    rows = query.order_by(*order).limit(LINES).offset((page.number - 1) * LINES)
    page.items = list(db.session.scalars(rows).unique())
    return page


def letters(scope: Scope) -> list[Entry]:
    """Letters and invitations that asked for an answer and got none, the oldest first."""
    answer = aliased(Entry)
    answered = db.exists().where(
        answer.dossier_id == Entry.dossier_id, answer.data["answers"].as_integer() == Entry.seq
    )
    wanted = db.select(Entry).join(Entry.dossier).options(contains_eager(Entry.dossier))
    wanted = wanted.where(Entry.verb == "told", Entry.data["awaits_answer"].as_boolean(), PUBLIC)
    wanted = wanted.where(Dossier.hidden_at.is_(None), Entry.audience_id.is_(None), ~answered)
    if scope.organisation is not None:
        wanted = wanted.where(Entry.data["to"]["key"].as_string() == scope.organisation.key)
    elif scope.place is not None:
        wanted = wanted.where(lies_in(scope.place.code))
    return list(db.session.scalars(wanted.order_by(Entry.on, Entry.id).limit(LETTERS)))


def replies_to(dossier_ids: Sequence[int]) -> dict[tuple[Any, ...], Entry]:
    """(dossier, organisation, number of the promise's entry) -> the last reply to that line.

    To a letter: (dossier, number of its entry).
    """
    wanted = db.select(Entry).where(Entry.dossier_id.in_(dossier_ids), Entry.verb == "put_right")
    rows = db.session.scalars(wanted.order_by(Entry.dossier_id, Entry.seq))
    return {_line_of(e): e for e in rows}


def _line_of(entry: Entry) -> tuple[Any, ...]:
    if "letter" in entry.data:
        return (entry.dossier_id, entry.data["letter"])
    return (entry.dossier_id, entry.organisation_id, entry.data.get("promise"))


def line(dossier: Dossier, key: str, promise_id: int | None, letter: int | None = None) -> Line:
    """The line that is about this authority and dossier, about this promise, or about this letter."""
    if letter is not None:
        sent = db.session.scalar(db.select(Entry).filter_by(dossier_id=dossier.id, seq=letter, verb="told"))
        if sent is None or not sent.data.get("awaits_answer") or sent.data.get("to", {}).get("key") != key:
            raise NotFound(f"letter {letter}")
        return Line(dossier, organisation(key), letter=sent)
    if promise_id is not None:
        wanted = db.select(Promise).filter_by(dossier_id=dossier.id, id=promise_id)
        found = db.session.scalars(wanted.options(joinedload(Promise.entry))).one_or_none()
        if found is None or found.organisation.key != key:
            raise NotFound(f"promise {promise_id}")
        return Line(dossier, found.organisation, found)
    asked = [a for a in dossier.addressees if a.state != AddresseeState.NAMED and a.organisation.key == key]
    if not asked:
        raise NotFound(key)
    return Line(dossier, asked[0].organisation)
