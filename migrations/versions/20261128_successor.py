"""Petitions that go on as another one; who signed in on purpose"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'successor'
down_revision: str | None = 'breadth'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Empty for those who signed in before: nothing says who did. They only have to ask for a link once more.
    op.add_column('people', sa.Column('signed_in_at', sa.DateTime()))
    op.create_table(
        'successions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('petition_id', sa.Integer(), nullable=False),
        sa.Column('successor_id', sa.Integer(), nullable=False),
        sa.Column('named_at', sa.DateTime(), nullable=False),
        sa.CheckConstraint('petition_id <> successor_id', name=op.f('ck_successions_another')),
        sa.ForeignKeyConstraint(
            ['petition_id'], ['dossiers.id'], name=op.f('fk_successions_petition_id_dossiers')
        ),
        sa.ForeignKeyConstraint(
            ['successor_id'], ['dossiers.id'], name=op.f('fk_successions_successor_id_dossiers')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_successions')),
        sa.UniqueConstraint('petition_id', name=op.f('uq_successions_petition_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_successions_successor_id'), 'successions', ['successor_id'])


def downgrade() -> None:
    op.drop_table('successions')
    op.drop_column('people', 'signed_in_at')
