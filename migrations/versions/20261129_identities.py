"""Who somebody is at the provider of their organisation"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "identities"
down_revision: str | None = "queued"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id_people")),
        sa.UniqueConstraint("person_id", name=op.f("uq_identities_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_identities")),
    )


def downgrade() -> None:
    op.drop_table("identities")
