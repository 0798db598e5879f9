"""The journal of signatures; homes, households, stands and strikes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'journal'
down_revision: str | None = 'answers'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Written out, because Alembic would make a table anew that has rows which others refer to.
COLUMNS = {
    'name_key': "VARCHAR DEFAULT '' NOT NULL",
    'building': "VARCHAR DEFAULT '' NOT NULL",
    'unit': "VARCHAR(20) DEFAULT '' NOT NULL",
    'way': "VARCHAR(8) DEFAULT 'online' NOT NULL CONSTRAINT ck_signatures_way "
    "CHECK (way IN ('online', 'paper', 'assisted'))",
    'helper_id': 'INTEGER CONSTRAINT fk_signatures_helper_id_people REFERENCES people (id)',
    'held': "VARCHAR(12) CONSTRAINT ck_signatures_held_does_not_count "
    "CHECK (state <> 'confirmed' OR held IS NULL)",
    'strike_id': 'INTEGER CONSTRAINT fk_signatures_strike_id_strikes REFERENCES strikes (id)',
    'stand_id': 'INTEGER CONSTRAINT fk_signatures_stand_id_stands REFERENCES stands (id)',
    'network': 'VARCHAR(16)',
    'device': 'VARCHAR(16)',
    'mail_domain': 'VARCHAR(120)',
}


def upgrade() -> None:
    op.add_column('people', sa.Column('building', sa.String(), server_default='', nullable=False))
    op.add_column('organisations', sa.Column('buildings', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('dossiers', sa.Column('counted', sa.Integer(), server_default='0', nullable=False))
    op.add_column('dossiers', sa.Column('settled_at', sa.DateTime()))
    op.add_column('dossiers', sa.Column('forgotten_at', sa.DateTime()))
    op.create_index(op.f('ix_dossiers_settled_at'), 'dossiers', ['settled_at'])
    _make_tables()
    for name, kind in COLUMNS.items():
        op.execute(f'ALTER TABLE signatures ADD COLUMN {name} {kind}')
    op.add_column('signatures', sa.Column('ready_at', sa.DateTime()))


def _make_tables() -> None:
    op.create_table(
        'households',
        sa.Column('second_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('first_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['first_id'], ['people.id'], name=op.f('fk_households_first_id_people')),
        sa.ForeignKeyConstraint(['second_id'], ['people.id'], name=op.f('fk_households_second_id_people')),
        sa.PrimaryKeyConstraint('second_id', name=op.f('pk_households')),
        sa.UniqueConstraint('first_id', name=op.f('uq_households_first_id')),
    )
    op.create_table(
        'movements',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('signature_id', sa.Integer()),
        sa.Column('verb', sa.String(24), nullable=False),
        sa.Column('delta', sa.Integer(), nullable=False),
        sa.Column('via', sa.String(16)),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('counted_in', sa.Integer()),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_movements_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_movements')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_movements_dossier_id_counted_in'), 'movements', ['dossier_id', 'counted_in'])
    still_open = sa.text('counted_in IS NULL')
    op.create_index(
        'ix_movements_open',
        'movements',
        ['dossier_id', 'delta'],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        'stands',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('opened_by_id', sa.Integer()),
        sa.Column('place_name', sa.String(), nullable=False),
        sa.Column('starts_at', sa.DateTime(), nullable=False),
        sa.Column('ends_at', sa.DateTime(), nullable=False),
        sa.Column('most', sa.Integer(), nullable=False),
        sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_stands_hours')),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_stands_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_stands_organisation_id_organisations')
        ),
        sa.ForeignKeyConstraint(['opened_by_id'], ['people.id'], name=op.f('fk_stands_opened_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_stands')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_stands_dossier_id'), 'stands', ['dossier_id'])
    op.create_table(
        'strikes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('actor_id', sa.Integer()),
        sa.Column('organisation_id', sa.Integer()),
        sa.Column('conditions', sa.JSON(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('before', sa.Integer(), nullable=False),
        sa.Column('after', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('undone_at', sa.DateTime()),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_strikes_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['actor_id'], ['people.id'], name=op.f('fk_strikes_actor_id_people')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_strikes_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_strikes')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_strikes_dossier_id'), 'strikes', ['dossier_id'])


def downgrade() -> None:
    # Made anew on SQLite: as long as nothing refers to it, that breaks nothing.
    with op.batch_alter_table('signatures', table_kwargs={'sqlite_autoincrement': True}) as signatures:
        for name in ('way', 'held_does_not_count'):
            signatures.drop_constraint(op.f(f'ck_signatures_{name}'), type_='check')
        for name in (*COLUMNS, 'ready_at'):
            signatures.drop_column(name)
    for table in ('strikes', 'stands', 'movements', 'households'):
        op.drop_table(table)
    op.drop_index(op.f('ix_dossiers_settled_at'), 'dossiers')
    for table, name in (
        ('dossiers', 'forgotten_at'),
        ('dossiers', 'settled_at'),
        ('dossiers', 'counted'),
        ('organisations', 'buildings'),
        ('people', 'building'),
    ):
        op.drop_column(table, name)
