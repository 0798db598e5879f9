"""languages of words"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'languages'
down_revision: str | None = 'cells_filled'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WRITTEN = ('entries', 'signatures')


def upgrade() -> None:
    for table in WRITTEN:
        op.add_column(table, sa.Column('language', sa.String(8), server_default='nl', nullable=False))
    op.add_column('dossiers', sa.Column('hidden_language', sa.String(8)))


def downgrade() -> None:
    op.drop_column('dossiers', 'hidden_language')
    for table in reversed(WRITTEN):
        op.drop_column(table, 'language')
