"""languages of words"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'languages'
down_revision: str | None = '0004'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WRITTEN = ('entries', 'signatures')


def upgrade() -> None:
    """What was written before was probably written in the language of the dossier it belongs to."""
    for table in WRITTEN:
        op.add_column(table, sa.Column('language', sa.String(8), server_default='nl', nullable=False))
        theirs = f'(SELECT d.language FROM dossiers d WHERE d.id = {table}.dossier_id)'  # noqa: S608
        op.execute(f'UPDATE {table} SET language = {theirs}')  # noqa: S608
    op.add_column('dossiers', sa.Column('hidden_language', sa.String(8)))
    op.execute('UPDATE dossiers SET hidden_language = language WHERE hidden_at IS NOT NULL')


def downgrade() -> None:
    op.drop_column('dossiers', 'hidden_language')
    for table in reversed(WRITTEN):
        op.drop_column(table, 'language')
