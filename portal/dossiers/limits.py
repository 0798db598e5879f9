"""How many signatures may come the same way before somebody looks at them.

The petitions of the British parliament hold an address of the internet to 1 signature a minute and 5 in five
minutes (github.com/alphagov/e-petitions, app/models/rate_limit.rb). Ours are softer, because a flat shares
its Wi-Fi and a family its telephone; and nothing is refused: what is over the limit is kept, and counts after
a look. A mail address has a limit of its own (commands.CONFIRMATIONS), and so has a stand (Stand.most).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from portal.accounts.models import Person
from portal.dossiers.models import PUBLIC, Dossier, Held, Signature, SignatureState, Stand
from portal.dossiers.policy import Do
from portal.kernel.clock import now
from portal.kernel.db import UTCDateTime, db, glance
from portal.kernel.errors import NotFound
from portal.kernel.policy import require

BURST = timedelta(minutes=10)
DAY = timedelta(days=1)
DEVICE_BURST = 3
"""Signatures from one device under one dossier in ten minutes: a family at one telephone."""
NETWORK_BURST = 20
"""From one network in ten minutes: neighbours who share a Wi-Fi, at a meeting in the common room."""
NETWORK_DAY = 100
"""From one network in a day."""
SHOWN = 50

HELD = db.and_(Signature.state == SignatureState.PENDING, Signature.held.is_not(None))
"""Signatures that wait for a look."""
HELD_NUMBER = (
    db.select(db.func.count(Signature.id))
    .where(Signature.dossier_id == Dossier.id, HELD)
    .correlate(Dossier)
    .scalar_subquery()
)
"""How many there are, as a column of a query on dossiers."""


LIMITS = (
    (Held.DEVICE, Signature.device, BURST, DEVICE_BURST),
    (Held.NETWORK, Signature.network, BURST, NETWORK_BURST),
    (Held.NETWORK, Signature.network, DAY, NETWORK_DAY),
)
"""Why it waits, what came the same way, within which time, and from how many on."""


def _plain(number: int) -> Any:
    """Written out, so that PostgreSQL can plan ahead: how far it reads is the same each time."""
    return db.literal_column(str(number), db.Integer)


def _at_most(most: int, *conditions: Any) -> Any:
    """A column: how many signatures there are, counted no further than the limit."""
    few = db.select(Signature.id).where(*conditions).limit(_plain(most)).correlate(Dossier).subquery()
    return db.select(db.func.count()).select_from(few).scalar_subquery()


def _why(known: Collection[str]) -> Any:
    """A column of a query on dossiers: why a signature that comes now waits for a look, or NULL.

    It reads no further than the limits, and no more than is asked by what is `known` of where it comes from.
    What the same person signed before is not counted, so that nobody is held for sending the form again.
    """
    email = db.select(Person.id).where(Person.email_key == db.bindparam("email", type_=db.String))
    own = db.func.coalesce(db.bindparam("person", type_=db.Integer), email.scalar_subquery())
    whens = [
        (
            _at_most(
                most,
                column == db.bindparam(column.key, type_=db.String),
                Signature.dossier_id == Dossier.id,
                Signature.signed_at > db.bindparam(f"since_{within.days}", type_=UTCDateTime),
                Signature.person_id.is_distinct_from(own),
            )
            >= _plain(most),
            str(why),
        )
        for why, column, within, most in LIMITS
        if column.key in known
    ]
    return db.case(*whens) if whens else db.null()


@dataclass(frozen=True)
class Coming:
    """From where somebody comes who is about to sign, in keyed digests, and who that is, if one knows."""

    network: str | None
    device: str | None
    person_id: int | None = None
    email: str = ""
    """The key of their mail address."""

    @property
    def given(self) -> dict[str, Any]:
        """What that column asks for."""
        known = {name: digest for name, digest in self.ways.items() if digest is not None}
        if not known:
            return {}
        since = {f"since_{within.days}": now() - within for _, _, within, _ in LIMITS}
        return {**known, "person": self.person_id, "email": self.email, **since}

    @property
    def ways(self) -> dict[str, str | None]:
        return {"network": self.network, "device": self.device}


@cache
def _to_sign(known: frozenset[str]) -> Any:
    return db.select(
        Dossier.id,
        Dossier.kind,
        Dossier.state,
        Dossier.hidden_at,
        Dossier.forgotten_at,
        Dossier.opener_id,
        Dossier.organisation_id,
        Dossier.neighbourhood_code,
        PUBLIC.label("public"),
        _why(known).label("held"),
    ).where(Dossier.ref == db.bindparam("ref"))


def to_sign(actor: Any, ref: str, coming: Coming) -> Any:
    """Of the dossier with this reference, if the actor may read it, what says whether one may sign. In one
    statement: whoever signs is sent back to the page.

    `held`: why a signature of the one who comes now waits for a look, if it does.
    """
    given = coming.given
    found = glance(_to_sign(frozenset(given.keys() & coming.ways)), {"ref": ref.upper(), **given})
    if found is None:
        raise NotFound(ref)
    require(actor, Do.READ, found)
    return found


def why_held_at(stand: Stand) -> Held | None:
    """The same for a stand: it has a number of its own, and no other limit."""
    number = db.session.scalar(db.select(_at_most(stand.most, Signature.stand_id == stand.id))) or 0
    return Held.STAND if number >= stand.most else None


@dataclass(frozen=True)
class Waiting:
    """Signatures under one dossier that wait for a look for the same reason and came the same way."""

    first: int
    """The lowest of their numbers, by which they are named: it says nothing about where they came from."""
    last: int
    why: str
    network: str | None
    stand_id: int | None
    number: int
    ready: int
    """How many of them were confirmed by mail, and count as soon as they may."""
    begin: datetime
    end: datetime


def waiting(dossier: Dossier) -> list[Waiting]:
    """What waits under this dossier, the largest group first."""
    same = (Signature.held, Signature.network, Signature.stand_id)
    number = db.func.count(Signature.id)
    wanted = (
        db.select(
            db.func.min(Signature.id),
            db.func.max(Signature.id),
            *same,
            number,
            db.func.count(Signature.ready_at),
            db.func.min(Signature.signed_at, type_=Signature.signed_at.type),
            db.func.max(Signature.signed_at, type_=Signature.signed_at.type),
        )
        .where(Signature.dossier_id == dossier.id, HELD)
        .group_by(*same)
        .order_by(number.desc(), db.func.min(Signature.id))
        .limit(SHOWN)
    )
    return [Waiting(*row) for row in db.session.execute(wanted)]


def held_like(dossier: Dossier, firsts: Iterable[int], last: int) -> Any:
    """The statement for all that wait in the groups named by these numbers, none newer than the last one."""
    named = db.select(Signature.held, Signature.network, Signature.stand_id).where(
        Signature.id.in_(list(firsts)), Signature.dossier_id == dossier.id, HELD
    )
    groups = [
        db.and_(
            Signature.held == row.held,
            Signature.network.is_not_distinct_from(row.network),
            Signature.stand_id.is_not_distinct_from(row.stand_id),
        )
        for row in db.session.execute(named)
    ]
    wanted = db.select(Signature).where(Signature.dossier_id == dossier.id, HELD, Signature.id <= last)
    return wanted.where(db.or_(db.false(), *groups)).order_by(Signature.id)


def held_anywhere() -> list[tuple[Dossier, int]]:
    """Dossiers with how many signatures wait there for a look, the most first."""
    number = db.func.count(Signature.id)
    wanted = db.select(Dossier, number).join(Signature, Signature.dossier_id == Dossier.id)
    wanted = wanted.where(HELD).group_by(Dossier.id).order_by(number.desc(), Dossier.id)
    return [(row[0], row[1]) for row in db.session.execute(wanted.limit(SHOWN))]
