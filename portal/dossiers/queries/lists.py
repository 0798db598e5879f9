"""Lists of dossiers, one of them with all that belongs to it, and who supports it."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Organisation, Role
from portal.dossiers.models import (
    COUNTED,
    NOT_ONLINE,
    PERSONAL,
    PUBLIC,
    SUPPORTERS,
    TOLD,
    Attachment,
    Category,
    Dossier,
    Signature,
    SignatureState,
    Stand,
    Way,
)
from portal.dossiers.policy import Do
from portal.dossiers.timeline import QUIET, Entry
from portal.kernel.db import UTCDateTime, db, find
from portal.kernel.errors import NotFound
from portal.kernel.policy import NOBODY, allowed, require
from portal.kernel.tickets import For, read
from portal.places.queries import inside

PAGE = 20
SAYS: list[Callable[[str], Any]] = []
"""That a dossier says certain words is a condition of the index, which stands above us and puts it here."""
SHOWN = 30
"""How many supporters a page shows."""


@dataclass
class Filter:
    """What a list is narrowed to; empty means everything."""

    kind: str = ""
    state: str = ""
    category: str = ""
    """A category or a main category."""
    neighbourhood: str = ""
    words: str = ""

    @property
    def reference(self) -> str:
        """The one dossier that the words name, whatever else is asked for."""
        named = self.words.strip().upper()
        return named if named.startswith("K-") and named[2:].isdigit() else ""


@dataclass
class Page:
    """One page of a list."""

    items: Sequence[Any]
    number: int
    total: int
    size: int = PAGE
    supporters: dict[int, int] = field(default_factory=dict)
    """Dossier id -> number of supporters."""

    @property
    def last(self) -> int:
        return max(1, math.ceil(self.total / self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last


def dossier(actor: Any, ref: str) -> Dossier:
    """The dossier with this reference, in either case, if the actor may read it."""
    wanted = db.select(Dossier).filter_by(ref=ref.upper())
    whole = wanted.options(
        joinedload(Dossier.category),
        joinedload(Dossier.neighbourhood),
        joinedload(Dossier.organisation),
        joinedload(Dossier.breadth),
        joinedload(Dossier.addressees),
        selectinload(Dossier.attachments),
    )
    found = db.session.scalars(whole).unique().one_or_none()
    if found is None:
        raise NotFound(ref)
    require(actor, Do.READ, found)
    return found


def shared(ref: str) -> Dossier:
    """The dossier with this reference, if everybody may see its words; else there is none."""
    found = db.session.scalars(db.select(Dossier).filter_by(ref=ref.upper())).one_or_none()
    if found is None or not allowed(NOBODY, Do.SHARE, found):
        raise NotFound(ref)
    return found


def public() -> Any:
    return db.select(Dossier).where(PUBLIC)


def lies_in(code: str) -> Any:
    """The condition that a dossier lies in the neighbourhood with this code."""
    return Dossier.neighbourhood_code.in_(inside(code))


def narrowed(query: Any, given: Filter) -> Any:
    """The query with what the filter asks for."""
    if given.kind:
        query = query.where(Dossier.kind == given.kind)
    if given.state:
        query = query.where(Dossier.state == given.state)
    if given.neighbourhood:
        query = query.where(lies_in(given.neighbourhood))
    if given.category:
        within = db.select(Category.slug).where(
            db.or_(Category.slug == given.category, Category.main == given.category)
        )
        query = query.where(Dossier.category_slug.in_(within))
    return query.where(*(says(given.words) for says in SAYS)) if given.words else query


LISTED = (
    *(
        Dossier.id,
        Dossier.ref,
        Dossier.kind,
        Dossier.state,
        Dossier.title,
        Dossier.language,
        Dossier.place_name,
    ),
    *(Dossier.category_slug, Dossier.opened_at, Dossier.hidden_at, Dossier.hidden_reason),
    *(Dossier.hidden_language, Dossier.contested, Dossier.buildings_reached, Dossier.buildings_there),
    db.func.substr(Dossier.body, 1, 600).label("body"),
    SUPPORTERS.label("supporters"),
)
"""What a card shows, and no more: objects and whole texts are most of what a list costs."""
NEWEST = Dossier.opened_at.desc(), Dossier.id.desc()


@dataclass(frozen=True)
class Spot:
    """Where a page begins: behind or before a dossier, so that no row before it is read."""

    opened_at: datetime
    id: int
    back: bool = False
    """The page before it; else the one behind it."""

    @property
    def beyond(self) -> Any:
        here = db.tuple_(db.literal(self.opened_at, UTCDateTime), db.literal(self.id))
        row = db.tuple_(Dossier.opened_at, Dossier.id)
        return row > here if self.back else row < here


def listing(given: Filter, number: int, total: int, spot: Spot | None = None) -> Page:
    """Public dossiers, newest first, behind or before this spot.

    An address that has but the number of a page leads to it too; a page beyond the last one is the last one.
    """
    page = Page([], max(1, number), total)
    page.number = min(page.number, page.last)
    wanted = chosen(public(), given).with_only_columns(*LISTED)
    if spot is None or page.number == 1:
        rows = db.session.execute(
            wanted.order_by(*NEWEST).limit(PAGE).offset((page.number - 1) * PAGE or None)
        )
        page.items = rows.all()
        return page
    back = (Dossier.opened_at, Dossier.id) if spot.back else NEWEST
    found = db.session.execute(wanted.where(spot.beyond).order_by(*back).limit(PAGE)).all()
    page.items = found[::-1] if spot.back else found
    return page


def chosen(query: Any, given: Filter) -> Any:
    """The query with what the filter asks for, or with the one dossier whose reference it is."""
    return query.where(Dossier.ref == given.reference) if given.reference else narrowed(query, given)


def paged(query: Any, number: int, *, size: int = PAGE) -> Page:
    """One page of the dossiers that this query finds, newest first, with the number of their supporters."""
    ids = query.with_only_columns(Dossier.id).subquery()
    total = db.session.scalar(db.select(db.func.count()).select_from(ids))
    page = Page([], max(1, number), total or 0, size)
    page.number = min(page.number, page.last)
    newest = query.order_by(Dossier.opened_at.desc(), Dossier.id.desc())
    newest = newest.options(joinedload(Dossier.category)).limit(size).offset((page.number - 1) * size)
    page.items = list(db.session.scalars(newest))
    page.supporters = supporters_of(d.id for d in page.items)
    return page


def supporters_of(dossier_ids: Iterable[int]) -> dict[int, int]:
    """Number of supporters for each of these dossiers, 0 included, in one query."""
    ids = list(dossier_ids)
    counted = db.select(Dossier.id, SUPPORTERS).where(Dossier.id.in_(ids))
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in db.session.execute(counted)}


@dataclass(frozen=True)
class Support:
    """How many support a dossier, those of them who chose to be seen, and the actor's own signature."""

    count: int
    paper: int
    assisted: int
    """How many of them signed on paper, and with help."""
    shown: list[Signature]
    own: Signature | None

    @property
    def ways(self) -> dict[Way, int]:
        """How many came in which way."""
        online = self.count - self.paper - self.assisted
        return {Way.ONLINE: online, Way.PAPER: self.paper, Way.ASSISTED: self.assisted}


