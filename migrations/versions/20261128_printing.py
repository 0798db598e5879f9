"""What is being made to be printed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "printing"
down_revision: str | None = "sheets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "print_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sheet_ids", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("key", sa.String()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'making', 'ready')", name=op.f("ck_print_jobs_state")),
        sa.CheckConstraint(
            "(state = 'ready') = (key IS NOT NULL)", name=op.f("ck_print_jobs_ready_with_key")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_print_jobs_dossier_id_dossiers")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_print_jobs_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_jobs")),
        sqlite_autoincrement=True,
    )
    for name in ("person_id", "expires_at", "key"):
        op.create_index(op.f(f"ix_print_jobs_{name}"), "print_jobs", [name])


def downgrade() -> None:
    op.drop_table("print_jobs")
