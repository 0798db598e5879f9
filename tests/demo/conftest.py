"""The portal with the whole demonstration in it, told once for each kind of database."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.demo import replay
from tests import databases
from tests.conftest import close, make_app


@pytest.fixture(scope="module", params=databases.params())
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Only to be looked at: all tests of a module share it."""
    data = tmp_path_factory.mktemp("demo") / "data"
    url = databases.fresh(request.param, data)
    made = make_app(url, data)
    with made.app_context():
        for step in replay.steps():
            step()
        yield made
        close(made)
    databases.drop(url)
