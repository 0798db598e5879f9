"""The index: what stands in dossiers, for searching and for seeing what is alike"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'similar'
down_revision: str | None = 'promises'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = 'title, body, about, marks'
OLD, NEW = (', '.join(f'{row}.{name}' for name in COLUMNS.split(', ')) for row in ('old', 'new'))
TAKE = f"INSERT INTO similar_text (similar_text, rowid, {COLUMNS}) VALUES ('delete', old.moment, {OLD});"  # noqa: S608 (our own names)
PUT = f'INSERT INTO similar_text (rowid, {COLUMNS}) VALUES (new.moment, {NEW});'  # noqa: S608
SQLITE = [
    # No places of words are kept, only which dossiers have them: the order is made by ourselves.
    f"CREATE VIRTUAL TABLE similar_text USING fts5({COLUMNS}, content='similar_dossiers', content_rowid='moment',"
    " detail='none', tokenize=\"ascii tokenchars '~=-_'\")",
    f'CREATE TRIGGER similar_added AFTER INSERT ON similar_dossiers BEGIN {PUT} END',
    f'CREATE TRIGGER similar_removed AFTER DELETE ON similar_dossiers BEGIN {TAKE} END',
    f'CREATE TRIGGER similar_changed AFTER UPDATE ON similar_dossiers BEGIN {TAKE} {PUT} END',
]
LEXEMES = f"array_to_tsvector(array_remove(string_to_array(concat_ws(' ', {NEW}), ' '), ''))"
POSTGRESQL = [
    'CREATE TABLE similar_text (moment bigint PRIMARY KEY, lexemes tsvector NOT NULL)',
    # Without a list of what is still to be filed: every question would have to go through that, too.
    'CREATE INDEX similar_text_lexemes ON similar_text USING gin (lexemes) WITH (fastupdate = off)',
    'ALTER TABLE similar_text ALTER COLUMN lexemes SET STATISTICS 500',
    f"""
    CREATE FUNCTION similar_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN DELETE FROM similar_text WHERE moment = old.moment; END IF;
        IF TG_OP <> 'DELETE' THEN INSERT INTO similar_text VALUES (new.moment, {LEXEMES}); END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    'CREATE TRIGGER similar_followed AFTER INSERT OR UPDATE OR DELETE ON similar_dossiers'
    ' FOR EACH ROW EXECUTE FUNCTION similar_follow()',
]
FILLED_LATER = """
INSERT INTO jobs (task, arguments, due_at, attempts)
SELECT 'similar.rebuild', '{}', CURRENT_TIMESTAMP, 0 WHERE EXISTS (SELECT 1 FROM dossiers)
"""


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == 'sqlite'
    exact = sa.String(collation=None if on_sqlite else 'C')
    op.create_table(
        'similar_dossiers',
        sa.Column('moment', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('dossier_id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(2), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('body', sa.String(), nullable=False),
        sa.Column('about', sa.String(), nullable=False),
        sa.Column('marks', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('moment', name=op.f('pk_similar_dossiers')),
        sa.UniqueConstraint('dossier_id', name=op.f('uq_similar_dossiers_dossier_id')),
    )
    op.create_table(
        'similar_words',
        sa.Column('stem', exact, nullable=False),
        sa.Column('shown', sa.String(), nullable=False),
        sa.Column('dossiers', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('stem', name=op.f('pk_similar_words')),
    )
    op.create_table(
        'similar_spellings',
        sa.Column('left', exact, nullable=False),
        sa.Column('stem', exact, nullable=False),
        sa.PrimaryKeyConstraint('left', 'stem', name=op.f('pk_similar_spellings')),
    )
    op.create_table(
        'similar_news',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('step', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_similar_news')),
        sqlite_autoincrement=True,
    )
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        op.execute(statement)
    # Stems are made by the portal and not by the database: its worker does that for what is there.
    op.execute(FILLED_LATER)


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE task IN ('similar.rebuild', 'similar.tidy')")
    op.execute('DROP TABLE similar_text')
    op.drop_table('similar_dossiers')  # and its triggers
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION similar_follow')
    for table in ('similar_news', 'similar_spellings', 'similar_words'):
        op.drop_table(table)
