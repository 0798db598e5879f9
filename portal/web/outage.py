"""While the database, or room on the disk, is away: one page that says so and keeps what was typed.

It asks the database nothing, not even who the visitor is.
"""

import logging
import re
from typing import Any

from flask import Flask, Response, flash, g, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import InternalServerError

from portal.kernel.outages import Away, away, let_go
from portal.kernel.policy import Nobody
from portal.web.responses import as_data

log = logging.getLogger(__name__)

SECONDS = 10
"""After so many a browser or a program may ask again."""
SAID = {
    Away.DATABASE: _("We cannot reach our records at this moment."),
    Away.ROOM: _("We have no room to keep anything new at this moment."),
    Away.FILES: _("We cannot open or keep files at this moment."),
}
ASK_AGAIN = _("This is our fault, not yours. It is often over within a minute. Try again then.")
SEND_AGAIN = _(
    "We do not know whether what you sent was kept. It is still on this page: send it again in a minute. "
    "It counts once."
)
GO_BACK = _(
    "We do not know whether what you sent was kept. Go back and send it again in a minute. It counts once."
)
SECRET = re.compile(r"password|^code$|^proof|^passkey$")
"""What is in a field with such a name is not written into a page."""


def typed() -> list[tuple[str, str]] | None:
    """What the form held that was sent, to be sent again from here; None when that cannot be.

    A file cannot be written into a page, and a secret may not. A form that could not even be read, because
    there is no room for its files, is not read a second time.
    """
    form = request.__dict__.get("form")
    if request.method != "POST" or form is None or any(request.files.values()):
        return None
    if any(SECRET.search(name) for name in form):
        return None
    return list(form.items(multi=True))


def page(what: Away) -> Response:
    g._login_user = Nobody()  # to know who it is, Flask-Login would ask the database
    sent = typed()
    hint = ASK_AGAIN if request.method != "POST" else GO_BACK if sent is None else SEND_AGAIN
    if as_data():
        response = jsonify(errors=[{"field": "", "said": f"{SAID[what]} {ASK_AGAIN}"}])
    elif request.headers.get("HX-Request-Type") == "partial":  # the page stays, with all that is typed in it
        flash(f"{SAID[what]} {ASK_AGAIN}")
        response = make_response(render_template("shared/_flash.html", oob=True))
        response.headers["HX-Reswap"] = "none"
    else:
        again = request.full_path.rstrip("?")
        response = make_response(
            render_template("shared/away.html", said=SAID[what], hint=hint, sent=sent, again=again)
        )
    response.status_code = 503
    response.headers["Retry-After"] = str(SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def answered(error: Exception) -> Response:
    """The page for what is away; any other error goes on, to become a 500."""
    what = away(error)
    if what is None:
        raise error
    log.warning("away: %s (%s)", what, type(error).__name__)
    let_go()
    return page(what)


def init_app(app: Flask, broken: Any) -> None:
    """`broken` answers for whatever else went wrong."""

    def wrong(error: InternalServerError) -> Any:
        cause = error.original_exception
        return answered(cause) if isinstance(cause, Exception) and away(cause) else broken(error)

    app.teardown_appcontext(let_go)
    app.register_error_handler(SQLAlchemyError, answered)
    app.register_error_handler(OSError, answered)
    app.register_error_handler(500, wrong)
