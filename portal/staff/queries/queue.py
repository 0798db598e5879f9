"""What lies on an authority's desk: parts of its queue, narrowed, in an order, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import contains_eager

from portal.accounts.models import Organisation, Role
from portal.answers.policy import ASKED
from portal.dossiers.models import Addressee, Category, Dossier
from portal.dossiers.queries import Filter, Page, supporters_of
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.policy import require
from portal.places.queries import area
from portal.similar.models import SEEN
from portal.similar.queries import fitting
from portal.staff.models import Case, Part, SavedFilter
from portal.staff.policy import Do
from portal.staff.queries.people import Staff, saved, staff_of

PAGE = 20
FARTHEST = 100_000
"""No queue has more pages; a larger number in an address would not fit into a query."""
BOUND = 1000
"""Beyond this nothing is counted: "more than 1000" says enough, and costs the same for a hundred thousand."""
SOON = timedelta(days=7)
Order = list[tuple[Any, bool]]


class Show(StrEnum):
    """Which part of the queue."""

    WAITING = "waiting"
    LATE = "late"
    DUE = "due"
    NEW = "new"
    OTHERS = "others"
    MINE = "mine"
    ANSWERED = "answered"
    ALL = "all"


class Sort(StrEnum):
    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see of the queue."""

    show: Show = Show.WAITING
    given: Filter = field(default_factory=Filter)
    whose: str = ""
    """`nobody`, `team-3` or `person-12`; empty: anybody's."""
    sort: Sort = Sort.DUE

    @property
    def narrowed(self) -> bool:
        return self.given != Filter() or bool(self.whose)


@dataclass
class Queue:
    """One page of it, with how many there are of each part."""

    organisation: Organisation
    wish: Wish
    page: Page
    counts: dict[str, int]
    """Part of the queue -> number of dossiers, BOUND + 1 standing for more. Empty beside a dossier."""
    staff: Staff
    found: int = 0
    """How many the filter finds, bounded like the counts."""
    saved: list[SavedFilter] = field(default_factory=list)

    @property
    def show(self) -> Show:
        return self.wish.show


def own_authorities(actor: Any) -> list[Organisation]:
    """For whom the actor works today; NotAllowed for somebody who is no official."""
    own: list[Organisation] = actor.organisations(Role.OFFICIAL) if actor.is_authenticated else []
    if not own:
        raise NotAllowed(str(Do.SEE_QUEUE))
    return sorted(own, key=lambda o: o.name)


