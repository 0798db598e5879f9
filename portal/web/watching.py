"""What is known of each request afterwards: what was asked for, what came of it, how long it took."""

from time import perf_counter

from flask import Flask, Response, g, request

from portal.kernel.measures import REQUESTS, SECONDS

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Before all other parts: what they refuse is counted as well."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = perf_counter()


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "nothing"
    method = request.method if request.method in METHODS else "another"
    REQUESTS.labels(endpoint, method, response.status_code).inc()
    SECONDS.labels(endpoint).observe(perf_counter() - g.began)
    return response
