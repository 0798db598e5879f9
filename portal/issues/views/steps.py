"""The four steps: each when those before it are done."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug import Response

from portal.issues import queries
from portal.issues.views.blueprint import issues, own_draft
from portal.issues.views.photo import photo
from portal.issues.views.send import send, sent
from portal.issues.views.what import what
from portal.issues.views.where import where

PAGES: dict[str, Callable[..., Response]] = {"photo": photo, "where": where, "what": what, "send": send}


@issues.get("/report")
def start() -> Response:
    """The first step itself: being sent on costs a phone on a slow network a second."""
    return photo(own_draft())


@issues.route("/report/<any(photo, where, what, send):step>", methods=["GET", "POST"])
def step(step: str) -> Response:
    draft = own_draft()
    if (earlier := queries.too_early(draft, step)) is None:
        return PAGES[step](draft)
    if (dossier := queries.sent(request.form.get("once"))) is not None:
        return sent(dossier.id)
    return redirect(url_for(".step", step=earlier), 303)
