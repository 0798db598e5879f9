"""Pages of issues."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

issues = Blueprint("issues", __name__)


@issues.get("/report")
def start() -> Response:
    return page("shared/error.html", message="", hint="")
