"""Pages of dossiers."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

dossiers = Blueprint("dossiers", __name__)


@dossiers.get("/dossiers")
def index() -> Response:
    return page("shared/error.html", message="", hint="")
