"""Refusals, as a page that says what happened and where to go, or as a message above the page one is on."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import HTTPException

from portal.kernel import security
from portal.kernel.errors import NotAllowed, Refused
from portal.web import outage
from portal.web.paths import here
from portal.web.responses import as_data
from portal.web.visitor import me

BACK, AGAIN, HOME, LIST, SIGN_IN = "back", "again", "home", "list", "sign in"
"""Where a refusal can lead."""


@dataclass(frozen=True)
class Refusal:
    """What happened, what to do now, and where to go: the likeliest way first."""

    message: Any
    hint: Any
    ways: tuple[str, ...] = (BACK, HOME)
    search: bool = False


REFUSALS = {
    400: Refusal(_("We did not understand that."), _("Go back and try again.")),
    403: Refusal(
        _("You may not see or do this."),
        _("Perhaps you need to sign in with another address."),
        (SIGN_IN, HOME),
    ),
    404: Refusal(
        _("This page does not exist."),
        _("Perhaps the address has a typing error, or is too old. Search for it, or look at all dossiers."),
        (LIST, HOME),
        search=True,
    ),
    405: Refusal(_("This page does not exist."), _("Go back and use the button on the page.")),
    409: Refusal(
        _("Somebody was just before you."), _("Load the page again and see what changed."), (AGAIN, HOME)
    ),
    410: Refusal(
        _("This link no longer works."),
        _("It was used already, or it is too old. You can ask for a new one."),
        (SIGN_IN, HOME),
    ),
    413: Refusal(
        _("This is too much at once."),
        _("A photo may be up to 15 MB. Go back and send your photos one by one."),
    ),
    422: Refusal(_("Something is not filled in right."), _("Go back and try again.")),
    429: Refusal(
        _("That went too fast."),
        _("Somebody, perhaps you, asked for this very often. Wait a minute and try again."),
        (AGAIN, HOME),
    ),
}
BROKEN = Refusal(
    _("Something went wrong on our side."),
    _("Nothing you sent was half saved. Try again in a minute."),
    (AGAIN, HOME),
)
TOO_OLD = Refusal(
    _("This form was open for too long."),
    _("Go back, load the page again, and send it again."),
    (BACK, HOME),
)

FILE_FIELDS = frozenset({"photo", "file"})
MOST_HEARD = 400 * 1024 * 1024
"""Bytes of a request that is too large which are still read, and thrown away."""


def came_from() -> str:
    """The page of ours that the visitor comes from; empty when there is none."""
    given = urlsplit(request.referrer or "")
    path = f"{given.path}?{given.query}" if given.query else given.path
    return here(path) if given.netloc == request.host else ""


def ways(refusal: Refusal) -> list[tuple[Any, str]]:
    """Where to go from here: in words, and the address. Each address once."""
    again = request.full_path.rstrip("?") if request.method == "GET" else came_from()
    known = {
        BACK: (_("Back to where you were"), came_from()),
        AGAIN: (_("Try again"), again),
        HOME: (_("To the neighbourhood"), url_for("home.index")),
        LIST: (_("Look at all dossiers"), url_for("dossiers.index")),
        SIGN_IN: (_("Sign in with another address"), url_for("accounts.sign_in")),
    }
    if not me().is_authenticated:
        known[SIGN_IN] = (_("Sign in"), known[SIGN_IN][1])
    found = {known[way][1]: known[way][0] for way in reversed(refusal.ways) if known[way][1]}
    return [(text, url) for url, text in reversed(found.items())]


def _answer(refusal: Refusal, status: int) -> Response:
    if as_data():
        return _as_data(f"{refusal.message} {refusal.hint}", status)
    if request.headers.get("HX-Request-Type") == "partial":
        flash(f"{refusal.message} {refusal.hint}")
        return make_response(render_template("shared/_flash.html", oob=True), status, {"HX-Reswap": "none"})
    html = render_template("shared/error.html", refusal=refusal, ways=ways(refusal), status=status)
    return make_response(html, status)


def refuse(status: int) -> Response:
    return _answer(REFUSALS.get(status, BROKEN), status)


def _as_data(said: object, status: int) -> Response:
    return make_response(jsonify(errors=[{"field": "", "said": str(said)}]), status)


def ask_to_sign_in() -> AnyResponse:
    """To the sign-in page, and back here afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    url = url_for("accounts.sign_in", next=back)
    if request.headers.get("HX-Request-Type") == "partial":
        return Response(status=401, headers={"HX-Redirect": url})
    return redirect(url, 303)


def ask_for_code() -> AnyResponse:
    """To the page on which the second factor is shown or chosen, and back here afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else came_from()
    url = url_for("accounts.prove", next=back or "/")
    if request.headers.get("HX-Request-Type") == "partial":
        return Response(status=403, headers={"HX-Redirect": url})
    return redirect(url, 303)


def refused(error: Refused) -> AnyResponse:
    if isinstance(error, NotAllowed):
        about = {"person": me().id, "endpoint": request.endpoint or ""}
        security.refused(security.Event.REFUSED, **about)
    if isinstance(error, NotAllowed) and as_data():
        return _as_data(_("This is not possible any more. Look at its page to see why."), 409)
    if isinstance(error, NotAllowed) and not me().is_authenticated:
        return ask_to_sign_in()
    if isinstance(error, NotAllowed) and me().is_authenticated and me().waits_for:
        return ask_for_code()
    return refuse(error.status)


def form_too_old(error: CSRFError) -> AnyResponse:
    """The form lost its proof that it came from us: what was typed is still in the browser, one step back."""
    return _answer(TOO_OLD, 400)


def no_nul() -> Response | None:
    """Refuse the one letter that nobody types and PostgreSQL cannot keep."""
    given = [pair for pairs in (request.args, request.form) for pair in pairs.items(multi=True)]
    return refuse(400) if "\0" in request.path or any("\0" in key + value for key, value in given) else None


def only_photos() -> Response | None:
    """Refuse a file in a field for words: nobody's browser sends one there."""
    return refuse(400) if set(request.files) - FILE_FIELDS else None


def too_much(error: HTTPException) -> Response:
    """The page that says what to do, when the browser is done sending: before that it would not show it."""
    length, most = request.content_length or 0, request.max_content_length or 0
    left = min(length, MOST_HEARD) if length > most else 0  # else some of it was read already
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, 1 << 16))):
        left -= len(part)
    return refuse(413)


def init_app(app: Flask, login: LoginManager) -> None:
    app.before_request(no_nul)
    app.before_request(only_photos)
    login.unauthorized_handler(ask_to_sign_in)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(413, too_much)
    app.register_error_handler(HTTPException, lambda error: refuse(error.code))
    outage.init_app(app, lambda error: refuse(500))
