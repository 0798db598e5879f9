"""What supporters say to "done"; questions of officials to the neighbours; supporters who want no mails"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'verdict'
down_revision: str | None = 'few'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column('signatures', sa.Column('quiet', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        'rounds',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('share', sa.Integer(), nullable=False),
        sa.Column('least', sa.Integer(), nullable=False),
        sa.Column('opened_at', sa.DateTime(), nullable=False),
        sa.Column('closed_at', sa.DateTime()),
        sa.Column('outcome', sa.String(12)),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ('solved', 'not_solved', 'cannot_tell', 'supporters')
        ),
        sa.CheckConstraint(
            "outcome IN ('solved', 'not_solved', 'too_few', 'overtaken')", name=op.f('ck_rounds_outcome')
        ),
        sa.CheckConstraint(
            '(outcome IS NULL) = (closed_at IS NULL)', name=op.f('ck_rounds_closed_with_outcome')
        ),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_rounds_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rounds')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_rounds_dossier_id'), 'rounds', ['dossier_id'])
    op.create_index(op.f('ix_rounds_closed_at_ends_on'), 'rounds', ['closed_at', 'ends_on'])
    op.create_table(
        'verdicts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('says', sa.String(12), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.CheckConstraint("says IN ('solved', 'not_solved', 'cannot_tell')", name=op.f('ck_verdicts_says')),
        sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_verdicts_round_id_rounds')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_verdicts_person_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_verdicts')),
        sa.UniqueConstraint('round_id', 'person_id', name=op.f('uq_verdicts_round_id_person_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_verdicts_person_id'), 'verdicts', ['person_id'])
    op.create_table(
        'questions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('asked_on', sa.Date(), nullable=False),
        sa.Column('remind_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('reminded_at', sa.DateTime()),
        sa.Column('state', sa.String(12), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'replied', 'no_reply', 'dropped')", name=op.f('ck_questions_state')
        ),
        sa.ForeignKeyConstraint(
            ['dossier_id'], ['dossiers.id'], name=op.f('fk_questions_dossier_id_dossiers')
        ),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisations.id'], name=op.f('fk_questions_organisation_id_organisations')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_questions')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_questions_dossier_id'), 'questions', ['dossier_id'])
    op.create_index(op.f('ix_questions_state_ends_on'), 'questions', ['state', 'ends_on'])
    op.create_table(
        'asked',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['question_id'], ['questions.id'], name=op.f('fk_asked_question_id_questions')
        ),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_asked_person_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_asked')),
        sa.UniqueConstraint('question_id', 'person_id', name=op.f('uq_asked_question_id_person_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_asked_person_id'), 'asked', ['person_id'])


def downgrade() -> None:
    for table in ('asked', 'questions', 'verdicts', 'rounds'):
        op.drop_table(table)
    op.drop_column('signatures', 'quiet')
