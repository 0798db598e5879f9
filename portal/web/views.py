"""What belongs to no feature: the language switch, the style guide, our own files in bundles."""

from flask import Blueprint, current_app, redirect, request, session
from werkzeug import Response

from portal.web import files
from portal.web.paths import here
from portal.web.responses import page
from portal.web.styleguide import samples

web = Blueprint("web", __name__)


@web.post("/language")
def language() -> Response:
    chosen = request.form.get("lang", "")
    if chosen in current_app.config["LOCALES"]:
        session["locale"] = chosen
    return redirect(here(request.form.get("next")), 303)


@web.get("/styleguide")
def styleguide() -> Response:
    return page("styleguide.html", samples=samples())


@web.get("/bundle/<name>")
def bundle(name: str) -> Response:
    return files.bundle(name)
