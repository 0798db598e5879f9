"""Mandates of helpers, receipts, links to take over, wrong codes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'assistance'
down_revision: str | None = 'successor'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _make_mandates()
    _make_receipts()
    op.create_table(
        'take_overs',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('receipt_id', sa.Integer(), nullable=False),
        sa.Column('email', sa.String(), nullable=False),
        sa.Column('email_key', sa.String(), nullable=False),
        sa.Column('locale', sa.String(8), nullable=False),
        sa.Column('asked_at', sa.DateTime(), nullable=False),
        sa.Column('used_at', sa.DateTime()),
        sa.ForeignKeyConstraint(['receipt_id'], ['receipts.id'], name=op.f('fk_take_overs_receipt_id_receipts')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_take_overs')),
        sqlite_autoincrement=True,
    )
    for column in ('receipt_id', 'email_key'):
        op.create_index(op.f(f'ix_take_overs_{column}_asked_at'), 'take_overs', [column, 'asked_at'])
    op.create_table(
        'tries',
        sa.Column('origin', sa.String(16), nullable=False),
        sa.Column('began_at', sa.DateTime(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('origin', name=op.f('pk_tries')),
    )


def _make_mandates() -> None:
    op.create_table(
        'mandates',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('starts_at', sa.DateTime(), nullable=False),
        sa.Column('ends_at', sa.DateTime(), nullable=False),
        sa.Column('given_by_id', sa.Integer()),
        sa.Column('most_per_day', sa.Integer(), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime()),
        sa.Column('withdrawn_reason', sa.String(), nullable=False),
        sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_mandates_term')),
        sa.CheckConstraint('most_per_day > 0', name=op.f('ck_mandates_some_per_day')),
        sa.CheckConstraint(
            "withdrawn_at IS NOT NULL OR withdrawn_reason = ''", name=op.f('ck_mandates_reason_when_withdrawn')
        ),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_mandates_organisation_id_organisations')
        ),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_mandates_person_id_people')),
        sa.ForeignKeyConstraint(['given_by_id'], ['people.id'], name=op.f('fk_mandates_given_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mandates')),
        sqlite_autoincrement=True,
    )
    for column in ('person_id', 'organisation_id'):
        op.create_index(op.f(f'ix_mandates_{column}'), 'mandates', [column])


def _make_receipts() -> None:
    op.create_table(
        'receipts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code_digest', sa.String(64), nullable=False),
        sa.Column('mandate_id', sa.Integer(), nullable=False),
        sa.Column('helper_id', sa.Integer()),
        sa.Column('person_id', sa.Integer()),
        sa.Column('signature_id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer()),
        sa.Column('consent_text_version', sa.String(8), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('made_at', sa.DateTime(), nullable=False),
        sa.Column('taken_over_at', sa.DateTime()),
        sa.Column('withdrawn_at', sa.DateTime()),
        sa.ForeignKeyConstraint(['mandate_id'], ['mandates.id'], name=op.f('fk_receipts_mandate_id_mandates')),
        sa.ForeignKeyConstraint(['helper_id'], ['people.id'], name=op.f('fk_receipts_helper_id_people')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_receipts_person_id_people')),
        sa.ForeignKeyConstraint(
            ['signature_id'], ['signatures.id'], name=op.f('fk_receipts_signature_id_signatures')
        ),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_receipts_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts')),
        sa.UniqueConstraint('code_digest', name=op.f('uq_receipts_code_digest')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_receipts_mandate_id_made_at'), 'receipts', ['mandate_id', 'made_at'])
    for column in ('helper_id', 'person_id', 'signature_id'):
        op.create_index(op.f(f'ix_receipts_{column}'), 'receipts', [column])


def downgrade() -> None:
    for table in ('tries', 'take_overs', 'receipts', 'mandates'):
        op.drop_table(table)
