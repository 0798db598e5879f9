"""When workers were seen, and which request a job comes from"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "watch"
down_revision: str | None = "meanings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "beats",
        sa.Column("worker", sa.String(200), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_beats")),
    )
    op.add_column("jobs", sa.Column("cause", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "cause")
    op.drop_table("beats")
