"""A report that somebody is still writing."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models import Attachment, Kind
from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered
from portal.similar.models import Meant

STEPS = ("photo", "where", "what", "send")
KINDS = (Kind.ISSUE, Kind.PLAN)
TITLE, BODY = 100, 3000
"""Most characters of a title and of a description."""


class Draft(Numbered):
    """What was filled in so far. The key is in the writer's own session cookie and nowhere else."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "changed_at"),)

    key: Mapped[str] = mapped_column(String(64), unique=True)
    values: Mapped[dict[str, Any]] = mapped_column("filled_in", JSON, default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Filled in while signed in: somebody who signs in after them does not find it."""
    changed_at: Mapped[datetime] = mapped_column(default=now)

    photos: Mapped[list[Attachment]] = relationship(order_by=(Attachment.position, Attachment.id))

    def is_of(self, actor: Any) -> bool:
        """Whether the actor may go on with it."""
        return self.person_id is None or self.person_id == actor.id

    @property
    def described(self) -> bool:
        """What is kept may be more than is allowed: nothing typed is lost, also when it is not right yet."""
        given = self.values
        title, body = str(given.get("title", "")).strip(), str(given.get("body", ""))
        return (
            0 < len(title) <= TITLE
            and len(body) <= BODY
            and bool(given.get("category"))
            and given.get("kind") in KINDS
        )

    @property
    def begins_at(self) -> datetime | None:
        """When what is planned begins, if it has a day."""
        return self._moment("begins_at")

    @property
    def ends_at(self) -> datetime | None:
        return self._moment("ends_at") if self.begins_at else None

    def _moment(self, name: str) -> datetime | None:
        written = self.values.get(name)
        return datetime.fromisoformat(written) if written else None

    @property
    def placed(self) -> bool:
        return bool(self.values.get("neighbourhood"))


class DraftMeaning(Meant, Base):
    """What the words of a draft mean. It goes with the draft."""

    __tablename__ = "draft_meanings"
    __table_args__ = (Index(None, "made_by"),)

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
