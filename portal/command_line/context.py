"""The application for one command of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal import create_app
from portal.kernel.db import db


@contextmanager
def application() -> Iterator[Flask]:
    """The application with its settings from the environment; its connections are closed afterwards."""
    app = create_app()
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
