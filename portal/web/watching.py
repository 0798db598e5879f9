"""What is known of each request afterwards: its id, what was asked for, what came of it, how long it took.

The log holds the route and not the path, in which there can be a ticket; no query, no address.
"""

import logging
import re
from time import perf_counter

from flask import Flask, Response, current_app, g, request

from portal.kernel import logs, reports
from portal.kernel.measures import REQUESTS, SECONDS

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
REQUEST_ID = "X-Request-Id"
FORM = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Before all other parts: what they refuse is counted as well."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: logs.begin(None))
    app.log_exception = _failed  # type: ignore[method-assign, assignment]


def _begin() -> None:
    g.began = perf_counter()
    logs.begin(_given() or logs.new_cause())


def _given() -> str | None:
    """The id that a proxy of ours gave the request; nobody else's is believed."""
    given = request.headers.get(REQUEST_ID, "")
    return given if current_app.config["PROXIES"] and FORM.fullmatch(given) else None


def _method() -> str:
    return request.method if request.method in METHODS else "another"


def _route() -> str:
    return str(request.url_rule) if request.url_rule else "nothing"


def _end(response: Response) -> Response:
    endpoint, seconds = request.endpoint or "nothing", perf_counter() - g.get("began", perf_counter())
    REQUESTS.labels(endpoint, _method(), response.status_code).inc()
    SECONDS.labels(endpoint).observe(seconds)
    response.headers[REQUEST_ID] = logs.cause() or ""
    facts = {"method": _method(), "route": _route(), "endpoint": endpoint, "status": response.status_code}
    facts["ms"] = round(seconds * 1000, 1)
    log.info("answered", extra={logs.FACTS: facts})
    return response


def _failed(raised: logs.Raised) -> None:
    """In the place of Flask's own, which writes down the path."""
    facts = {"method": _method(), "route": _route()}
    log.error("%s %s failed", _method(), _route(), exc_info=raised, extra={logs.FACTS: facts})
    if raised[1] is not None:
        reports.report(raised[1])
