"""What signatures have in common: the conditions by which many are looked at, and struck out, at once."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased

from portal.accounts.addresses import disposables
from portal.dossiers.models import Dossier, Signature, SignatureState, Way
from portal.dossiers.words import name_key
from portal.kernel.clock import ZONE
from portal.kernel.db import db

AT_STAND = "stand"
"""A way of its own for who looks: signed on the device of a stand."""
STRIKABLE = (SignatureState.CONFIRMED, SignatureState.PENDING)
THROWN_AWAY = Signature.mail_domain.in_(sorted(disposables()))
"""From an address that is made to be thrown away."""


def of_way(way: str) -> Any:
    """The condition that a signature came this way."""
    if way == AT_STAND:
        return Signature.stand_id.is_not(None)
    return db.and_(Signature.way == way, Signature.stand_id.is_(None))


WAYS = (*map(str, Way), AT_STAND)


@dataclass(frozen=True)
class Conditions:
    """All of those that are given hold together. None of them names a person or where they are."""

    network: int | None = None
    """That of the signature with this number: so no digest stands on a page, in an address or in a record."""
    domain: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """From the first moment on, before the last."""
    way: str = ""
    name: str = ""
    """What the name begins with, in any spelling."""
    disposable: bool = False
    stand: int | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Those that are given, as plain JSON."""
        found = {name: value for name, value in asdict(self).items() if value}
        return {n: v.astimezone(ZONE).isoformat() if isinstance(v, datetime) else v for n, v in found.items()}

    def clauses(self, dossier: Dossier) -> list[Any]:
        """As conditions on the signatures of this dossier that can be struck out.

        Who was carried here by a bundle is looked at in the dossier that carries them.
        """
        found: list[Any] = [Signature.dossier_id == dossier.id, Signature.via_id.is_(None)]
        found.append(Signature.state.in_(STRIKABLE))
        if self.network:
            named = aliased(Signature)
            same = db.select(named.network).where(named.id == self.network, named.dossier_id == dossier.id)
            found.append(Signature.network == same.scalar_subquery())
        if self.domain:
            found.append(Signature.mail_domain == self.domain.lower())
        if self.since:
            found.append(Signature.signed_at >= self.since)
        if self.until:
            found.append(Signature.signed_at < self.until)
        if self.way:
            found.append(of_way(self.way))
        if self.name:
            found.append(Signature.name_key.startswith(name_key(self.name), autoescape=True))
        if self.disposable:
            found.append(THROWN_AWAY)
        if self.stand:
            found.append(Signature.stand_id == self.stand)
        return found
