"""A portal that the command line finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import databases
from tests.conftest import close, make_app


@pytest.fixture
def place(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A filled database that the command line finds by its settings, as an operator's would."""
    url = databases.fresh(kind, tmp_path)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    app = make_app(url, tmp_path)
    with app.app_context():
        yield app
        close(app)
    databases.drop(url)
