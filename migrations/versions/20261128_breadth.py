"""How widely support is spread"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'breadth'
down_revision: str | None = 'printing'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        'breadths',
        sa.Column('dossier_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('supporters', sa.Integer(), nullable=False),
        sa.Column('looked_at', sa.DateTime()),
        sa.Column('due_at', sa.DateTime()),
        sa.Column('told', sa.JSON(), nullable=False),
        sa.Column('shown', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_breadths_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('dossier_id', name=op.f('pk_breadths')),
    )
    op.create_index(op.f('ix_breadths_due_at'), 'breadths', ['due_at'])
    _look_soon()
    for name in ('buildings_reached', 'buildings_there'):  # last, so that dossiers are locked for a moment
        op.add_column('dossiers', sa.Column(name, sa.Integer(), server_default='0', nullable=False))


def _look_soon() -> None:
    """The worker looks at what has enough supporters."""
    op.execute(
        "INSERT INTO breadths (dossier_id, supporters, due_at, told, shown) "
        "SELECT id, 0, opened_at, '{}', '{}' FROM dossiers WHERE counted >= 5"
    )


def downgrade() -> None:
    for name in ('buildings_there', 'buildings_reached'):
        op.drop_column('dossiers', name)
    op.drop_index(op.f('ix_breadths_due_at'), 'breadths')
    op.drop_table('breadths')
