"""Indexes of the few signatures among many that a page shows or counts apart"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'few'
down_revision: str | None = 'stands'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOT_ONLINE = "way <> 'online'"
TOLD = "state = 'confirmed' AND via_id IS NULL AND (shown OR reason <> '')"
INDEXES = {
    'ix_signatures_not_online': (['dossier_id', 'way', 'state'], NOT_ONLINE),
    'ix_signatures_told': (['dossier_id', 'confirmed_at'], TOLD),
}


def upgrade() -> None:
    for name, (columns, part) in INDEXES.items():
        where = sa.text(part)
        op.create_index(name, 'signatures', columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, 'signatures')
