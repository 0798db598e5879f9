"""stands are closed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'stands'
down_revision: str | None = 'assistance'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('stands', sa.Column('closed_at', sa.DateTime()))


def downgrade() -> None:
    op.drop_column('stands', 'closed_at')
