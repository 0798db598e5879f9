"""Answers to the questions about a category"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'answers'
down_revision: str | None = 'devices'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('dossiers', sa.Column('answers', sa.JSON(), server_default='{}', nullable=False))


def downgrade() -> None:
    op.drop_column('dossiers', 'answers')
