"""Addresses of our own files: with a hash in them, so that they may be kept for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = 31_536_000


@cache
def _version(folder: str, name: str, changed: float) -> str:
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a file under static/, with the hash of its content."""
    folder = str(current_app.static_folder)
    changed = (Path(folder) / name).stat().st_mtime
    return url_for("static", filename=name, v=_version(folder, name, changed))


def init_app(app: Flask) -> None:
    app.jinja_env.globals["static_url"] = static_url

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200:
            response.direct_passthrough = False
            response.get_data()  # what compresses it would leave the file open
        if request.endpoint == "static" and "v" in request.args and response.status_code in {200, 304}:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return response
