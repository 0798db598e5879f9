"""Our own files: under addresses with a hash, so that they may be kept for ever; bundled, compressed once."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, has_request_context, request, url_for

YEAR = 31_536_000
BUNDLES = {
    "rotonde.css": (
        "text/css",
        [
            *("css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/dossier.css"),
            *("css/map.css", "css/forms.css", "css/desk.css", "css/share.css", "css/breadth.css"),
            *("css/print.css", "css/utilities.css"),
        ],
    ),
    "assistance.css": ("text/css", ["css/assistance.css"]),
    "report.css": ("text/css", ["css/report.css", "css/photos.css"]),
    "rotonde.js": ("text/javascript", ["vendor/htmx.min.js", "js/rotonde.js"]),
}
"""What every page needs, in one request each. The rest is asked for by the part of a page that needs it."""
TEXT = {"text/css", "text/javascript", "image/svg+xml", "application/json", "application/manifest+json"}


@cache
def _content(folder: str, names: tuple[str, ...], changed: tuple[float, ...]) -> tuple[bytes, str]:
    """The files one after the other, and the hash of that; `changed` makes an edited file a new one."""
    content = b"\n".join((Path(folder) / name).read_bytes() for name in names)
    return content, hashlib.sha256(content).hexdigest()[:12]


def _read(*names: str) -> tuple[bytes, str]:
    folder = str(current_app.static_folder)
    return _content(folder, names, tuple((Path(folder) / name).stat().st_mtime for name in names))


def static_url(name: str) -> str:
    """The address of a file under static/, with the hash of its content."""
    return _kept("static", name, lambda: url_for("static", filename=name, v=_read(name)[1]))


def bundle_url(name: str) -> str:
    """The address of several files as one, with the hash of their content."""
    return _kept("bundle", name, lambda: url_for("web.bundle", name=name, v=_read(*BUNDLES[name][1])[1]))


def _kept(kind: str, name: str, make: Callable[[], str]) -> str:
    """An address, made once: a page has fifty. Outside of a request it is a whole one, and another."""
    known: dict[tuple[str | None, ...], str] = current_app.extensions["portal.files"]
    root = request.script_root if has_request_context() else None
    key = kind, name, str(current_app.static_folder), root
    if key not in known or current_app.debug:
        known[key] = make()
    return known[key]


def bundle(name: str) -> Response:
    """Several files as one. Raises NotFound for a bundle there is not."""
    if name not in BUNDLES:
        abort(404)
    mimetype, names = BUNDLES[name]
    return Response(_read(*names)[0], mimetype=mimetype)


@cache
def _packed(content: bytes) -> bytes:
    """As small as it gets; takes a tenth of a second for 100 kB, once in the life of a worker."""
    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=11)


def init_app(app: Flask) -> None:
    app.extensions["portal.files"] = {}
    app.jinja_env.globals.update(static_url=static_url, bundle_url=bundle_url)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint not in {"static", "web.bundle"} or response.status_code not in {200, 304}:
            return response
        if "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        if response.status_code == 200:
            response.direct_passthrough = False
            content = response.get_data()  # what compresses it would leave the file open
            if response.mimetype in TEXT:
                _pack(response, content)
        return response


def _pack(response: Response, content: bytes) -> None:
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["br"]:
        response.set_data(_packed(content))
        response.headers["Content-Encoding"] = "br"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-br")
