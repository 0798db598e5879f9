"""Pages of accounts."""

from flask import Blueprint
from werkzeug import Response

from portal.web.responses import page

accounts = Blueprint("accounts", __name__)


@accounts.get("/me")
def me() -> Response:
    return page("shared/error.html", message="", hint="")


@accounts.get("/sign-in")
def sign_in() -> Response:
    return page("shared/error.html", message="", hint="")

@accounts.post("/sign-out")
def sign_out() -> Response:
    return page("shared/error.html", message="", hint="")
