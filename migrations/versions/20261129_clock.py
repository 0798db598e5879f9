"""Terms that authorities set, silences, calendars, and who wants no digest"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "clock"
down_revision: str | None = 'composer'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _terms()
    _silences()
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_feeds_organisation_id_organisations")
        ),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_feeds_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "no_digests",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_no_digests_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_no_digests")),
    )


def _terms() -> None:
    op.create_table(
        "agreed_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("calendar", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("days IS NULL OR days > 0", name=op.f("ck_agreed_terms_days")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_agreed_terms_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_terms")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_agreed_terms_organisation_id_about"), "agreed_terms", ["organisation_id", "about"]
    )


def _silences() -> None:
    refers = {
        "dossier_id": "dossiers",
        "addressee_id": "addressees",
        "letter_id": "entries",
        "entry_id": "entries",
    }
    op.create_table(
        "silences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer()),
        sa.Column("letter_id", sa.Integer()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(10)),
        sa.CheckConstraint("(addressee_id IS NULL) <> (letter_id IS NULL)", name=op.f("ck_silences_of_one")),
        sa.CheckConstraint("times IN (1, 2)", name=op.f("ck_silences_times")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_silences_{column}_{table}"))
            for column, table in refers.items()
        ),
        sa.UniqueConstraint(
            "addressee_id", "due_on", "times", name=op.f("uq_silences_addressee_id_due_on_times")
        ),
        sa.UniqueConstraint("letter_id", "times", name=op.f("uq_silences_letter_id_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
        sqlite_autoincrement=True,
    )
    for column in ("digest", "dossier_id"):
        op.create_index(op.f(f"ix_silences_{column}"), "silences", [column])


def downgrade() -> None:
    for table in ("no_digests", "feeds", "silences", "agreed_terms"):
        op.drop_table(table)
