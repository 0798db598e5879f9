"""The application for one command of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from portal import create_app
from portal.kernel.db import db


@contextmanager
def application(**overrides: Any) -> Iterator[Flask]:
    """The application with its settings from the environment; its connections are closed afterwards."""
    app = create_app(**overrides)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
