"""Pages of staff."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

staff = Blueprint("staff", __name__)


@staff.get("/staff")
def index() -> Response:
    return page("shared/error.html", message="", hint="")
