"""Where authorities get their mail, and the mails that came back from them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'mail'
down_revision: str | None = 'queue'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = "state IN ('placed', 'waiting', 'let_in', 'thrown_away', 'automatic', 'returned')"


def upgrade() -> None:
    op.create_table(
        'mailboxes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('address', sa.String(), nullable=False),
        sa.Column('locale', sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_mailboxes_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mailboxes')),
        sa.UniqueConstraint('organisation_id', name=op.f('uq_mailboxes_organisation_id')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'mails',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(80), nullable=False),
        sa.Column('addressee_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(12), nullable=False),
        sa.Column('why', sa.String(16)),
        sa.Column('sender', sa.String(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('left_out', sa.Integer(), nullable=False),
        sa.Column('arrived_at', sa.DateTime(), nullable=False),
        sa.Column('settled_at', sa.DateTime()),
        sa.Column('settled_by_id', sa.Integer()),
        sa.Column('entry_id', sa.Integer()),
        sa.Column('named_at', sa.DateTime()),
        sa.CheckConstraint(STATES, name=op.f('ck_mails_state')),
        sa.ForeignKeyConstraint(['addressee_id'], ['addressees.id'], name=op.f('fk_mails_addressee_id_addressees')),
        sa.ForeignKeyConstraint(['settled_by_id'], ['people.id'], name=op.f('fk_mails_settled_by_id_people')),
        sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_mails_entry_id_entries')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
        sa.UniqueConstraint('number', name=op.f('uq_mails_number')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_mails_addressee_id_state'), 'mails', ['addressee_id', 'state'])
    op.create_index(op.f('ix_mails_state_arrived_at'), 'mails', ['state', 'arrived_at'])
    for name in ('settled_by_id', 'entry_id'):
        op.create_index(op.f(f'ix_mails_{name}'), 'mails', [name])
    op.create_table(
        'mail_files',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('mail_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('kind', sa.String(5), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['mail_id'], ['mails.id'], name=op.f('fk_mail_files_mail_id_mails'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_files')),
        sqlite_autoincrement=True,
    )
    for name in ('mail_id', 'key'):
        op.create_index(op.f(f'ix_mail_files_{name}'), 'mail_files', [name])


def downgrade() -> None:
    op.drop_table('mail_files')
    op.drop_table('mails')
    op.drop_table('mailboxes')
