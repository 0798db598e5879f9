"""What lies on an authority's desk, by the day on which an answer is due."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import contains_eager

from portal.accounts.models import Organisation, Role
from portal.answers.policy import ASKED
from portal.answers.queries import WITH_AUTHORITY
from portal.dossiers.models import Addressee, AddresseeState, Dossier
from portal.dossiers.queries import Page, supporters_of
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import require
from portal.staff.policy import Do

PAGE = 20
FARTHEST = 100_000
"""No queue has more pages; a larger number in an address would not fit into a query."""


class Show(StrEnum):
    """Which part of the queue."""

    WAITING = "waiting"
    ANSWERED = "answered"
    ALL = "all"


@dataclass
class Queue:
    """One page of it, with how many there are of each part."""

    organisation: Organisation
    show: Show
    page: Page
    counts: dict[str, int]
    """Part of the queue -> number of dossiers; and `late`, how many of those that wait are overdue.
    Empty beside a dossier."""
    untouched: set[int] = field(default_factory=set)
    """Numbers of the dossiers on this page to which the authority has not reacted yet."""


def own_authorities(actor: Any) -> list[Organisation]:
    """For whom the actor works today; NotAllowed for somebody who is no official."""
    own: list[Organisation] = actor.organisations(Role.OFFICIAL) if actor.is_authenticated else []
    if not own:
        raise NotAllowed(str(Do.SEE_QUEUE))
    return sorted(own, key=lambda o: o.name)


def queue(actor: Any, organisation: Organisation, show: Show, number: int = 1) -> Queue:
    """One page of what was put to this authority. A page beyond the last one is the last one."""
    require(actor, Do.SEE_QUEUE, organisation)
    counts = _counts(organisation)
    page = Page([], max(1, number), counts[show], PAGE)
    page.number = min(page.number, page.last)
    page.items = _rows(organisation, show, page.number)[:PAGE]
    ids = [a.dossier_id for a in page.items]
    page.supporters = supporters_of(ids)
    return Queue(organisation, show, page, counts, _untouched(organisation, ids))


def beside(actor: Any, organisation: Organisation, show: Show, number: int, dossier: Dossier) -> Queue:
    """The same page as a short list beside a dossier: nothing is counted, but also who supports that one."""
    require(actor, Do.SEE_QUEUE, organisation)
    number = min(max(1, number), FARTHEST)
    found = _rows(organisation, show, number)
    page = Page(found[:PAGE], number, (number - 1) * PAGE + len(found), PAGE)
    page.supporters = supporters_of([dossier.id, *(a.dossier_id for a in page.items)])
    return Queue(organisation, show, page, {})


def _rows(organisation: Organisation, show: Show, number: int) -> list[Addressee]:
    """A page, and one more to know whether there is another."""
    wanted = _put_to(organisation).where(*_part(show)).order_by(*_order(show))
    rows = wanted.options(contains_eager(Addressee.dossier)).limit(PAGE + 1).offset((number - 1) * PAGE)
    return list(db.session.scalars(rows))


def _put_to(organisation: Organisation) -> Any:
    wanted = db.select(Addressee).join(Addressee.dossier)
    return wanted.where(Addressee.organisation_id == organisation.id, Addressee.state.in_(ASKED))


def _waits() -> Any:
    """An answer is awaited, and still wanted: the dossier was not solved or withdrawn meanwhile."""
    return db.and_(Addressee.state == AddresseeState.WAITING, Dossier.state.in_(WITH_AUTHORITY))


def _part(show: Show) -> list[Any]:
    parts = {Show.WAITING: [_waits()], Show.ANSWERED: [Addressee.state != AddresseeState.WAITING]}
    return parts.get(show, [])


def _order(show: Show) -> list[Any]:
    if show == Show.WAITING:
        return [Addressee.due_on, Addressee.dossier_id]
    if show == Show.ANSWERED:
        return [Addressee.answered_on.desc(), Addressee.dossier_id.desc()]
    return [db.case((_waits(), 0), else_=1), Addressee.due_on, Addressee.dossier_id]


def _counts(organisation: Organisation) -> dict[str, int]:
    late = db.and_(_waits(), Addressee.due_on < today())
    numbers = [
        db.func.count(db.case((condition, 1))) for condition in (_waits(), late, *_part(Show.ANSWERED))
    ]
    counted = _put_to(organisation).with_only_columns(db.func.count(), *numbers)
    every, waiting, overdue, answered = db.session.execute(counted).one()
    return {Show.ALL: every, Show.WAITING: waiting, "late": overdue, Show.ANSWERED: answered}


def _untouched(organisation: Organisation, dossier_ids: list[int]) -> set[int]:
    reacted = db.select(Entry.dossier_id).where(
        Entry.dossier_id.in_(dossier_ids),
        Entry.organisation_id == organisation.id,
        Entry.verb.in_(["answered", "noted"]),
    )
    return set(dossier_ids) - set(db.session.scalars(reacted.distinct()))


def case(actor: Any, dossier: Dossier, organisation: Organisation) -> Addressee:
    """The dossier as it lies on this desk."""
    require(actor, Do.SEE_CASE, dossier)
    require(actor, Do.SEE_QUEUE, organisation)
    own = next((a for a in dossier.addressees if a.organisation_id == organisation.id), None)
    if own is None or own.state not in ASKED:
        raise NotAllowed(str(Do.SEE_CASE))
    return own
