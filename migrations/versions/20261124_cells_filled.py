"""cells of the dossiers that are there

A revision of its own: what it changes rows of is not locked for who reads them (ADR 31).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'cells_filled'
down_revision: str | None = '0004'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = ['cell', 'kind', 'state', 'category_slug', 'neighbourhood_code', 'lat', 'lon']
BITS = 22


def upgrade() -> None:
    """Those that everybody may see; rows and columns of the grid as in portal/places/grid.py."""
    seen = sa.text(
        "SELECT id, lat, lon FROM dossiers WHERE lat IS NOT NULL AND hidden_at IS NULL AND NOT stayed_private"
        " AND state NOT IN ('draft', 'unconfirmed')"
    )
    rows = op.get_bind().execute(seen).all()
    cells = [{'id': row.id, 'cell': _cell(row.lat, row.lon)} for row in rows]
    if cells:
        op.get_bind().execute(sa.text('UPDATE dossiers SET cell = :cell WHERE id = :id'), cells)
    op.create_index('ix_dossiers_map', 'dossiers', INDEX)


def _cell(lat: float, lon: float) -> int:
    last = (1 << BITS) - 1
    row, column = int((lat + 90) / 180 * (1 << BITS)), int((lon + 180) / 360 * (1 << BITS))
    return min(last, max(0, row)) << BITS | min(last, max(0, column))


def downgrade() -> None:
    op.drop_index('ix_dossiers_map', table_name='dossiers')
