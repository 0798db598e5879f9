"""Promises, trials, decisions and citations; those that stand on timelines already get their rows"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = 'promises'
down_revision: str | None = 'mail'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW = ('promise_voices', 'promise_evidence', 'citations', 'trials', 'promises', 'decision_steps')
SAID = """SELECT e.id, e.dossier_id, e.organisation_id, e.data, o.kind AS body
FROM entries e LEFT JOIN organisations o ON o.id = e.organisation_id WHERE e.verb = 'answered' ORDER BY e.id"""


def upgrade() -> None:
    op.create_table(
        'decision_steps',
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('step', sa.String(20), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.CheckConstraint("step IN ('motion', 'answer', 'paper', 'committee', 'council', 'execution')", name=op.f('ck_decision_steps_step')),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_decision_steps_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_decision_steps_entry_id_entries')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_decision_steps_organisation_id_organisations')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_steps')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_decision_steps_entry_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_decision_steps_dossier_id'), 'decision_steps', ['dossier_id'])
    op.create_table(
        'promises',
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('role', sa.String(80), nullable=False),
        sa.Column('level', sa.String(20)),
        sa.Column('by_on', sa.Date()),
        sa.Column('state', sa.String(20), nullable=False),
        sa.Column('settled_on', sa.Date()),
        sa.Column('settled_precision', sa.String(8), nullable=False),
        sa.Column('settled_entry_id', sa.Integer()),
        sa.Column('settled_by_id', sa.Integer()),
        sa.Column('reminded_for', sa.Date()),
        sa.Column('asked_for', sa.Date()),
        sa.Column('asked_on', sa.Date()),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.CheckConstraint("(state IN ('open', 'late')) = (settled_on IS NULL)", name=op.f('ck_promises_settled_on_a_day')),
        sa.CheckConstraint("level IS NULL OR level IN ('council', 'committee', 'executive', 'civil_service', 'contractor')", name=op.f('ck_promises_level')),
        sa.CheckConstraint("state IN ('open', 'late', 'kept', 'withdrawn', 'taken_over', 'reversed')", name=op.f('ck_promises_state')),
        sa.CheckConstraint('(asked_on IS NULL) = (asked_for IS NULL)', name=op.f('ck_promises_asked_about_a_day')),
        sa.CheckConstraint('(settled_on IS NULL) = (settled_entry_id IS NULL)', name=op.f('ck_promises_settled_with_entry')),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_promises_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_promises_entry_id_entries')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_promises_organisation_id_organisations')),
        sa.ForeignKeyConstraint(['settled_by_id'], ['organisations.id'], name=op.f('fk_promises_settled_by_id_organisations')),
        sa.ForeignKeyConstraint(['settled_entry_id'], ['entries.id'], name=op.f('fk_promises_settled_entry_id_entries')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_promises')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_promises_entry_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_promises_dossier_id'), 'promises', ['dossier_id'])
    op.create_index(op.f('ix_promises_organisation_id_state'), 'promises', ['organisation_id', 'state'])
    op.create_index(op.f('ix_promises_state_by_on'), 'promises', ['state', 'by_on'])
    op.create_table(
        'trials',
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer()),
        sa.Column('places', sa.JSON(), nullable=False),
        sa.Column('from_on', sa.Date()),
        sa.Column('until_on', sa.Date()),
        sa.Column('precision', sa.String(8), nullable=False),
        sa.Column('with_whom', sa.String(), nullable=False),
        sa.Column('cost', sa.String(), nullable=False),
        sa.Column('radius', sa.Integer(), nullable=False),
        sa.Column('outcome', sa.String(), nullable=False),
        sa.Column('decision', sa.String(20)),
        sa.Column('decision_text', sa.String(), nullable=False),
        sa.Column('closed_on', sa.Date()),
        sa.Column('closed_entry_id', sa.Integer()),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_on IS NULL AND decision IS NULL) OR (closed_on IS NOT NULL AND decision IS NOT NULL AND outcome <> '')", name=op.f('ck_trials_closed_with_outcome_and_decision')),
        sa.CheckConstraint("decision IS NULL OR decision IN ('stays', 'changed', 'stops', 'none_yet')", name=op.f('ck_trials_decision')),
        sa.CheckConstraint('until_on IS NULL OR from_on IS NULL OR until_on >= from_on', name=op.f('ck_trials_period')),
        sa.ForeignKeyConstraint(['closed_entry_id'], ['entries.id'], name=op.f('fk_trials_closed_entry_id_entries')),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_trials_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_trials_entry_id_entries')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_trials_organisation_id_organisations')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_trials')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_trials_entry_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_trials_dossier_id'), 'trials', ['dossier_id'])
    op.create_table(
        'citations',
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('role', sa.String(80), nullable=False),
        sa.Column('level', sa.String(20)),
        sa.Column('organisation_id', sa.Integer()),
        sa.Column('recording', sa.String(), nullable=False),
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('at_seconds', sa.Integer(), nullable=False),
        sa.Column('comment', sa.String(), nullable=False),
        sa.Column('promise_id', sa.Integer()),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.CheckConstraint("level IS NULL OR level IN ('council', 'committee', 'executive', 'civil_service', 'contractor')", name=op.f('ck_citations_level')),
        sa.CheckConstraint('at_seconds >= 0', name=op.f('ck_citations_at_seconds')),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_citations_dossier_id_dossiers')),
        sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_citations_entry_id_entries')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_citations_organisation_id_organisations')),
        sa.ForeignKeyConstraint(['promise_id'], ['promises.id'], name=op.f('fk_citations_promise_id_promises')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_citations')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_citations_entry_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_citations_dossier_id'), 'citations', ['dossier_id'])
    op.create_table(
        'promise_evidence',
        sa.Column('promise_id', sa.Integer(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('url', sa.String()),
        sa.Column('entry_id', sa.Integer()),
        sa.Column('attachment_id', sa.Integer()),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.CheckConstraint('CASE WHEN url IS NULL THEN 0 ELSE 1 END + CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END + CASE WHEN attachment_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_promise_evidence_one_of_three')),
        sa.ForeignKeyConstraint(['attachment_id'], ['attachments.id'], name=op.f('fk_promise_evidence_attachment_id_attachments'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_promise_evidence_entry_id_entries')),
        sa.ForeignKeyConstraint(['promise_id'], ['promises.id'], name=op.f('fk_promise_evidence_promise_id_promises')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_evidence')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_promise_evidence_promise_id'), 'promise_evidence', ['promise_id'])
    op.create_table(
        'promise_voices',
        sa.Column('promise_id', sa.Integer(), nullable=False),
        sa.Column('signature_id', sa.Integer()),
        sa.Column('said', sa.String(8)),
        sa.Column('said_at', sa.DateTime()),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.CheckConstraint("said IS NULL OR said IN ('yes', 'no', 'unsure')", name=op.f('ck_promise_voices_said')),
        sa.ForeignKeyConstraint(['promise_id'], ['promises.id'], name=op.f('fk_promise_voices_promise_id_promises')),
        sa.ForeignKeyConstraint(['signature_id'], ['signatures.id'], name=op.f('fk_promise_voices_signature_id_signatures')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_voices')),
        sa.UniqueConstraint('promise_id', 'signature_id', name=op.f('uq_promise_voices_promise_id_signature_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_promise_voices_signature_id'), 'promise_voices', ['signature_id'])
    _from_timelines()


def _from_timelines() -> None:
    connection = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(connection, only=['promises', 'trials'])
    for entry in connection.execute(sa.text(SAID)).mappings().all():
        data = json.loads(entry['data']) if isinstance(entry['data'], str) else entry['data']
        if 'via' in data or entry['organisation_id'] is None:
            continue
        of = {'dossier_id': entry['dossier_id'], 'entry_id': entry['id'], 'organisation_id': entry['organisation_id']}
        if data.get('kind') == 'promise':
            connection.execute(sa.insert(tables.tables['promises']).values(**of, **_promise(entry, data)))
        elif data.get('kind') == 'trial':
            connection.execute(sa.insert(tables.tables['trials']).values(**of, **_trial(data.get('trial') or {})))


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _promise(entry: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What later verbs would say is not known yet: every one is open. Of past days nobody is asked any more."""
    by_on = _day(data.get('promise_on'))
    level = 'committee' if entry['body'] == 'committee' else None
    past = by_on if by_on and by_on < datetime.now(UTC).date() else None
    asked = {'asked_for': past, 'asked_on': past}
    return {'role': '', 'level': level, 'by_on': by_on, 'state': 'open', 'settled_precision': 'day', **asked}


def _trial(told: dict[str, Any]) -> dict[str, Any]:
    place, words = told.get('place') or '', {'with_whom': '', 'cost': '', 'decision_text': ''}
    return {
        'places': [{'name': place, 'lat': None, 'lon': None}] if place else [],
        'from_on': _day(told.get('from')),
        'until_on': _day(told.get('until')),
        'precision': 'day',
        'radius': 150,
        'outcome': told.get('outcome') or '',
        **words,
    }


def downgrade() -> None:
    for name in NEW:
        op.drop_table(name)
