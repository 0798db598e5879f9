"""What goes on in one neighbourhood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import aliased, contains_eager, undefer

from portal.accounts.models import Organisation, OrganisationKind
from portal.dossiers.facets import LATELY, MANY
from portal.dossiers.models import (
    PUBLIC,
    SIGNABLE,
    Addressee,
    AddresseeState,
    Dossier,
    Kind,
    Signature,
    SignatureState,
    State,
)
from portal.dossiers.queries import lies_in, supporters_of
from portal.dossiers.timeline import HOUSEKEEPING, QUIET, Entry
from portal.kernel.clock import now
from portal.kernel.db import by_another_index, db
from portal.kernel.errors import NotFound
from portal.places.models import Neighbourhood
from portal.places.queries import inside

CARDS, WAITING, RECENT = 6, 4, 8
GOING_ON = frozenset({State.OPEN, State.GATHERING, State.HANDED_OVER})
ANSWERED = frozenset({State.ANSWERED, State.DONE})
NO_NEWS = QUIET | HOUSEKEEPING | {"confirmed_report", "signature_invalidated"}
"""Told on the timeline, but no news: a report that is confirmed was told already when it was made."""


@dataclass(frozen=True)
class Numbers:
    """How many people support something here, as far as they are known, and how many dossiers stand where."""

    supporters: int
    going_on: int
    answered: int
    solved: int
    total: int


@dataclass(frozen=True)
class Home:
    """All that the page of a neighbourhood shows."""

    neighbourhood: Neighbourhood
    numbers: Numbers
    moved: list[Dossier]
    waiting: list[Dossier]
    recent: list[Entry]
    organisations: list[Organisation]
    supporters: dict[int, int]


_known: dict[tuple[str, str], tuple[Numbers, datetime]] = {}
"""Database address and neighbourhood -> what was counted there last, and when."""


def forget_numbers() -> None:
    """Count anew: called where another database is put in the place of one."""
    _known.clear()


def home(code: str) -> Home:
    """What goes on in the neighbourhood with this code."""
    found = neighbourhood(code)
    counted = numbers(found)
    seen = db.and_(_here(found, many=counted.total > MANY), PUBLIC, Dossier.hidden_at.is_(None))
    moved, waiting = _moved(seen), _waiting(seen)
    return Home(
        neighbourhood=found,
        numbers=counted,
        moved=moved,
        waiting=waiting,
        recent=_recent(seen),
        organisations=_organisations(found),
        supporters=supporters_of(d.id for d in [*moved, *waiting]),
    )


def _here(found: Neighbourhood, *, many: bool) -> Any:
    """The condition that a dossier lies there. Of many the newest are soon found, from the newest on."""
    if not many:
        return lies_in(found.code)
    return by_another_index(Dossier.neighbourhood_code).in_(inside(found.code))


def neighbourhood(code: str) -> Neighbourhood:
    """With its outline, in either case; NotFound when there is none with this code."""
    wanted = db.select(Neighbourhood).filter_by(code=code.upper()) if code.isalnum() else None
    found = None if wanted is None else db.session.scalar(wanted.options(undefer(Neighbourhood.outline)))
    if found is None:
        raise NotFound(f"neighbourhood {code}")
    return found


def numbers(found: Neighbourhood) -> Numbers:
    """How many people support something there, and how many dossiers stand where.

    Among MANY they are not counted more often than LATELY: else each signature of a petition that thousands
    sign would have all of them counted for whoever looks next.
    """
    key, moment = (str(db.engine.url), found.code), now()
    known, at = _known.get(key, (None, moment))
    if known is None or known.supporters + known.total <= MANY or not timedelta(0) <= moment - at < LATELY:
        known = _numbers(db.and_(lies_in(found.code), PUBLIC))
        _known[key] = known, moment
    return known


def _numbers(here: Any) -> Numbers:
    """Of people only those who are known to be different: each once, whatever they support.

    On paper a name in a building is one. Whoever was forgotten is left out: a person who supported ten
    dossiers is ten signatures without a name, and would become ten people by being forgotten.
    """

    def dossiers(states: Sequence[State] | frozenset[State]) -> Any:
        return db.func.count(db.case((Dossier.state.in_(states), 1)))

    named = db.case((Signature.person_id.is_(None), Signature.name_key + "|" + Signature.building))
    people = db.select(db.func.count(db.distinct(Signature.person_id)) + db.func.count(db.distinct(named)))
    confirmed = Signature.state == SignatureState.CONFIRMED
    supporters = people.join(Signature.dossier).where(here, confirmed)
    counted = db.select(
        supporters.scalar_subquery(),
        dossiers(GOING_ON),
        dossiers(ANSWERED),
        dossiers([State.SOLVED]),
        db.func.count(Dossier.id),
    )
    return Numbers(*db.session.execute(counted.where(here)).one())


def _moved(seen: Any) -> list[Dossier]:
    """Those on which something happened last."""
    wanted = db.select(Dossier).where(seen, by_another_index(Dossier.state).in_(SIGNABLE))
    return list(
        db.session.scalars(wanted.order_by(Dossier.changed_at.desc(), Dossier.id.desc()).limit(CARDS))
    )


def _waiting(seen: Any) -> list[Dossier]:
    """Petitions that wait for an answer, the longest due first, each with those who have to answer."""
    sooner = aliased(Addressee)
    before = db.or_(
        sooner.due_on < Addressee.due_on,
        db.and_(sooner.due_on == Addressee.due_on, sooner.id < Addressee.id),
    )
    of_same = sooner.dossier_id == Addressee.dossier_id, sooner.state == AddresseeState.WAITING
    wanted = (
        db.select(Addressee.dossier_id, Addressee.due_on)
        .join(Addressee.dossier)
        .where(Addressee.state == AddresseeState.WAITING, ~db.exists().where(*of_same, before))
        .where(seen, by_another_index(Dossier.kind) == Kind.PETITION)
        .order_by(Addressee.due_on, Addressee.dossier_id)
        .limit(WAITING)
        .subquery()
    )
    whole = (
        db.select(Dossier)
        .join(wanted, wanted.c.dossier_id == Dossier.id)
        .join(Dossier.addressees)
        .options(contains_eager(Dossier.addressees))
    )
    found = db.session.scalars(whole.order_by(wanted.c.due_on, Dossier.id, Addressee.id)).unique()
    return list(found)


def _recent(seen: Any) -> list[Entry]:
    """The last things that everybody may read, each happening once."""
    wanted = (
        db.select(Entry)
        .join(Entry.dossier)
        .where(seen, Entry.audience_id.is_(None), Entry.verb.not_in(NO_NEWS))
        .options(contains_eager(Entry.dossier))
    )
    return list(db.session.scalars(wanted.order_by(Entry.at.desc(), Entry.id.desc()).limit(RECENT)))


def _organisations(found: Neighbourhood) -> list[Organisation]:
    """Platforms and cores that work here, platforms first: in it, or in what residents call it."""
    kinds = [OrganisationKind.PLATFORM, OrganisationKind.CORE]
    wanted = db.select(Organisation).where(Organisation.kind.in_(kinds)).join(Organisation.neighbourhood)
    ordered = wanted.options(contains_eager(Organisation.neighbourhood)).order_by(Organisation.name)
    here = [
        organisation
        for organisation in db.session.scalars(ordered)
        if organisation.neighbourhood is not None and _overlap(organisation.neighbourhood, found)
    ]
    return sorted(here, key=lambda organisation: kinds.index(OrganisationKind(organisation.kind)))


def _overlap(one: Neighbourhood, other: Neighbourhood) -> bool:
    return any(other.contains(code) for code in one.covers) or any(
        one.contains(code) for code in other.covers
    )
