"""Doing it together: proposals, what each side says, partners; plans that have a day"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "together"
down_revision: str | None = "similar_labels"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("begins_at", sa.DateTime()))
    op.add_column("dossiers", sa.Column("ends_at", sa.DateTime()))
    op.create_index(op.f("ix_dossiers_begins_at"), "dossiers", ["begins_at"])
    for column in ("shared", "proposed"):
        op.add_column("dossiers", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "successions", sa.Column("together", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _proposals()
    _parties()
    _partners()


def _references(table: str, **columns: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.String(40), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("demands", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'agreed', 'refused', 'ended')", name=op.f("ck_proposals_state")
        ),
        sa.CheckConstraint("host_id <> guest_id", name=op.f("ck_proposals_two")),
        *_references("proposals", host_id="dossiers", guest_id="dossiers"),
        sa.UniqueConstraint("pair", name=op.f("uq_proposals_pair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    for column in ("host_id", "guest_id"):
        op.create_index(op.f(f"ix_proposals_{column}"), "proposals", [column])


def _parties() -> None:
    op.create_table(
        "parties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(12), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime()),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("again_at", sa.DateTime()),
        sa.CheckConstraint("says IN ('asked', 'yes', 'later', 'no')", name=op.f("ck_parties_says")),
        *_references("parties", proposal_id="proposals", dossier_id="dossiers", person_id="people"),
        sa.UniqueConstraint("proposal_id", "dossier_id", name=op.f("uq_parties_proposal_id_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
        sqlite_autoincrement=True,
    )
    for column in ("dossier_id", "person_id"):
        op.create_index(op.f(f"ix_parties_{column}"), "parties", [column])
    op.create_index(op.f("ix_parties_says_answered_at"), "parties", ["says", "answered_at"])


def _partners() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("former", sa.JSON()),
        *_references("partners", dossier_id="dossiers", host_id="dossiers"),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_partners_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_partners_host_id"), "partners", ["host_id"])


def downgrade() -> None:
    for table in ("partners", "parties", "proposals"):
        op.drop_table(table)
    op.drop_column("successions", "together")
    op.drop_column("dossiers", "proposed")
    op.drop_column("dossiers", "shared")
    op.drop_index(op.f("ix_dossiers_begins_at"), "dossiers")
    op.drop_column("dossiers", "ends_at")
    op.drop_column("dossiers", "begins_at")