SEEN = db.text(TOLD)
"""Signatures whose owners chose to be shown, or gave a reason, here.

Somebody who is carried here by a bundle is counted and not shown: that was chosen for the other dossier.
"""


def _came(way: Way) -> Any:
    """How many of those who count came in this way, which is not the usual one: as a column."""
    mine = Signature.dossier_id == Dossier.id, Signature.way == way, Signature.state.in_(COUNTED)
    few = db.select(db.func.count(Signature.id)).where(*mine, db.text(NOT_ONLINE))
    return few.correlate(Dossier).scalar_subquery()


def support(actor: Any, dossier: Dossier, most: int = SHOWN) -> Support:
    """All of it in one query: it stands on every page of a dossier."""
    mine = db.select(Signature.id).where(Signature.dossier_id == dossier.id)
    newest = Signature.confirmed_at.desc(), Signature.id.desc()
    seen = mine.where(SEEN).order_by(*newest).limit(most).subquery()
    ids: Any = db.select(seen.c.id)
    if actor.is_authenticated:
        ids = ids.union_all(mine.where(Signature.person_id == actor.id))
    wanted = (
        db.select(SUPPORTERS, _came(Way.PAPER), _came(Way.ASSISTED), Signature)
        .select_from(Dossier)
        .outerjoin(Signature, Signature.id.in_(ids))
        .where(Dossier.id == dossier.id)
        .order_by(*newest)
    )
    rows = db.session.execute(wanted).all()
    found = [row[3] for row in rows if row[3] is not None]
    own = next((s for s in found if actor.is_authenticated and s.person_id == actor.id), None)
    return Support(rows[0][0], rows[0][1], rows[0][2], [s for s in found if _is_told(s)][:most], own)


def _is_told(signature: Signature) -> bool:
    """The same as SEEN, of a signature in hand."""
    counts = signature.state == SignatureState.CONFIRMED and signature.via_id is None
    return counts and (signature.shown or signature.reason != "")


