"""What belongs with what; why two were said to belong together; thresholds that were set by command"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "ties"
down_revision: str | None = "contested_filled"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LABELS = "similar_labels"
WHY = "why IN ('different', 'me_too', 'belongs', 'bundled', 'together')"


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("tied", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table(LABELS, table_kwargs={"sqlite_autoincrement": True}) as labels:
        labels.alter_column("dossier_id", existing_type=sa.Integer(), nullable=True)
        labels.add_column(sa.Column("why", sa.String(12), server_default="different", nullable=False))
        labels.add_column(sa.Column("compared", sa.JSON()))
        labels.create_check_constraint(op.f("ck_similar_labels_why"), WHY)
    op.create_table(
        "similar_thresholds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("area", sa.String(8), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("value >= 0 AND value <= 1", name=op.f("ck_similar_thresholds_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_thresholds")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_similar_thresholds_kind_area"), "similar_thresholds", ["kind", "area"])
    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [side], ["dossiers.id"], name=op.f(f"fk_ties_{side}_dossiers"), ondelete="CASCADE"
            )
            for side in ("dossier_id", "other_id")
        ),
        sa.CheckConstraint("dossier_id <> other_id", name=op.f("ck_ties_two")),
        sa.UniqueConstraint("dossier_id", "other_id", name=op.f("uq_ties_dossier_id_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ties_other_id"), "ties", ["other_id"])


def downgrade() -> None:
    op.drop_column("dossiers", "tied")
    op.drop_table("ties")
    op.drop_table("similar_thresholds")
    op.execute(f"DELETE FROM {LABELS} WHERE dossier_id IS NULL")  # noqa: S608 (a name of our own)
    with op.batch_alter_table(LABELS, table_kwargs={"sqlite_autoincrement": True}) as labels:
        labels.drop_constraint(op.f("ck_similar_labels_why"), type_="check")
        labels.drop_column("compared")
        labels.drop_column("why")
        labels.alter_column("dossier_id", existing_type=sa.Integer(), nullable=False)
