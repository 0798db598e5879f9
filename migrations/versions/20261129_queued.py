"""When a job was queued: one whose clock was ahead then is told by it"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "queued"
down_revision: str | None = "mailing"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("queued_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "queued_at")
