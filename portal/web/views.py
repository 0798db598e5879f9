"""What belongs to no feature: the language switch and the style guide."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request, session
from werkzeug import Response

from portal.web.responses import page
from portal.web.styleguide import samples

web = Blueprint("web", __name__)


def here(path: str | None) -> str:
    """A path on this portal to go on to; anything else becomes the front page."""
    parts = urlsplit(path or "/")
    ours = path and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and path and not parts.scheme and not parts.netloc else "/"


@web.post("/language")
def language() -> Response:
    chosen = request.form.get("lang", "")
    if chosen in current_app.config["LOCALES"]:
        session["locale"] = chosen
    return redirect(here(request.form.get("next")), 303)


@web.get("/styleguide")
def styleguide() -> Response:
    return page("styleguide.html", samples=samples())
