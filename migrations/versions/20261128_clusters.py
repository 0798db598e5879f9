"""Groups: which dossiers are about the same, and what people decided about them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'clusters'
down_revision: str | None = 'together'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        'cluster_dossiers',
        sa.Column('dossier_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('root_id', sa.Integer(), nullable=False),
        sa.Column('moment', sa.BigInteger(), nullable=False),
        sa.Column('spot', sa.String(), nullable=False),
        sa.Column('terms', sa.Text(), nullable=False),
        sa.Column('category', sa.String(), nullable=False),
        sa.Column('lat', sa.Double()),
        sa.Column('lon', sa.Double()),
        sa.Column('part_id', sa.Integer()),
        sa.PrimaryKeyConstraint('dossier_id', name=op.f('pk_cluster_dossiers')),
    )
    for name in ('spot', 'root_id', 'part_id'):
        op.create_index(op.f(f'ix_cluster_dossiers_{name}'), 'cluster_dossiers', [name])
    op.create_table(
        'cluster_changes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cluster_changes')),
        sqlite_autoincrement=True,
    )
    # Empty: the worker sees that the groups were made by no rules, and makes them.
    op.create_table(
        'cluster_rules',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cluster_rules')),
    )
    op.create_table(
        'cluster_set_asides',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('language', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_cluster_set_asides_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cluster_set_asides')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'cluster_set_aside_dossiers',
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('set_aside_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['organisation_id'],
            ['organisations.id'],
            name=op.f('fk_cluster_set_aside_dossiers_organisation_id_organisations'),
        ),
        sa.ForeignKeyConstraint(
            ['dossier_id'], ['dossiers.id'], name=op.f('fk_cluster_set_aside_dossiers_dossier_id_dossiers')
        ),
        sa.ForeignKeyConstraint(
            ['set_aside_id'],
            ['cluster_set_asides.id'],
            name=op.f('fk_cluster_set_aside_dossiers_set_aside_id_cluster_set_asides'),
        ),
        sa.PrimaryKeyConstraint('organisation_id', 'dossier_id', name=op.f('pk_cluster_set_aside_dossiers')),
    )
    op.create_index(
        op.f('ix_cluster_set_aside_dossiers_set_aside_id'), 'cluster_set_aside_dossiers', ['set_aside_id']
    )
    op.create_table(
        'cluster_parts',
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('part_id', sa.Integer(), nullable=False),
        sa.Column('split_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_cluster_parts_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('dossier_id', name=op.f('pk_cluster_parts')),
    )


def downgrade() -> None:
    for table in (
        'cluster_parts',
        'cluster_set_aside_dossiers',
        'cluster_set_asides',
        'cluster_rules',
        'cluster_changes',
        'cluster_dossiers',
    ):
        op.drop_table(table)
