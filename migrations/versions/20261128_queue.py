"""Cases of authorities, their teams, saved filters and routing"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'queue'
down_revision: str | None = 'clock'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CASES = [
    ('ix_cases_due', ['organisation_id', 'part', 'due_on', 'dossier_id', 'kind', 'category_slug', 'neighbourhood_code', 'membership_id', 'team_id']),
    ('ix_cases_organisation_id_part_handed_over_on_dossier_id', ['organisation_id', 'part', 'handed_over_on', 'dossier_id']),
    ('ix_cases_organisation_id_part_answered_on_dossier_id', ['organisation_id', 'part', 'answered_on', 'dossier_id']),
    ('ix_cases_organisation_id_part_touched_due_on_dossier_id', ['organisation_id', 'part', 'touched', 'due_on', 'dossier_id']),
    ('ix_cases_organisation_id_part_asked_on', ['organisation_id', 'part', 'asked_on']),
    ('ix_cases_organisation_id_part_membership_id_team_id_due_on', ['organisation_id', 'part', 'membership_id', 'team_id', 'due_on']),
    ('ix_cases_organisation_id_part_team_id_due_on', ['organisation_id', 'part', 'team_id', 'due_on']),
    ('ix_cases_organisation_id_handed_over_on', ['organisation_id', 'handed_over_on']),
    ('ix_cases_organisation_id_answered_on', ['organisation_id', 'answered_on']),
    ('ix_cases_dossier_id', ['dossier_id']),
    ('ix_cases_membership_id', ['membership_id']),
]
FILLED = """
INSERT INTO cases (addressee_id, dossier_id, organisation_id, part, kind, category_slug, neighbourhood_code,
                   handed_over_on, due_on, answered_on, touched)
SELECT a.id, a.dossier_id, a.organisation_id,
       CASE WHEN a.state <> 'waiting' THEN 'said'
            WHEN d.state IN ('handed_over', 'answered', 'done') THEN 'open' ELSE 'over' END,
       d.kind, d.category_slug, d.neighbourhood_code, a.handed_over_on, a.due_on, a.answered_on,
       EXISTS (SELECT 1 FROM entries e WHERE e.dossier_id = a.dossier_id
               AND e.organisation_id = a.organisation_id AND e.verb IN ('answered', 'noted'))
FROM addressees a JOIN dossiers d ON d.id = a.dossier_id WHERE a.state <> 'named'
"""


def upgrade() -> None:
    op.create_table(
        'teams',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('closed_at', sa.DateTime()),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_teams_organisation_id_organisations')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_teams')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_teams_organisation_id'), 'teams', ['organisation_id'])
    op.create_table(
        'team_members',
        sa.Column('team_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('membership_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_team_members_team_id_teams')),
        sa.ForeignKeyConstraint(['membership_id'], ['memberships.id'], name=op.f('fk_team_members_membership_id_memberships')),
        sa.PrimaryKeyConstraint('team_id', 'membership_id', name=op.f('pk_team_members')),
    )
    op.create_index(op.f('ix_team_members_membership_id'), 'team_members', ['membership_id'])
    _cases()
    _lists()


def _cases() -> None:
    op.create_table(
        'cases',
        sa.Column('addressee_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('part', sa.String(8), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('category_slug', sa.String()),
        sa.Column('neighbourhood_code', sa.String()),
        sa.Column('handed_over_on', sa.Date()),
        sa.Column('due_on', sa.Date()),
        sa.Column('answered_on', sa.Date()),
        sa.Column('touched', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('asked_on', sa.Date()),
        sa.Column('team_id', sa.Integer()),
        sa.Column('membership_id', sa.Integer()),
        sa.CheckConstraint("part IN ('open', 'over', 'said')", name=op.f('ck_cases_part')),
        sa.ForeignKeyConstraint(['addressee_id'], ['addressees.id'], name=op.f('fk_cases_addressee_id_addressees')),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_cases_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_cases_organisation_id_organisations')),
        sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_cases_team_id_teams')),
        sa.ForeignKeyConstraint(['membership_id'], ['memberships.id'], name=op.f('fk_cases_membership_id_memberships')),
        sa.PrimaryKeyConstraint('addressee_id', name=op.f('pk_cases')),
    )
    op.execute(FILLED)
    for name, columns in CASES:
        op.create_index(name, 'cases', columns)


def _lists() -> None:
    op.create_table(
        'routings',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(8), nullable=False),
        sa.Column('rules', sa.JSON(), nullable=False),
        sa.Column('fallback_id', sa.Integer()),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.Column('tried_at', sa.DateTime()),
        sa.Column('on_at', sa.DateTime()),
        sa.Column('off_at', sa.DateTime()),
        sa.CheckConstraint("state IN ('draft', 'on', 'past')", name=op.f('ck_routings_state')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_routings_organisation_id_organisations')),
        sa.ForeignKeyConstraint(['fallback_id'], ['memberships.id'], name=op.f('fk_routings_fallback_id_memberships')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_routings')),
        sqlite_autoincrement=True,
    )
    where = sa.text("state <> 'past'")
    op.create_index('uq_routings_in_use', 'routings', ['organisation_id', 'state'], unique=True, sqlite_where=where, postgresql_where=where)
    op.create_table(
        'saved_filters',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('given', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_saved_filters_person_id_people')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_saved_filters_organisation_id_organisations')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filters')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_saved_filters_person_id_organisation_id'), 'saved_filters', ['person_id', 'organisation_id'])


def downgrade() -> None:
    for table in ('saved_filters', 'routings', 'cases', 'team_members', 'teams'):
        op.drop_table(table)