def queue(actor: Any, organisation: Organisation, wish: Wish = Wish(), number: int = 1) -> Queue:
    """One page of what was put to this authority. A page beyond the last one is the last one."""
    require(actor, Do.SEE_QUEUE, organisation)
    staff = staff_of(organisation)
    chosen = _chosen(actor, staff, wish)
    number = min(max(1, number), FARTHEST)
    counts = _counts(actor, staff, chosen if wish.narrowed else None)
    found = counts.pop("found", counts[wish.show])
    rows = _rows(chosen, wish, number)
    if not rows and number > 1:
        number = max(1, -(-_exactly(chosen) // PAGE))
        rows = _rows(chosen, wish, number)
    made = Queue(organisation, wish, _page(rows, number), counts, staff, found, saved(actor, organisation))
    made.page.supporters = supporters_of(case.dossier_id for case in made.page.items)
    return made


def counted(actor: Any, organisation: Organisation, wish: Wish) -> Queue:
    """Only how many there are of each part of the queue now."""
    require(actor, Do.SEE_QUEUE, organisation)
    staff = staff_of(organisation)
    return Queue(organisation, wish, _page([], 1), _counts(actor, staff, None), staff)


def beside(actor: Any, organisation: Organisation, wish: Wish, number: int, dossier: Dossier) -> Queue:
    """The same page as a short list beside a dossier: nothing is counted, but also who supports that one."""
    require(actor, Do.SEE_QUEUE, organisation)
    number, staff = min(max(1, number), FARTHEST), staff_of(organisation)
    page = _page(_rows(_chosen(actor, staff, wish), wish, number), number)
    page.supporters = supporters_of([dossier.id, *(case.dossier_id for case in page.items)])
    return Queue(organisation, wish, page, {}, staff)


def _page(rows: list[Case], number: int) -> Page:
    """`rows` is one more than fits, if there are more."""
    return Page(rows[:PAGE], number, (number - 1) * PAGE + len(rows), PAGE)


def following(actor: Any, organisation: Organisation, wish: Wish, dossier: Dossier) -> str | None:
    """The reference of what comes after this dossier in the queue as somebody sees it; at its end the first.

    It need not stand there itself any more: it may have been answered a moment ago.
    """
    require(actor, Do.SEE_QUEUE, organisation)
    chosen, here = _chosen(actor, staff_of(organisation), wish), case_of(dossier, organisation)
    others = [part.where(Case.dossier_id != dossier.id) for part in chosen]
    behind = [part.where(_behind(here, _order(wish))) for part in others]
    for parts in (behind, others):
        ids = _cut(parts, wish, 1, 0)
        found = db.select(Dossier.ref).join(Case, Case.dossier_id == Dossier.id)
        ref = db.session.scalar(found.where(Case.addressee_id.in_(db.select(ids.c.addressee_id))))
        if ref is not None:
            return ref
    return None


def _behind(here: Case, order: Order) -> Any:
    """The condition that a case stands behind this one; where a day is missing, only the number decides."""
    found: Any = db.false()
    for column, last_first in reversed(order):
        mine = getattr(here, column.key)
        if mine is not None:
            beyond = column < mine if last_first else column > mine
            found = db.or_(beyond, db.and_(column == mine, found))
    return found


def _cut(chosen: Sequence[Any], wish: Wish, most: int, first: int) -> Any:
    """So many numbers in order. Of each part no more is read than could be among them."""
    order = _order(wish)
    parts = [
        part.add_columns(*(column for column, _ in order)).order_by(*_in_order(order)).limit(most + first)
        for part in chosen
    ]
    if len(parts) == 1:
        return parts[0].offset(first).limit(most).subquery()
    together = db.union_all(*(db.select(part.subquery()) for part in parts)).subquery()
    again = [(together.c[column.key], last_first) for column, last_first in order]
    return db.select(together).order_by(*_in_order(again)).limit(most).offset(first).subquery()


def _rows(chosen: Sequence[Any], wish: Wish, number: int) -> list[Case]:
    """A page, and one more to know whether there is another: found in the index, then read."""
    ids = _cut(chosen, wish, PAGE + 1, (number - 1) * PAGE)
    wanted = (
        db.select(Case)
        .join(Case.addressee)
        .join(Case.dossier)
        .where(Case.addressee_id.in_(db.select(ids.c.addressee_id)))
        .options(contains_eager(Case.addressee).contains_eager(Addressee.dossier))
        .options(contains_eager(Case.dossier))
    )
    return list(db.session.scalars(wanted.order_by(*_in_order(_order(wish)))))


def _exactly(chosen: Sequence[Any]) -> int:
    """How many there are, however many."""
    return sum(
        db.session.scalar(db.select(db.func.count()).select_from(part.subquery())) or 0 for part in chosen
    )


def _chosen(actor: Any, staff: Staff, wish: Wish) -> list[Any]:
    """The numbers of the cases that are wanted, to be ordered: in parts, none of which has one of another.

    What is a stretch of an index on its own is a part on its own. With an "or" between, the whole queue would
    be looked through for the few that fit.
    """
    wanted = db.select(Case.addressee_id).where(Case.organisation_id == staff.organisation.id)
    if wish.given.reference:
        return [wanted.join(Case.dossier).where(Dossier.ref == wish.given.reference)]
    wanted = wanted.where(*_part(wish.show), *_narrowed(wish.given))
    mine = _mine(actor, staff) if wish.show == Show.MINE else [db.true()]
    return [wanted.where(own, theirs) for own in mine for theirs in _whose(wish.whose, staff)]


def _mine(actor: Any, staff: Staff) -> list[Any]:
    """The actor's own, and what their teams have that is no colleague's."""
    own, shared = staff.own(actor), staff.own_teams(actor)
    of_teams = db.and_(Case.membership_id.is_(None), Case.team_id.in_(shared))
    return [Case.membership_id.in_(own), *([of_teams] if shared else [])]


def _part(show: Show) -> list[Any]:
    waits, day = Case.part == Part.OPEN, today()
    parts = {
        Show.WAITING: [waits],
        Show.LATE: [waits, Case.due_on < day],
        Show.DUE: [waits, Case.due_on >= day, Case.due_on < day + SOON],
        Show.NEW: [waits, ~Case.touched],
        Show.OTHERS: [waits, Case.asked_on.is_not(None)],
        Show.MINE: [waits],
        Show.ANSWERED: [Case.part == Part.SAID],
    }
    return parts.get(show, [])


def _narrowed(given: Filter) -> list[Any]:
    found: list[Any] = [Case.kind == given.kind] if given.kind else []
    if given.category:
        either = db.or_(Category.slug == given.category, Category.main == given.category)
        found.append(Case.category_slug.in_(db.select(Category.slug).where(either)))
    if given.neighbourhood:
        known = area(given.neighbourhood)
        parts = [*(known.covers if known else ()), given.neighbourhood]
        within = (Case.neighbourhood_code.startswith(part, autoescape=True) for part in parts)
        found.append(db.or_(*within))
    if given.words:
        seen = db.select(Dossier.id).where(Dossier.id == Case.dossier_id, SEEN).exists()
        found += [fitting(Case.dossier_id, given.words), seen]
    return found


def _whose(whose: str, staff: Staff) -> list[Any]:
    """Whose they are today: of somebody who left, or of a team that was closed, they are nobody's.

    Nobody's are few where an authority divides its work well: each of its parts is a stretch of the index.
    """
    kind, _, number = whose.partition("-")
    wanted = int(number) if number.isdigit() and len(number) < 10 else 0
    if kind == "person":
        return [Case.membership_id == wanted]
    if kind == "team":
        return [Case.team_id == wanted]
    if kind != "nobody":
        return [db.true()]
    people = [Case.membership_id.is_(None), *_among(Case.membership_id, staff.gone)]
    groups = [Case.team_id.is_(None), *_among(Case.team_id, staff.closed)]
    return [db.and_(person, team) for person in people for team in groups]


def _among(column: Any, numbers: Sequence[int]) -> list[Any]:
    return [column.in_(numbers)] if numbers else []


def _order(wish: Wish) -> Order:
    """Columns, each with whether the last one comes first."""
    if wish.show == Show.ANSWERED and wish.sort == Sort.DUE:
        return [(Case.answered_on, True), (Case.dossier_id, True)]
    by: dict[Sort, Order] = {
        Sort.NEWEST: [(Case.handed_over_on, True), (Case.dossier_id, True)],
        Sort.OLDEST: [(Case.handed_over_on, False), (Case.dossier_id, False)],
        Sort.DUE: [(Case.due_on, False), (Case.dossier_id, False)],
    }
    return [(Case.part, False), *by[wish.sort]] if wish.show == Show.ALL else by[wish.sort]


def _in_order(order: Order) -> list[Any]:
    return [column.desc() if last_first else column for column, last_first in order]


def _bounded(parts: Sequence[Any]) -> Any:
    """How many, counted so far and no further."""
    each = [db.select(part.limit(BOUND + 1).subquery()) for part in parts]
    some = (db.union_all(*each) if len(each) > 1 else each[0]).limit(BOUND + 1).subquery()
    return db.select(db.func.count()).select_from(some).scalar_subquery()


def _counts(actor: Any, staff: Staff, chosen: Sequence[Any] | None) -> dict[str, int]:
    """All in one query, none of them further than BOUND: it costs the same however long the queue is."""
    wanted = {str(show): _chosen(actor, staff, Wish(show)) for show in Show}
    if chosen is not None:
        wanted["found"] = list(chosen)
    numbers = [_bounded(parts).label(name) for name, parts in wanted.items()]
    return dict(db.session.execute(db.select(*numbers)).one()._mapping)


def case_of(dossier: Dossier, organisation: Organisation) -> Case:
    wanted = db.select(Case).filter_by(dossier_id=dossier.id, organisation_id=organisation.id)
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"{dossier.ref} at {organisation.key}")
    return found


def case(actor: Any, dossier: Dossier, organisation: Organisation) -> Addressee:
    """The dossier as it lies on this desk."""
    require(actor, Do.SEE_CASE, dossier)
    require(actor, Do.SEE_QUEUE, organisation)
    own = next((a for a in dossier.addressees if a.organisation_id == organisation.id), None)
    if own is None or own.state not in ASKED:
        raise NotAllowed(str(Do.SEE_CASE))
    return own
