"""What the portal is held against: Flask routes that answer with as many bytes, read or commit rows."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine, create_engine, event, text

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


LISTED = text(
    "SELECT ref, kind, state, title, place_name, opened_at FROM dossiers ORDER BY opened_at DESC LIMIT 25"
)
TEMPLATE = app.jinja_env.from_string(
    "<!doctype html><title>List</title><ul>{% for d in rows %}<li><a href='/d/{{ d.ref }}'>{{ d.title }}</a>"
    " {{ d.kind }} {{ d.state }} {{ d.place_name }} {{ d.opened_at }}</li>{% endfor %}</ul>"
)


@app.get("/listed")
def listed() -> Response:
    """25 rows through one template."""
    with engine.connect() as connection:
        found = connection.execute(LISTED).all()
    return Response(TEMPLATE.render(rows=found), mimetype="text/html")


@app.post("/rows")
def commit() -> Response:
    """One row, on the disk before the answer goes."""
    with engine.begin() as connection:
        connection.execute(ROWS.insert(), {"name": request.form["name"]})
    return Response(status=303, headers={"Location": "/"})
