"""Refusals, as a page that says what happened and where to go, or as a message above the page one is on."""

from flask import Flask, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import HTTPException

from portal.kernel.errors import NotAllowed, Refused
from portal.web.visitor import me

MESSAGES = {
    400: (_("We did not understand that."), _("Go back and try again.")),
    403: (_("You may not see or do this."), _("Perhaps you need to sign in with another address.")),
    404: (
        _("This page does not exist."),
        _("Perhaps the address has a typing error, or is too old."),
    ),
    405: (_("This page does not exist."), _("Go back and use the button on the page.")),
    409: (_("Somebody was just before you."), _("Load the page again and see what changed.")),
    413: (_("This file is too large."), _("A photo may be up to 15 MB.")),
    422: (_("Something is not filled in right."), _("Go back and try again.")),
}
BROKEN = (
    _("Something went wrong on our side."),
    _("Nothing you sent was half saved. Try again in a minute."),
)

FILE_FIELDS = frozenset({"photo"})


def refuse(status: int) -> Response:
    message, hint = MESSAGES.get(status, BROKEN)
    if request.headers.get("HX-Request-Type") == "partial":
        flash(f"{message} {hint}")
        return make_response(render_template("shared/_flash.html", oob=True), status, {"HX-Reswap": "none"})
    return make_response(render_template("shared/error.html", message=message, hint=hint), status)


def ask_to_sign_in() -> AnyResponse:
    """To the sign-in page, and back here afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    url = url_for("accounts.sign_in", next=back)
    if request.headers.get("HX-Request-Type") == "partial":
        return Response(status=401, headers={"HX-Redirect": url})
    return redirect(url, 303)


def refused(error: Refused) -> AnyResponse:
    if isinstance(error, NotAllowed) and not me().is_authenticated:
        return ask_to_sign_in()
    return refuse(error.status)


def form_too_old(error: CSRFError) -> AnyResponse:
    """The form lost its proof that it came from us: what was typed is still in the browser, one step back."""
    message, hint = (
        _("This form was open for too long."),
        _("Go back, load the page again, and send it again."),
    )
    if request.headers.get("HX-Request-Type") == "partial":
        return refuse(400)
    return make_response(render_template("shared/error.html", message=message, hint=hint), 400)


def no_nul() -> Response | None:
    """Refuse the one letter that nobody types and PostgreSQL cannot keep."""
    given = [pair for pairs in (request.args, request.form) for pair in pairs.items(multi=True)]
    return refuse(400) if "\0" in request.path or any("\0" in key + value for key, value in given) else None


def only_photos() -> Response | None:
    """Refuse a file in a field for words: nobody's browser sends one there."""
    return refuse(400) if set(request.files) - FILE_FIELDS else None


def init_app(app: Flask, login: LoginManager) -> None:
    app.before_request(no_nul)
    app.before_request(only_photos)
    login.unauthorized_handler(ask_to_sign_in)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(HTTPException, lambda error: refuse(error.code))
    app.register_error_handler(500, lambda error: refuse(500))
