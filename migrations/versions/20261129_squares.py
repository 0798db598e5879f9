"""Squares of the map, in which dossiers are counted before anybody looks"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "squares"
down_revision: str | None = "passkeys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


COLUMNS = "cell, neighbourhood, kind, state, step"
COUNTED = "cell, neighbourhood_code, kind, state"
OLD, NEW = (", ".join(f"{row}.{name}" for name in COUNTED.split(", ")) for row in ("old", "new"))


def _note(row: str, step: int) -> str:
    facts = f"{row}.cell, COALESCE({row}.neighbourhood_code, ''), {row}.kind, {row}.state, {step}"
    return f"INSERT INTO map_changes ({COLUMNS}) SELECT {facts} WHERE {row}.cell IS NOT NULL;"


CAME, WENT = _note("new", 1), _note("old", -1)
SQLITE = [
    f"CREATE TRIGGER map_came AFTER INSERT ON dossiers BEGIN {CAME} END",
    f"CREATE TRIGGER map_went AFTER DELETE ON dossiers BEGIN {WENT} END",
    f"CREATE TRIGGER map_changed AFTER UPDATE OF {COUNTED} ON dossiers"
    f" WHEN ({OLD}) IS NOT ({NEW}) BEGIN {WENT} {CAME} END",
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION map_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND ({OLD}) IS NOT DISTINCT FROM ({NEW}) THEN RETURN NULL; END IF;
        IF TG_OP <> 'INSERT' THEN {WENT} END IF;
        IF TG_OP <> 'DELETE' THEN {CAME} END IF;
        RETURN NULL;
    END $$
    """,
    f"CREATE TRIGGER map_followed AFTER INSERT OR DELETE OR UPDATE OF {COUNTED} ON dossiers"
    " FOR EACH ROW EXECUTE FUNCTION map_follow()",
]
THERE = f"""
INSERT INTO map_changes ({COLUMNS})
SELECT cell, COALESCE(neighbourhood_code, ''), kind, state, 1 FROM dossiers WHERE cell IS NOT NULL
"""  # noqa: S608 (our own names)


def upgrade() -> None:
    op.create_table(
        "map_squares",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("square", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row_sum", sa.BigInteger(), nullable=False),
        sa.Column("column_sum", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "neighbourhood", "kind", "state", "square", name=op.f("pk_map_squares")),
    )
    empty = sa.text("number = 0")
    op.create_index(
        "ix_map_squares_empty", "map_squares", ["level"], sqlite_where=empty, postgresql_where=empty
    )
    op.create_table(
        "map_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("neighbourhood", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_changes")),
        sqlite_autoincrement=True,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute(THERE)  # the worker adds them up; what is asked until then counts them one by one


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("map_came", "map_went", "map_changed"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER map_followed ON dossiers")
        op.execute("DROP FUNCTION map_follow")
    op.drop_table("map_changes")
    op.drop_table("map_squares")
