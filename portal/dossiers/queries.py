"""Everything that can be seen of dossiers. A query changes nothing and asks the same policy as a command."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import joinedload, selectinload, undefer

from portal.accounts.models import Organisation, Role
from portal.dossiers import words
from portal.dossiers.models import (
    COUNTED,
    PUBLIC,
    SIGNABLE,
    SUPPORTERS,
    Attachment,
    Category,
    Dossier,
    Signature,
    SignatureState,
    Way,
)
from portal.dossiers.policy import Do
from portal.dossiers.timeline import QUIET, Entry
from portal.kernel.db import db, find
from portal.kernel.errors import NotFound
from portal.kernel.policy import NOBODY, allowed, require
from portal.kernel.tickets import For, read
from portal.places.queries import area

PAGE = 20
NEAR_METRES = 250
"""How far a similar dossier may be to be shown before reporting: FixMyStreet's distance for residents."""
NEAR_SHOWN = 5
SHOWN = 30
"""How many supporters a page shows."""
METRES_PER_DEGREE = 111_320


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


def _public() -> Any:
    return db.select(Dossier).where(PUBLIC)


def lies_in(code: str) -> Any:
    """The condition that a dossier lies in the neighbourhood with this code."""
    known = area(code)
    covers = known.covers if known else (code,)
    within = (Dossier.neighbourhood_code.startswith(part, autoescape=True) for part in covers)
    return db.or_(Dossier.neighbourhood_code == code, *within)


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
    for stem in words.stems(given.words):
        query = query.where(Dossier.search.contains(f" {stem}", autoescape=True), Dossier.hidden_at.is_(None))
    return query


def listing(given: Filter, number: int = 1, *, size: int = PAGE) -> Page:
    """Public dossiers, newest first. A page beyond the last one is the last one."""
    return paged(chosen(_public(), given), number, size=size)


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


SEEN = db.and_(
    Signature.state == SignatureState.CONFIRMED,
    Signature.via_id.is_(None),
    db.or_(Signature.shown, Signature.reason != ""),
)
"""Signatures whose owners chose to be shown, or gave a reason, here.

Somebody who is carried here by a bundle is counted and not shown: that was chosen for the other dossier.
"""


@dataclass(frozen=True)
class Support:
    """How many support a dossier, those of them who chose to be seen, and the actor's own signature."""

    count: int
    shown: list[Signature]
    own: Signature | None


def support(actor: Any, dossier: Dossier, most: int = SHOWN) -> Support:
    """All of it in one query: it stands on every page of a dossier."""
    own = Signature.person_id == actor.id if actor.is_authenticated else db.false()
    theirs = db.and_(Signature.dossier_id == Dossier.id, db.or_(own, SEEN))
    wanted = (
        db.select(SUPPORTERS, Signature, own.label("own"), SEEN.label("seen"))
        .select_from(Dossier)
        .outerjoin(Signature, theirs)
        .where(Dossier.id == dossier.id)
        .order_by(db.case((own, 0), else_=1), Signature.confirmed_at.desc(), Signature.id.desc())
    )
    rows = db.session.execute(wanted.limit(most)).all()
    shown = [signature for _, signature, _, seen in rows if seen]
    return Support(rows[0][0], shown, next((s for _, s, is_own, _ in rows if is_own), None))


def ways(dossier: Dossier) -> dict[Way, int]:
    """How many of those who count came in which way; a way that nobody came is left out."""
    counted = Signature.dossier_id == dossier.id, Signature.state.in_(COUNTED)
    wanted = db.select(Signature.way, db.func.count(Signature.id)).where(*counted).group_by(Signature.way)
    return {Way(way): number for way, number in db.session.execute(wanted)}


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


def metres(lat: float, lon: float, other: Dossier) -> float:
    """Distance to a dossier, infinite without a point; flat earth, exact to a metre over a neighbourhood."""
    if other.lat is None or other.lon is None:
        return math.inf
    north = (other.lat - lat) * METRES_PER_DEGREE
    east = (other.lon - lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)


@dataclass(frozen=True)
class Near:
    """A dossier nearby that may be about the same: how far, and in how many words alike."""

    dossier: Dossier
    metres: int
    same_category: bool
    shared_words: int
    supporters: int


