"""Where things are: neighbourhoods with their outline, and names of places to search."""

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Numbered


class Neighbourhood(Base):
    """A wijk (`TM`, Gein), a buurt in it (`TM01`), or what residents call their neighbourhood (`K`, K-buurt).

    `covers` says what lies in it: everything whose code starts with one of these.
    """

    __tablename__ = "neighbourhoods"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str]
    level: Mapped[str]
    """`own` (as residents draw it), `wijk` or `buurt`."""
    covers: Mapped[list[str]] = mapped_column(JSON)
    parent: Mapped[str | None]
    district: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    bbox: Mapped[list[float]] = mapped_column(JSON)
    """West, south, east, north in degrees."""
    outline: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    """GeoJSON geometry, WGS84."""

    def contains(self, code: str | None) -> bool:
        """Whether this is the neighbourhood itself, or a buurt (or wijk) in it."""
        return code is not None and (code == self.code or code.startswith(tuple(self.covers)))


class Place(Numbered):
    """A name that people use: a stop, a park, a flat, a street (streets have no point)."""

    __tablename__ = "places"
    __table_args__ = (Index(None, "search"),)

    name: Mapped[str]
    kind: Mapped[str]
    search: Mapped[str]
    """The name in lower case without accents."""
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    neighbourhood_code: Mapped[str | None]
