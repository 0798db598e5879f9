"""withdrawn unseen"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    private = sa.Column('stayed_private', sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column('dossiers', private)


def downgrade() -> None:
    op.drop_column('dossiers', 'stayed_private')
