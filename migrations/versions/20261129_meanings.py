"""What dossiers and drafts mean, once the worker has found it out; their stems stand in the index alone"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "meanings"
down_revision: str | None = "ties"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "similar_meanings",
        sa.Column("dossier_id", sa.Integer(), autoincrement=False, nullable=False),
        *_meant(),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_similar_meanings")),
    )
    op.create_table(
        "draft_meanings",
        sa.Column("draft_id", sa.Integer(), autoincrement=False, nullable=False),
        *_meant(),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_meanings_draft_id_drafts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_draft_meanings")),
    )
    for table in ("similar_meanings", "draft_meanings"):
        op.create_index(op.f(f"ix_{table}_made_by"), table, ["made_by"])
    op.drop_column("dossiers", "search")  # the index says it


def _meant() -> list[sa.Column]:
    return [
        sa.Column("text", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(8), nullable=False),
        sa.Column("whole", sa.LargeBinary()),
        sa.Column("gist", sa.LargeBinary()),
    ]


def downgrade() -> None:
    op.add_column("dossiers", sa.Column("search", sa.String(), nullable=False, server_default=""))
    for table in ("draft_meanings", "similar_meanings"):
        op.drop_table(table)
