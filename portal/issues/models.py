"""A report that somebody is still writing."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.dossiers.models import Attachment
from portal.kernel.clock import now
from portal.kernel.db import Numbered


class Draft(Numbered):
    """What was filled in so far. The key is in the writer's own session cookie and nowhere else."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "changed_at"),)

    key: Mapped[str] = mapped_column(String(64), unique=True)
    values: Mapped[dict[str, Any]] = mapped_column("filled_in", JSON, default=dict)
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)

    attachment: Mapped[Attachment | None] = relationship()
