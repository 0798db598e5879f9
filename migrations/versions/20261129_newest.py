"""What moved last, and who waits longest, found without reading all the others"""

from collections.abc import Sequence

from alembic import op

revision: str = "newest"
down_revision: str | None = "squares"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_dossiers_changed_at", "dossiers", ["changed_at"])
    op.create_index("ix_addressees_state_due_on", "addressees", ["state", "due_on"])


def downgrade() -> None:
    op.drop_index("ix_addressees_state_due_on", "addressees")
    op.drop_index("ix_dossiers_changed_at", "dossiers")
