"""That two dossiers belong together, as who opened the later one says; and what is said of a suggestion."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.clock import now
from portal.kernel.db import Numbered


class Says(StrEnum):
    """What somebody who is writing says of an open dossier that they are shown. Each is one button."""

    ME_TOO = "me_too"
    """It is the same: they join it."""
    BELONGS = "belongs"
    """Theirs is another one that belongs with it."""
    DIFFERENT = "different"


class Tie(Numbered):
    """A dossier belongs with another one, as the pages of both say. Nobody is counted or asked by it."""

    __tablename__ = "ties"
    __table_args__ = (
        UniqueConstraint("dossier_id", "other_id"),
        CheckConstraint("dossier_id <> other_id", name="two"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id", ondelete="CASCADE"))
    """The one whose opener says so."""
    other_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    told: Mapped[bool] = mapped_column(default=False)
    """Whether both timelines tell it: as soon as everybody can see the one that says so."""
