"""what is contested already

A revision of its own: what it changes rows of is not locked for who reads them (ADR 31).
"""

from collections.abc import Sequence

from alembic import op

revision: str = "contested_filled"
down_revision: str | None = "replies"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "UPDATE dossiers SET contested = true WHERE state = 'handed_over' AND id IN (SELECT dossier_id"
        " FROM addressees WHERE state = 'waiting' AND CAST(term AS TEXT) LIKE '%\"contested\"%')"
    )
    op.create_index(op.f("ix_entries_verb_on"), "entries", ["verb", "on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_entries_verb_on"), "entries")
