"""Several photos to a draft, in order; each also as AVIF"""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW = ('draft_id', 'large_avif', 'small_avif')
FILES = ('large', 'small', 'large_avif', 'small_avif')


def rows(statement: str) -> list[sa.RowMapping]:
    return list(op.get_bind().execute(sa.text(statement)).mappings())


def set_each(statement: str, values: list[dict[str, object]]) -> None:
    if values:
        op.get_bind().execute(sa.text(statement), values)


def upgrade() -> None:
    pairs = rows('SELECT id AS draft, attachment_id AS photo FROM drafts WHERE attachment_id IS NOT NULL')
    # Made anew on SQLite: as long as nothing refers to it, that breaks nothing.
    with op.batch_alter_table('drafts', table_kwargs={'sqlite_autoincrement': True}) as drafts:
        drafts.drop_column('attachment_id')
    # Written out, because Alembic would make a table anew that has rows which others refer to.
    reference = 'CONSTRAINT fk_attachments_draft_id_drafts REFERENCES drafts (id)'
    one = 'CONSTRAINT ck_attachments_of_one CHECK (dossier_id IS NULL OR draft_id IS NULL)'
    op.execute(f'ALTER TABLE attachments ADD COLUMN draft_id INTEGER {reference} {one}')
    op.add_column('attachments', sa.Column('position', sa.Integer(), server_default='0', nullable=False))
    for name in ('large_avif', 'small_avif'):
        op.add_column('attachments', sa.Column(name, sa.String(), server_default='', nullable=False))
    for name in NEW:
        op.create_index(op.f(f'ix_attachments_{name}'), 'attachments', [name])
    set_each('UPDATE attachments SET draft_id = :draft WHERE id = :photo', [dict(pair) for pair in pairs])


def downgrade() -> None:
    """A draft keeps its first photo; the others go, and no file stays that nobody has."""
    photos = rows('SELECT * FROM attachments WHERE draft_id IS NOT NULL ORDER BY draft_id, position, id')
    first = {photo['draft_id']: photo['id'] for photo in reversed(photos)}
    others = [photo for photo in photos if photo['id'] not in first.values()]
    every = rows("SELECT large_avif, small_avif FROM attachments WHERE large_avif != ''")
    forget([photo[name] for photo in others for name in FILES if photo[name]])
    forget([row[name] for row in every for name in row])
    set_each('DELETE FROM attachments WHERE id = :id', [{'id': photo['id']} for photo in others])
    for name in NEW:
        op.drop_index(op.f(f'ix_attachments_{name}'), 'attachments')
    with op.batch_alter_table('attachments', table_kwargs={'sqlite_autoincrement': True}) as attachments:
        attachments.drop_constraint(op.f('ck_attachments_of_one'), type_='check')
        for name in (*NEW, 'position'):
            attachments.drop_column(name)
    reference = 'CONSTRAINT fk_drafts_attachment_id_attachments REFERENCES attachments (id)'
    op.execute(f'ALTER TABLE drafts ADD COLUMN attachment_id INTEGER {reference}')
    pairs = [{'draft': draft, 'photo': photo} for draft, photo in first.items()]
    set_each('UPDATE drafts SET attachment_id = :photo WHERE id = :draft', pairs)


def forget(keys: list[str]) -> None:
    """Have the worker remove these files, unless a row still has them."""
    names = ('task', 'arguments', 'due_at', 'attempts')
    kinds = (sa.String(), sa.JSON(), sa.DateTime(), sa.Integer())
    jobs = sa.table('jobs', *(sa.column(name, kind) for name, kind in zip(names, kinds, strict=True)))
    values = ('dossiers.forget_files', {'keys': keys}, datetime.now(UTC).replace(tzinfo=None), 0)
    if keys:
        op.get_bind().execute(jobs.insert().values(dict(zip(names, values, strict=True))))
