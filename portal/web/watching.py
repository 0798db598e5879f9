"""What is known of each request afterwards: its id, what was asked for, what came of it, how long it took.

The log holds the route and not the path, in which there can be a ticket; no query, no address.
"""

import logging
import re
from time import perf_counter
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request

from portal.kernel import logs, reports
from portal.kernel.measures import REQUESTS, SECONDS

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
REQUEST_ID = "X-Request-Id"
FORM = re.compile(r"[A-Za-z0-9._-]{8,64}")
ROUTE = "portal.route"
"""Where the answer of a route says in its environment which one it was."""
log = logging.getLogger(__name__)


class Route(NamedTuple):
    """What of an address is written down."""

    endpoint: str
    rule: str


def init_app(app: Flask) -> None:
    """Before all other parts: what they refuse is counted as well."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: logs.begin(None))
    app.log_exception = _failed  # type: ignore[method-assign, assignment]


def _begin() -> None:
    g.began = perf_counter()
    logs.begin(_given(request.environ, current_app))


def _given(environ: dict[str, Any], app: Flask) -> str:
    """The id that a proxy of ours gave the request, or a new one; nobody else's is believed."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if app.config["PROXIES"] else ""
    return given if FORM.fullmatch(given) else logs.new_cause()


def _method() -> str:
    return request.method if request.method in METHODS else "another"


def _route() -> str:
    return str(request.url_rule) if request.url_rule else "nothing"


def _end(response: Response) -> Response:
    route = request.environ[ROUTE] = Route(request.endpoint or "nothing", _route())
    _note(route, _method(), response.status_code, perf_counter() - g.get("began", perf_counter()))
    response.headers[REQUEST_ID] = logs.cause() or ""
    return response


def _note(route: Route, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route.endpoint, method, status).inc()
    SECONDS.labels(route.endpoint).observe(seconds)
    if log.isEnabledFor(logging.INFO):
        facts = {"method": method, "route": route.rule, "endpoint": route.endpoint, "status": status}
        log.info("answered", extra={logs.FACTS: facts | {"ms": round(seconds * 1000, 1)}})


def noted(app: Flask, environ: dict[str, Any], route: Route, status: int, began: float) -> str:
    """Write down what was answered before any route was asked (web/held.py); gives the id of the request."""
    with logs.about(_given(environ, app)):
        _note(route, "GET", status, perf_counter() - began)
        return logs.cause() or ""


def _failed(raised: logs.Raised) -> None:
    """In the place of Flask's own, which writes down the path."""
    facts = {"method": _method(), "route": _route()}
    log.error("%s %s failed", _method(), _route(), exc_info=raised, extra={logs.FACTS: facts})
    if raised[1] is not None:
        reports.report(raised[1])
