"""languages of words that are there

A revision of its own: what it changes rows of is not locked for who reads them (ADR 31).
"""

from collections.abc import Sequence

from alembic import op

revision: str = 'languages_filled'
down_revision: str | None = 'languages'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WRITTEN = ('entries', 'signatures')


def upgrade() -> None:
    """What was written before was probably written in the language of the dossier it belongs to."""
    for table in WRITTEN:
        theirs = f'(SELECT d.language FROM dossiers d WHERE d.id = {table}.dossier_id)'  # noqa: S608
        op.execute(f'UPDATE {table} SET language = {theirs} WHERE language <> {theirs}')  # noqa: S608
    op.execute('UPDATE dossiers SET hidden_language = language WHERE hidden_at IS NOT NULL')


def downgrade() -> None:
    """The columns go with the revision that made them."""
