"""Pages of roundabout."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

home = Blueprint("home", __name__)


@home.get("/")
def index() -> Response:
    return page("shared/error.html", message="", hint="")
