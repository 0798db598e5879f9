"""The three ways a view answers: a page, a rejected form, a finished command."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, flash, jsonify, make_response, redirect, render_template, request
from werkzeug import Response as AnyResponse

VARY = "HX-Request, HX-Request-Type, HX-Target, Cookie, Accept-Language"


def fragment_id(template: str) -> str:
    """petitions/_list.html is swapped into #petitions-list."""
    return template.removesuffix(".html").replace("/_", "-")


def asked_for(*fragments: str) -> str | None:
    """The fragment that htmx wants to swap; a plain, boosted or history request names none.

    htmx 4 sends the target as `tag#id`.
    """
    if request.headers.get("HX-Request-Type") != "partial":
        return None
    target = request.headers.get("HX-Target", "").rpartition("#")[2]
    return next((name for name in fragments if name and fragment_id(name) == target), None)


def as_data() -> bool:
    """Whether the outbox of a device asks, which reads no page but what came of it."""
    wanted = request.headers.get("Accept", "") if request.method == "POST" else ""
    return "json" in wanted and request.accept_mimetypes.best == "application/json"


def page(template: str, *fragments: str, status: int = 200, **context: object) -> Response:
    """The whole page, or the one of its fragments that is asked for."""
    return make_response(render_template(asked_for(*fragments) or template, **context), status)


def invalid(template: str, *fragments: str, **context: object) -> Response:
    """The form again, with its errors and all that was typed."""
    if as_data():
        return make_response(jsonify(errors=_said(context.get("form"))), 422)
    return page(template, *fragments, status=422, **context)


def _said(form: Any) -> list[dict[str, str]]:
    """What is wrong with a form: field and sentence, the field empty where it is about the whole."""
    whole = [{"field": "", "said": str(problem)} for problem in form.form_errors]
    fields = [(name, str(problems[0])) for name, problems in form.errors.items() if name and problems]
    return whole + [{"field": name, "said": said} for name, said in fields]


def done(
    url: str,
    message: str = "",
    fragment: str = "",
    shown: Callable[[], dict[str, Any]] = dict,
    **context: object,
) -> AnyResponse:
    """After a command: the changed fragment where it is asked for, else a redirect.

    `shown` gives what the fragment needs beside `context`; it is called for a fragment only.
    """
    if as_data():
        return jsonify(url=url, said=message)
    if message:
        flash(message)
    if not asked_for(fragment):
        return redirect(url, 303)
    body = render_template(fragment, **context, **shown()) + render_template("shared/_flash.html", oob=True)
    return make_response(body)


def init_app(app: Flask) -> None:
    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            own = response.headers.setdefault("Vary", VARY)
            if own != VARY:
                response.vary.update(VARY.split(", "))
        return response
