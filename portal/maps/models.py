"""What the map knows beforehand: how many dossiers lie in each square, for those who look from afar.

Triggers, which the migration makes, write a `Change` for each row of `dossiers` that comes, goes or changes
its cell, neighbourhood, kind or state, in the transaction of the deed. The worker adds them up. What is asked
meanwhile counts them as well: so the numbers are always right, and nobody who reports waits for the square of
somebody else.
"""

from sqlalchemy import BigInteger, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Numbered

LEVELS = range(4, 12)
"""Sides of squares, as bits of a row or column that they leave out: of each zoom from afar (9 to 16), where a
view can hold very many."""
ANY = ""
"""In the place of a neighbourhood, or of a kind and a state: all of them together."""
EMPTY = "number = 0"


class Square(Base):
    """How many dossiers lie in a square: all of them, those of each kind and state, of each neighbourhood."""

    __tablename__ = "map_squares"
    __table_args__ = (
        Index("ix_map_squares_empty", "level", sqlite_where=text(EMPTY), postgresql_where=text(EMPTY)),
    )

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    neighbourhood: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    square: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Its row, then its column, as in `places.grid`."""
    number: Mapped[int]
    row_sum: Mapped[int] = mapped_column(BigInteger)
    column_sum: Mapped[int] = mapped_column(BigInteger)
    """Of the finest cells that they lie in: divided by their number, the middle of them."""


class Change(Numbered):
    """A dossier that came to a place (`step` 1) or left it (-1), and is not added up yet."""

    __tablename__ = "map_changes"

    cell: Mapped[int] = mapped_column(BigInteger)
    neighbourhood: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    step: Mapped[int]
    taken: Mapped[bool] = mapped_column(default=False, server_default=false())
    """By the worker that is adding it up just now."""
