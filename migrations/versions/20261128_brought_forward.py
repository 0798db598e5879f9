"""counts that the journal of signatures begins with

A revision of its own: what it changes rows of is not locked for who reads them (ADR 31).
"""

from collections.abc import Sequence

from alembic import op

revision: str = 'brought_forward'
down_revision: str | None = 'journal'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = (('dossier_id', 'building', 'name_key'), ('network', 'signed_at'), ('device', 'signed_at'))
NO_JOURNAL = 'NOT EXISTS (SELECT 1 FROM movements WHERE movements.dossier_id = dossiers.id)'


def upgrade() -> None:
    """What was counted before there was a journal is its first row; what rests, rests since its last change."""
    for columns in INDEXES:
        op.create_index(op.f(f'ix_signatures_{"_".join(columns)}'), 'signatures', list(columns))
    counted = (
        "(SELECT COUNT(*) FROM signatures WHERE signatures.dossier_id = dossiers.id "
        "AND signatures.state IN ('confirmed', 'anonymised'))"
    )
    op.execute(f'UPDATE dossiers SET counted = {counted} WHERE {NO_JOURNAL}')  # noqa: S608
    op.execute(
        "INSERT INTO movements (dossier_id, verb, delta, at, counted_in) "  # noqa: S608
        "SELECT id, 'brought_forward', counted, changed_at, entry_count FROM dossiers "
        f"WHERE counted > 0 AND {NO_JOURNAL}"
    )
    op.execute(
        "UPDATE dossiers SET settled_at = changed_at "
        "WHERE settled_at IS NULL AND state IN ('answered', 'done', 'solved', 'withdrawn')"
    )


def downgrade() -> None:
    for columns in INDEXES:
        op.drop_index(op.f(f'ix_signatures_{"_".join(columns)}'), 'signatures')
