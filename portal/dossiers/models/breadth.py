"""How widely the support for a dossier is spread, as it was when the worker looked last."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Breadth(Base):
    """A picture that is renewed now and then: it says less than the count, so that it tells nobody's home."""

    __tablename__ = "breadths"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True, autoincrement=False)
    supporters: Mapped[int] = mapped_column(default=0)
    """How many there were at the last look."""
    looked_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to look again; empty as long as too few came or went."""
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the picture was made from: `portal.dossiers.breadth.Told`. Shown to nobody."""
    shown: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The picture itself, which everybody may see: `portal.dossiers.breadth.picture`."""
