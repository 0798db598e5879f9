"""What people said of two dossiers: the same or not, without who said so"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'similar_labels'
down_revision: str | None = 'similar'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIDES = ('dossier_id', 'other_id')


def upgrade() -> None:
    op.create_table(
        'similar_labels',
        sa.Column('id', sa.Integer(), nullable=False),
        *(sa.Column(side, sa.Integer(), nullable=False) for side in SIDES),
        sa.Column('same', sa.Boolean(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [side], ['dossiers.id'], name=op.f(f'fk_similar_labels_{side}_dossiers'), ondelete='CASCADE'
            )
            for side in SIDES
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_similar_labels')),
        sqlite_autoincrement=True,
    )
    for side in SIDES:
        op.create_index(op.f(f'ix_similar_labels_{side}'), 'similar_labels', [side])


def downgrade() -> None:
    op.drop_table('similar_labels')
