"""What the portal is held against: Flask routes that answer with as many bytes, or commit one row."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine, create_engine, event

from benchmarks.rows import ROWS

app = Flask(__name__)
PAGES = {path.stem: path.read_text() for path in Path(os.environ["BARE_PAGES"]).glob("*.html")}
DATABASE = os.environ.get("BARE_DATABASE", "")


@event.listens_for(Engine, "connect")
def _as_the_portal_does(connection: Any, _record: Any) -> None:
    """The same promises to who is acknowledged: what is committed is on the disk."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")


engine = create_engine(DATABASE or "sqlite://")


@app.get("/<name>")
def page(name: str) -> Response:
    return Response(PAGES[name], mimetype="text/html")


@app.post("/rows")
def commit() -> Response:
    """One row, on the disk before the answer goes."""
    with engine.begin() as connection:
        connection.execute(ROWS.insert(), {"name": request.form["name"]})
    return Response(status=303, headers={"Location": "/"})
