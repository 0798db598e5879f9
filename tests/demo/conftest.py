"""The portal with the whole demonstration in it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.conftest import close, make_app
from tests.demo.telling import told_on


@pytest.fixture(scope="session")
def tellings() -> Callable[[str], Flask]:
    """The application on the demonstration of each kind, opened when it is asked for."""
    opened: dict[str, Flask] = {}

    def of(kind: str) -> Flask:
        if kind not in opened:
            opened[kind] = make_app(*told_on(kind))
        return opened[kind]

    return of


@pytest.fixture
def told(kind: str, tellings: Callable[[str], Flask]) -> Iterator[Flask]:
    """Only to be looked at: every test of a run shares it."""
    found = tellings(kind)
    with found.app_context():
        yield found
        close(found)
