"""cells of the map"""

from collections.abc import Sequence

from alembic import op

revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ON_MAP = (
    "cell IS NULL OR (lat IS NOT NULL AND hidden_at IS NULL AND NOT stayed_private"
    " AND state NOT IN ('draft', 'unconfirmed'))"
)


def upgrade() -> None:
    # With its check in the same breath: SQLite adds none to a table that is there.
    op.execute(f'ALTER TABLE dossiers ADD COLUMN cell BIGINT CONSTRAINT ck_dossiers_on_map CHECK ({ON_MAP})')


def downgrade() -> None:
    op.drop_column('dossiers', 'cell')