def signature_of(actor: Any, dossier: Dossier) -> Signature | None:
    """The actor's own signature under this dossier, in whatever state."""
    if not actor.is_authenticated:
        return None
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id, person_id=actor.id)
    return db.session.scalar(wanted)


def signature_by_ticket(ticket: str) -> Signature:
    """The signature that a link in a mail stands for; who holds the ticket acts as `signature.person`."""
    return find(Signature, read(For.SIGNATURE, ticket))


def timeline(actor: Any, dossier: Dossier) -> list[Entry]:
    """The entries this actor may see, in order; signatures are counted elsewhere."""
    own = actor.organisation_ids(Role.OFFICIAL) if actor.is_authenticated else frozenset()
    open_to = db.or_(Entry.audience_id.is_(None), Entry.audience_id.in_(own))
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id).where(open_to, Entry.verb.not_in(QUIET))
    return list(db.session.scalars(wanted.order_by(Entry.seq)))


def photo(actor: Any, key: str) -> bool:
    """Whether everybody may see the picture with this key; NotFound where this actor may not."""
    wanted = db.select(Attachment, Dossier).outerjoin(Dossier, Attachment.dossier_id == Dossier.id)
    wanted = wanted.where(Attachment.has(key))
    for picture, dossier in db.session.execute(wanted):
        if dossier is None or allowed(actor, Do.SEE, dossier):
            return picture.dossier_id is not None and allowed(NOBODY, Do.SEE, dossier)
    raise NotFound(key)


_categories: dict[str, list[Category]] = {}


def categories() -> list[Category]:
    """All there are, in order. They are no rows of a session, and are read once: every list asks for them."""
    key = str(db.engine.url)
    if not _categories.get(key):
        columns = db.select(*Category.__table__.columns).order_by(Category.position)
        _categories[key] = [Category(**row) for row in db.session.execute(columns).mappings()]
    return _categories[key]


def category(slug: str | None) -> Category | None:
    return next((known for known in categories() if known.slug == slug), None)


def forget_categories() -> None:
    """Read them anew: called after they were loaded."""
    _categories.clear()


def titles(refs: Iterable[str]) -> dict[str, str]:
    """Reference -> title of those of these dossiers that everybody may read."""
    wanted = set(refs)
    if not wanted:
        return {}
    query = public().where(Dossier.ref.in_(wanted), Dossier.hidden_at.is_(None))
    return {row[0]: row[1] for row in db.session.execute(query.with_only_columns(Dossier.ref, Dossier.title))}


def find_dossier(dossier_id: int) -> Dossier:
    """A dossier by number, for tasks and tickets that carry their own right."""
    return find(Dossier, dossier_id)


def to_forget(settled_before: datetime, most: int = 500) -> list[int]:
    """Dossiers whose supporters are to be forgotten: over since before then, the longest first."""
    wanted = db.select(Dossier.id).where(Dossier.settled_at < settled_before, Dossier.forgotten_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Dossier.settled_at, Dossier.id).limit(most)))


def half_forgotten(since: datetime) -> list[int]:
    """Dossiers that were closed since then, and under which somebody signed while that happened."""
    theirs = db.select(Signature.id).where(Signature.dossier_id == Dossier.id, PERSONAL)
    wanted = db.select(Dossier.id).where(Dossier.forgotten_at > since, theirs.exists())
    return list(db.session.scalars(wanted.order_by(Dossier.id)))


def organisation_dossiers(organisation: Organisation, most: int = 50) -> list[Dossier]:
    """Public dossiers in this organisation's name, the newest first."""
    wanted = public().filter_by(organisation_id=organisation.id)
    return list(db.session.scalars(wanted.order_by(Dossier.opened_at.desc()).limit(most)))


def stand(dossier: Dossier, stand_id: int) -> Stand:
    found = find(Stand, stand_id)
    if found.dossier_id != dossier.id:
        raise NotFound(f"stand {stand_id}")
    return found


def stand_by_ticket(ref: str, ticket: str) -> Stand:
    """The stand that the address on its device stands for."""
    found = find(Stand, read(For.STAND, ticket))
    if found.dossier.ref != ref.upper():
        raise NotFound(ref)
    return found


def stands(dossier: Dossier) -> list[tuple[Stand, int]]:
    """The stands for this petition with how many signed there, the newest first."""
    here = Signature.stand_id == Stand.id
    number = db.select(db.func.count(Signature.id)).where(here).correlate(Stand).scalar_subquery()
    wanted = db.select(Stand, number).where(Stand.dossier_id == dossier.id).order_by(Stand.id.desc())
    return [(row[0], row[1]) for row in db.session.execute(wanted)]
