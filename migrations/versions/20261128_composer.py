"""What officials have at hand while they write: drafts, templates, files, who else is there"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "composer"
down_revision: str | None = 'verdict'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "answer_drafts": ("changed_at", "person_id"),
    "answer_templates": ("organisation_id",),
    "answer_files": ("dossier_id", "large", "small", "large_avif", "small_avif"),
    "presences": ("seen_at", "person_id"),
}


def key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "answer_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("filled_in", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        key("answer_drafts", "dossier_id", "dossiers"),
        key("answer_drafts", "organisation_id", "organisations"),
        key("answer_drafts", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_drafts")),
        sa.UniqueConstraint(
            "dossier_id", "organisation_id", name=op.f("uq_answer_drafts_dossier_id_organisation_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "answer_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        key("answer_templates", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_templates")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "answer_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        *(sa.Column(n, sa.String(), nullable=False) for n in ("large", "small", "large_avif", "small_avif")),
        sa.Column("small_width", sa.Integer(), nullable=False),
        sa.Column("small_height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('picture', 'pdf')", name=op.f("ck_answer_files_kind")),
        key("answer_files", "dossier_id", "dossiers"),
        key("answer_files", "organisation_id", "organisations"),
        key("answer_files", "entry_id", "entries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_files")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "presences",
        sa.Column("dossier_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        key("presences", "dossier_id", "dossiers"),
        key("presences", "person_id", "people"),
        key("presences", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("dossier_id", "person_id", name=op.f("pk_presences")),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in reversed(INDEXES):
        op.drop_table(table)
