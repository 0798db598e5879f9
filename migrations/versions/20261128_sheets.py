"""Signature sheets, and what was typed in from them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'sheets'
down_revision: str | None = 'brought_forward'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = "state IN ('counted', 'double', 'unreadable', 'crossed', 'removed')"


def upgrade() -> None:
    op.create_table(
        'sheets',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(9), nullable=False),
        sa.Column('building', sa.String(), nullable=False),
        sa.Column('stairwell', sa.String(40), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('issued_at', sa.DateTime(), nullable=False),
        sa.Column('issued_by_id', sa.Integer()),
        sa.Column('entering_by_id', sa.Integer()),
        sa.Column('entering_since', sa.DateTime()),
        sa.Column('entering_until', sa.DateTime()),
        sa.Column('entered_at', sa.DateTime()),
        sa.Column('photo', sa.String()),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_sheets_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_sheets_organisation_id_organisations')
        ),
        sa.ForeignKeyConstraint(['issued_by_id'], ['people.id'], name=op.f('fk_sheets_issued_by_id_people')),
        sa.ForeignKeyConstraint(['entering_by_id'], ['people.id'], name=op.f('fk_sheets_entering_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sheets')),
        sa.UniqueConstraint('code', name=op.f('uq_sheets_code')),
        sqlite_autoincrement=True,
    )
    for name in ('dossier_id', 'organisation_id', 'photo'):
        op.create_index(op.f(f'ix_sheets_{name}'), 'sheets', [name])
    op.create_table(
        'sheet_rows',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sheet_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('signature_id', sa.Integer()),
        sa.Column('doubles_id', sa.Integer()),
        sa.Column('typed_by_id', sa.Integer()),
        sa.Column('typed_at', sa.DateTime(), nullable=False),
        sa.Column('sampled', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('checked', sa.String(8)),
        sa.Column('checked_at', sa.DateTime()),
        sa.Column('checked_by_id', sa.Integer()),
        sa.CheckConstraint(STATES, name=op.f('ck_sheet_rows_state')),
        sa.CheckConstraint("checked IS NULL OR checked IN ('right', 'wrong')", name=op.f('ck_sheet_rows_checked')),
        sa.ForeignKeyConstraint(['sheet_id'], ['sheets.id'], name=op.f('fk_sheet_rows_sheet_id_sheets')),
        sa.ForeignKeyConstraint(
            ['signature_id'], ['signatures.id'], name=op.f('fk_sheet_rows_signature_id_signatures')
        ),
        sa.ForeignKeyConstraint(['doubles_id'], ['signatures.id'], name=op.f('fk_sheet_rows_doubles_id_signatures')),
        sa.ForeignKeyConstraint(['typed_by_id'], ['people.id'], name=op.f('fk_sheet_rows_typed_by_id_people')),
        sa.ForeignKeyConstraint(['checked_by_id'], ['people.id'], name=op.f('fk_sheet_rows_checked_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_rows')),
        sa.UniqueConstraint('sheet_id', 'number', name=op.f('uq_sheet_rows_sheet_id_number')),
        sqlite_autoincrement=True,
    )
    for name in ('signature_id', 'doubles_id'):
        op.create_index(op.f(f'ix_sheet_rows_{name}'), 'sheet_rows', [name])


def downgrade() -> None:
    op.drop_table('sheet_rows')
    op.drop_table('sheets')
