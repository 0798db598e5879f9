"""Who is asking, and in which language."""

from functools import lru_cache
from typing import Any

from flask import current_app, g, request, session
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal.web.paths import LANGUAGE


def me() -> Any:
    """The visitor behind Flask-Login's proxy, so that models and rules see the real object.

    Asked for many times in a request: once it is known, it is where Flask-Login itself keeps it.
    """
    return g.get("_login_user") or current_user._get_current_object()


def locale() -> str:
    """The language that the address asks for or somebody chose, else the browser's among ours.

    Who signs in chooses that of their account by it.
    """
    known = current_app.config["LOCALES"]
    asked = request.args.get(LANGUAGE) if request else None
    if asked in known and session.get("locale") != asked:
        session["locale"] = asked
    chosen = session.get("locale") if request else None
    if chosen in known:
        return str(chosen)
    return best_language(request.headers.get("Accept-Language", "") if request else "", tuple(known))


@lru_cache(maxsize=1000)
def best_language(wanted: str, known: tuple[str, ...]) -> str:
    """That of ours which a browser wants most; the first one where it wants none of them."""
    return parse_accept_header(wanted, LanguageAccept).best_match(known, known[0]) or known[0]
