"""Who was asked about a promise on which day; officials who want no mails; what was contested; whose a case is, in order; letters"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "replies"
down_revision: str | None = "clusters"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOSE = ["organisation_id", "part", "membership_id", "team_id", "due_on"]


def upgrade() -> None:
    op.create_table(
        "no_news",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_no_news_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_no_news")),
    )
    op.add_column("promise_voices", sa.Column("told_on", sa.Date()))
    op.execute(
        "UPDATE promise_voices SET told_on ="
        " (SELECT asked_on FROM promises WHERE promises.id = promise_voices.promise_id)"
    )
    op.add_column(
        "dossiers", sa.Column("contested", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.drop_index("ix_cases_organisation_id_part_membership_id_team_id_due_on", "cases")
    op.create_index("ix_cases_whose", "cases", [*WHOSE, "dossier_id"])


def downgrade() -> None:
    op.drop_index("ix_cases_whose", "cases")
    op.create_index("ix_cases_organisation_id_part_membership_id_team_id_due_on", "cases", WHOSE)
    op.drop_column("dossiers", "contested")
    op.drop_column("promise_voices", "told_on")
    op.drop_table("no_news")
