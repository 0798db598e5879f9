"""The tables are what the models say, and get there and back with rows in them, on both databases."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from portal.dossiers.timeline import first_broken
from portal.kernel import migrations
from portal.kernel.db import Base, db
from portal.places.models import Neighbourhood
from tests import databases
from tests.conftest import close, make_app
from tests.factories import a_petition, a_signature, an_issue

REVISIONS = [r.revision for r in ScriptDirectory.from_config(migrations.config()).walk_revisions()]
"""The newest first."""
GROW = "(dossiers|signatures|entries|people)"


@pytest.fixture
def bare(kind: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without a table."""
    url = databases.empty(kind, tmp_path / "data")
    made = make_app(url, tmp_path / "data")
    with made.app_context():
        yield made
        close(made)
    databases.drop(url)


def tables() -> set[str]:
    """Those of the models: the text of the index is the database's own (portal/similar/models.py)."""
    found = set(inspect(db.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    return {name for name in found if not name.startswith("similar_text")}


def check() -> None:
    """What `alembic check` does: raises when a migration would have to be written."""
    config = migrations.config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_the_tables_are_what_the_models_say(app: Flask) -> None:
    assert tables() == set(Base.metadata.tables)
    check()


def test_the_newest_revision_is_known(app: Flask) -> None:
    assert migrations.current() == migrations.newest() == REVISIONS[0]


def test_there_is_one_line_of_revisions() -> None:
    assert len(ScriptDirectory.from_config(migrations.config()).get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_alters_a_table_that_grows_or_fills_it(revision: str) -> None:
    """Else nobody could read it meanwhile (ADR 31)."""
    script = ScriptDirectory.from_config(migrations.config()).get_revision(revision)
    upwards = Path(script.path).read_text().partition("def downgrade()")[0]
    alters = re.search(rf"ALTER TABLE {GROW}|(add_column|batch_alter_table)\(\s*['\"]{GROW}", upwards)
    fills = re.search(rf"UPDATE ({GROW}|\{{)", upwards)
    assert not (alters and fills)


def test_an_empty_database_gets_there_and_back(bare: Flask) -> None:
    assert (migrations.current(), tables()) == (None, set())
    migrations.upgrade()
    check()
    migrations.downgrade("base")
    assert (migrations.current(), tables()) == (None, set())
    migrations.upgrade()
    check()


def test_upgrading_twice_changes_nothing(app: Flask) -> None:
    issue = an_issue()
    migrations.upgrade()
    assert first_broken(issue) is None


def test_a_database_in_use_goes_below_every_revision_and_up_again(app: Flask) -> None:
    """Each step down, up and down, then all the way up. Nothing that the older tables can hold is lost."""
    issue, petition = an_issue(state="handed_over"), a_petition()
    a_signature(petition, reason="It is dark.")
    places = db.session.scalar(db.select(db.func.count(Neighbourhood.code)))
    db.session.remove()
    for revision, below in pairwise(REVISIONS):
        migrations.downgrade(below)
        migrations.upgrade(revision)
        migrations.downgrade(below)
        assert migrations.current() == below
    migrations.upgrade()
    check()
    assert db.session.scalar(db.select(db.func.count(Neighbourhood.code))) == places
    assert [first_broken(db.session.merge(d)) for d in (issue, petition)] == [None, None]
    db.session.remove()
    migrations.downgrade("base")
    migrations.upgrade()
    check()
