"""Sessions, second factors, wrong tries, and looks into what is not public"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "sessions"
down_revision: str | None = "watch"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


SEEN = "'sheet', 'picture', 'examples', 'held', 'helpers', 'mails', 'mail', 'file'"


def _of_a_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id_people"))


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("proven_at", sa.DateTime(), nullable=False),
        sa.Column("factor_at", sa.DateTime()),
        sa.Column("asked_at", sa.DateTime()),
        _of_a_person("sessions"),
        sa.UniqueConstraint("key", name=op.f("uq_sessions_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])
    op.create_table(
        "factors",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        _of_a_person("factors"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _of_a_person("recovery_codes"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])
    op.create_table(
        "wrong_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("whose", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_tries")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(f"what IN ({SEEN})", name=op.f("ck_looks_what")),
        _of_a_person("looks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_looks_at"), "looks", ["at"])
    op.create_index(op.f("ix_looks_person_id"), "looks", ["person_id"])
    for column in ("whose", "origin"):
        op.create_index(op.f(f"ix_wrong_tries_{column}_at"), "wrong_tries", [column, "at"])


def downgrade() -> None:
    for table in ("looks", "wrong_tries", "recovery_codes", "factors", "sessions"):
        op.drop_table(table)
