"""Pages of desk."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

desk = Blueprint("desk", __name__)


@desk.get("/desk")
def index() -> Response:
    return page("shared/error.html", message="", hint="")


@desk.get("/moderation")
def moderation() -> Response:
    return page("shared/error.html", message="", hint="")


@desk.get("/committee")
def committee() -> Response:
    return page("shared/error.html", message="", hint="")
