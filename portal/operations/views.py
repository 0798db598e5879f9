"""`/healthz`, `/readyz` and `/metrics`: for programs that watch, not for people."""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from portal.kernel.measures import exposition
from portal.operations.queries import WELL, Figures, state

operations = Blueprint("operations", __name__)
ON_THE_WAY = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
"""What a proxy adds: with one of these somebody else asks than who is at the other end of the line."""


@operations.get("/healthz")
def alive() -> Response:
    return _fresh(Response("alive\n", mimetype="text/plain"))


@operations.get("/readyz")
def ready() -> Response:
    found = state()
    well = set(found.values()) == {WELL}
    return _fresh(make_response(jsonify(ready=well, **found), 200 if well else 503))


@operations.get("/metrics")
def metrics() -> Response:
    if not (_of_this_machine() or _with_the_token()):
        abort(404)
    return _fresh(Response(exposition(Figures()), content_type=CONTENT_TYPE_PLAIN_0_0_4))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _of_this_machine() -> bool:
    """Whether a program here asks us directly; a proxy here passes on what others ask."""
    if any(name in request.headers for name in ON_THE_WAY):
        return False
    return _loopback(request.remote_addr or "") and _loopback(urlsplit(f"//{request.host}").hostname or "")


def _loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _with_the_token() -> bool:
    token = str(current_app.config["METRICS_TOKEN"])
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