def near(
    lat: float, lon: float, *, text: str = "", category: str = "", within: float = NEAR_METRES
) -> list[Near]:
    """Open dossiers within so many metres that share the category or a word, the likeliest first."""
    return _counted(_alike(lat, lon, set(words.telling(text)), category, within))


def at_the_same_name(
    place: str, neighbourhood_code: str, *, text: str = "", category: str = ""
) -> list[Near]:
    """The same for a place without a point, such as a building: what was opened under its name."""
    named = _joinable().where(Dossier.neighbourhood_code == neighbourhood_code, Dossier.place_name == place)
    return _counted(_likeliest(named, lambda other: 0.0, set(words.telling(text)), category, NEAR_METRES))


def _counted(best: list[Near]) -> list[Near]:
    counts = supporters_of(found.dossier.id for found in best)
    return [replace(found, supporters=counts[found.dossier.id]) for found in best]


def similar(dossier: Dossier) -> list[Near]:
    """Open dossiers near this one that may be about the same, the likeliest first; not counted."""
    if dossier.lat is None or dossier.lon is None or dossier.hidden_at is not None:
        return []
    wanted = set(words.telling(dossier.title))
    return _alike(dossier.lat, dossier.lon, wanted, dossier.category_slug or "", NEAR_METRES, but=dossier.id)


def _alike(
    lat: float, lon: float, wanted: set[str], category: str, within: float, but: int | None = None
) -> list[Near]:
    high = within / METRES_PER_DEGREE
    wide = high / math.cos(math.radians(lat))
    query = _joinable().where(
        Dossier.lat.between(lat - high, lat + high), Dossier.lon.between(lon - wide, lon + wide)
    )
    if but is not None:
        query = query.where(Dossier.id != but)
    return _likeliest(query, lambda other: metres(lat, lon, other), wanted, category, within)


def _joinable() -> Any:
    return _public().where(Dossier.state.in_(SIGNABLE), Dossier.hidden_at.is_(None))


def _likeliest(
    query: Any, away: Callable[[Dossier], float], wanted: set[str], category: str, within: float
) -> list[Near]:
    found = []
    for other in db.session.scalars(query.options(undefer(Dossier.search)).limit(500)):
        shared = len(wanted & set(other.search.split()))
        same = bool(category) and other.category_slug == category
        distance = away(other)
        if distance <= within and (same or shared):
            likely = 2.0 * same + shared - distance / within
            found.append((likely, Near(other, round(distance), same, shared, 0)))
    best = sorted(found, key=lambda row: (-row[0], row[1].dossier.id))
    return [near for _, near in best[:NEAR_SHOWN]]


def photo(actor: Any, key: str) -> Attachment:
    """The picture with this key, unless it belongs to a dossier whose words and pictures are hidden."""
    wanted = db.select(Attachment, Dossier).outerjoin(Dossier, Attachment.dossier_id == Dossier.id)
    wanted = wanted.where(Attachment.has(key))
    for picture, dossier in db.session.execute(wanted):
        if dossier is None or allowed(actor, Do.SEE, dossier):
            return picture
    raise NotFound(key)


def categories() -> list[Category]:
    return list(db.session.scalars(db.select(Category).order_by(Category.position)))


def titles(refs: Iterable[str]) -> dict[str, str]:
    """Reference -> title of those of these dossiers that everybody may read."""
    wanted = set(refs)
    if not wanted:
        return {}
    query = _public().where(Dossier.ref.in_(wanted), Dossier.hidden_at.is_(None))
    return {row[0]: row[1] for row in db.session.execute(query.with_only_columns(Dossier.ref, Dossier.title))}


def find_dossier(dossier_id: int) -> Dossier:
    """A dossier by number, for tasks and tickets that carry their own right."""
    return find(Dossier, dossier_id)


def organisation_dossiers(organisation: Organisation, most: int = 50) -> list[Dossier]:
    """Public dossiers in this organisation's name, the newest first."""
    wanted = _public().filter_by(organisation_id=organisation.id)
    return list(db.session.scalars(wanted.order_by(Dossier.opened_at.desc()).limit(most)))
