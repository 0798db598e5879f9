"""Jobs for many, in a fair order; and whose mail comes back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "mailing"
down_revision: str | None = "sessions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WAITING = "done_at IS NULL AND dead_at IS NULL"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("rank", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("jobs", sa.Column("lot", sa.String()))
    op.add_column("jobs", sa.Column("reached", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index(op.f("ix_jobs_done_at_dead_at_due_at"), table_name="jobs")
    where = sa.text(WAITING)
    columns = ["rank", "due_at", "id"]
    op.create_index("ix_jobs_waiting", "jobs", columns, sqlite_where=where, postgresql_where=where)
    op.create_index(op.f("ix_jobs_done_at"), "jobs", ["done_at"])
    op.create_table(
        "bounces",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_bounces_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_bounces")),
    )


def downgrade() -> None:
    op.drop_table("bounces")
    op.drop_index(op.f("ix_jobs_done_at"), table_name="jobs")
    op.drop_index("ix_jobs_waiting", table_name="jobs")
    op.create_index(op.f("ix_jobs_done_at_dead_at_due_at"), "jobs", ["done_at", "dead_at", "due_at"])
    for column in ("reached", "lot", "rank"):
        op.drop_column("jobs", column)
