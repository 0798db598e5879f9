"""The application for one command of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal import create_app
from portal.kernel.db import db
from portal.kernel.outages import Away, away

SAID = {
    Away.DATABASE: "The database is not there: start it, or set PORTAL_DATABASE_URL.",
    Away.ROOM: "There is no room on the disk: free some, and do this again.",
    Away.FILES: "Files cannot be opened or written: look at the data folder and its rights.",
}


@contextmanager
def application(**overrides: Any) -> Iterator[Flask]:
    """The application with its settings from the environment; its connections are closed afterwards."""
    app = create_app(**overrides)
    with app.app_context():
        try:
            yield app
        except (SQLAlchemyError, OSError) as error:
            if what := away(error):
                raise click.ClickException(f"{SAID[what]} ({type(error).__name__})") from error
            raise
        finally:
            db.session.remove()
            db.engine.dispose()
