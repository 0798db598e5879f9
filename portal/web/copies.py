"""Pages that everybody gets, read in the copy of the database that follows ours (READS_URL, docs/adr/0028).

A copy is a moment late. Who has just sent a form has a cookie for longer than a copy that is asked may be
late, and reads in our own database meanwhile: so they see what they did. Others may see it a moment later.
"""

from typing import Any

from flask import Flask, Response, request

from portal.kernel.db import read_in_copy
from portal.kernel.stamps import LATE
from portal.web.keeping import READS, everybodys

WROTE = "rotonde-wrote"
"""The cookie of who has just sent a form. nginx knows by its name, too, that no kept page is for them."""
WROTE_SECONDS = 3 * LATE
IN_COPY = "rotonde.copy"
"""In the environment of a request: whether it may be answered from the copy, or was."""
MAY, WAS, NOT = "may", "was", ""


def fits(environ: dict[str, Any]) -> bool:
    """Whether a copy may answer whoever asks this."""
    return WROTE not in environ.get("HTTP_COOKIE", "")


def init_app(app: Flask) -> None:
    if not app.config["READS_URL"]:
        return

    @app.before_request
    def choose() -> None:
        if request.environ.get(IN_COPY) == MAY and everybodys():
            request.environ[IN_COPY] = WAS
            read_in_copy()

    @app.after_request
    def mark(response: Response) -> Response:
        if request.method not in READS:
            secure = app.config["SESSION_COOKIE_SECURE"]
            how: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": secure}
            response.set_cookie(WROTE, "1", max_age=WROTE_SECONDS, **how)
        return response
